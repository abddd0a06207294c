"""Whatever a server of this wire can send is read; whatever it cannot send is refused, and nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launchledger.wire.fields import SCALARS, Kind
from launchledger.wire.reader import Refusal
from launchledger.wire.v2_2_0 import WIRE
from tests.support.generating import TEXTS, objects

WHOLE = [name for name, shape in WIRE.shapes.items() if shape.has_key and not shape.part]
LARGE = settings(
    max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
)


@pytest.mark.parametrize("name", WHOLE)
def test_an_object_of_any_shape_is_read(name: str) -> None:
    """Every shape is read backwards without a refusal, and every scalar of the object is in its record."""
    shape = WIRE.shapes[name]

    @LARGE
    @given(objects(name))
    def check(body: dict[str, Any]) -> None:
        own = WIRE.reader.read(shape.model, body)[0]
        assert own.key == body["id"]
        columns = {field.column for field in shape.fields if field.kind in SCALARS | {Kind.ONE} and field.column != "id"}
        assert columns <= set(own.columns)
        named = {field.key for field in shape.fields if field.kind is Kind.COMPUTED and not field.value}
        assert set(own.not_understood) <= named

    check()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_other_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    """Any JSON under any key of any model brings records or a refusal with a path, never another error."""
    model = data.draw(st.sampled_from(sorted({WIRE.shapes[name].model for name in WHOLE})))
    body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(WIRE.reader.vocabularies[model], JSON))) | {"id": 1}
    refused = None
    try:
        WIRE.reader.read(model, body)
    except Refusal as refusal:
        refused = refusal
    assert refused is None or (refused.path.startswith("$") and len(str(refused)) < 400)
