"""Taking records that only confirm what is known out of a batch changes nothing but the work (docs/adr/0038)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, confirming, observe, observing
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.properties.test_observing import EVERYTHING, catalogue, sightings
from tests.support.asking import emptied_afterwards
from tests.support.generating import Json

pytestmark = pytest.mark.django_db
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
LONG_AGO = timedelta(days=1_000)  # what goes on without an end is no longer believed by then
SOME = settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
Batches = list[list[Observation]]


def _changed(draw: st.DrawFn, body: Json, other: Json) -> Json:
    """The body as it may come again: as it was, smaller, or with some values of another object of its shape."""
    match draw(st.sampled_from(["same", "same", "smaller", "other"])):
        case "smaller":
            absent = draw(st.sets(st.sampled_from(sorted(body)), max_size=3)) - {"id"}
            return {key: value for key, value in body.items() if key not in absent}
        case "other":
            taken = draw(st.sets(st.sampled_from(sorted(other)), max_size=3)) - {"id", "url"}
            return {**body, **{key: other[key] for key in taken}, "surprise": draw(st.integers(1, 2))}
    return body


@st.composite
def batches(draw: st.DrawFn, names: list[str]) -> Batches:
    """Objects that are seen in several batches, at earlier, equal and later times, mostly as they were before."""
    found = draw(sightings(names))
    made = []
    for _ in range(draw(st.integers(2, 4))):
        batch = []
        for name, body in draw(st.lists(st.sampled_from(found), min_size=1, max_size=4)):
            other = next(other for other_name, other in found if other_name == name)
            at = BEGIN + draw(st.sampled_from([-LONG_AGO, timedelta(0), timedelta(minutes=1), timedelta(minutes=2)]))
            records = WIRE.reader.read(WIRE.shapes[name].model, _changed(draw, body, other))
            batch.append(Observation(records, f"file {draw(st.integers(0, 1))}", at, place=draw(st.integers(0, 1))))
        made.append(batch)
    return made


def _entries() -> list[Any]:
    """The entries of each transaction, in no order."""
    columns = [field.attname for field in Entry._meta.concrete_fields if field.attname not in ("serial", "at")]
    return sorted(Entry.objects.values(*columns), key=repr)


def _taken_in(made: Batches) -> tuple[Any, list[Any]]:
    with emptied_afterwards():
        for batch in made:
            observe(batch)
        return catalogue(), _entries()


def _nothing(*_: Any) -> bool:
    return False


@pytest.mark.parametrize(
    "names",
    [
        EVERYTHING,
        ["LaunchDetailed", "LaunchSerializerCommon", "LaunchDetailed", "Update", "Pad", "LocationDetail"],
        ["SpacecraftFlightDetailed", "AstronautDetailed", "SpacewalkDetailed", "DockingEventDetailed", "ExpeditionDetail"],
        ["AgencySerializerDetailed", "AgencySerializerDetailedCommon", "LauncherConfigDetail", "AgencyList"],
    ],
    ids=["everything", "launches", "people", "agencies"],
)
def test_every_table_is_as_without_it(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, lists, states, numbers, times and entries are the same where each record is taken in the long way."""
    confirm: Callable[..., Any] = confirming.confirm
    taken = 0

    def counting(batch: Sequence[Any], *more: Any) -> bool:
        nonlocal taken
        is_taken: bool = confirm(batch, *more)
        taken += is_taken * sum(len(records) for records, _ in batch)
        return is_taken

    @SOME
    @given(batches(names))
    def check(made: Batches) -> None:
        monkeypatch.setattr(observing, "confirm", counting)
        short = _taken_in(made)
        monkeypatch.setattr(observing, "confirm", _nothing)
        assert short == _taken_in(made)

    check()
    assert taken or connection.vendor != "sqlite"  # the second database tries few examples
