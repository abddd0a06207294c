"""The values of an object as people write them: every one of every kind is read as it was written."""

from __future__ import annotations

import pytest

from launchledger.catalogue.models.kinds import model_of
from launchledger.curation.columns import column_of, subject_of, value_in, wanted
from launchledger.curation.values import columns_of, text_of, values_of
from launchledger.wire.v2_2_0 import WIRE
from tests.support.whole import key, least, take_in, whole

pytestmark = pytest.mark.django_db

LISTS = [path for path, resource in WIRE.resources.items() if not resource.when]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("make", [whole, least])
def test_every_value_is_read_as_it_was_written(path: str, make: type) -> None:
    """Of an object with all values, and of one with hardly any; each is a value that an override may have."""
    resource = WIRE.resources[path]
    take_in(resource.model, [make(resource.detail, 1)])
    subject = subject_of(resource.model)
    row = model_of(resource.model)._default_manager.get(pk=key(resource, 1))
    values = values_of(subject, row)
    assert [column.name for column in columns_of(subject)] == list(values)
    for column in columns_of(subject):
        value = values[column.name]
        assert value_in(column, text_of(column, value)) == value, column.name
        if value is not None or column.field.null:
            assert wanted(column, row.pk, value, "The same").column == column.field.column
        assert column_of(subject.kind, column.field.column) == column


@pytest.mark.parametrize("text", ["null", '"', '"quoted"', "", " leading", "two\nlines", "\u202eright to left"])
def test_odd_texts_are_read_as_they_were_written(text: str) -> None:
    """Texts that look like JSON, or like no value at all, are texts."""
    column = next(each for each in columns_of(subject_of("Agency")) if each.name == "name")
    assert value_in(column, text_of(column, text)) == text
