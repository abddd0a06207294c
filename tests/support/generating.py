"""Objects of any shape, as a server could send them: generated from the shapes themselves."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from typing import Any

from hypothesis import strategies as st

from launchledger.formats.times import LONGEST_DURATION, format_date_time, format_duration
from launchledger.wire.fields import Field, Kind, Shape
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.values import LARGEST_INTEGER

Json = dict[str, Any]
FEW = 4  # ids of each model, so that the objects of one reply meet
DEEP = 3  # levels below which lists are empty and relations that may be null are

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
IDS = st.integers(1, FEW)
UUIDS = IDS.map(lambda number: f"00000000-0000-4000-8000-{number:012d}")

_SCALARS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.INTEGER: st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    Kind.NUMBER: st.floats(1e-3, 1e9) | st.just(0.0),
    Kind.TEXT: TEXTS,
    Kind.NAME_OF: TEXTS,
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates().map(str),
    Kind.DATE_TIME: st.datetimes(timezones=st.just(UTC)).map(lambda moment: format_date_time(moment.replace(microsecond=0))),
    Kind.DURATION: st.integers(-LONGEST_DURATION, LONGEST_DURATION).map(format_duration),
}


@cache
def objects(name: str, level: int = 0) -> st.SearchStrategy[Json]:
    """Objects of this shape, keys in order, with every value that the contract allows."""
    shape = WIRE.shapes[name]
    fields = {field.key: _values(shape, field, level) for field in shape.fields if field.sent}
    return st.fixed_dictionaries(fields).map(lambda body: _with_address(shape, body))


def _values(shape: Shape, field: Field, level: int) -> st.SearchStrategy[Any]:
    values = _value(shape, field, level)
    return st.none() | values if field.null and not (field.kind is Kind.ONE and level >= DEEP) else values


def _value(shape: Shape, field: Field, level: int) -> st.SearchStrategy[Any]:
    match field.kind:
        case Kind.URL:
            return st.none()  # told by the id, once that is drawn
        case Kind.ONE if field.null and level >= DEEP:
            return st.none()
        case Kind.ONE | Kind.PART:
            return st.deferred(lambda: objects(field.shape, level + 1))
        case Kind.MANY:
            return st.just([]) if level >= DEEP else st.deferred(lambda: st.lists(objects(field.shape, level + 1), max_size=2))
        case Kind.COMPUTED:
            return _computed(field)
    if field.column == "id":
        return UUIDS if field.kind is Kind.TEXT else IDS
    return _SCALARS[field.kind]


def _computed(field: Field) -> st.SearchStrategy[Any]:
    if field.enum:
        return st.sampled_from(field.enum)
    return UUIDS if field.format == "uuid" else TEXTS


def _with_address(shape: Shape, body: Json) -> Json:
    for field in shape.fields:
        if field.kind is Kind.URL:
            body[field.key] = f"https://ll.thespacedevs.com/2.2.0/{field.resource}/{body['id']}/"
    return body
