"""Complete objects, built from their shapes: every value is there, every list has one member."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from launchledger.catalogue.actions import Observation, observe
from launchledger.documents.listed import needed_relations
from launchledger.wire.fields import Field, Kind, Shape
from launchledger.wire.resources import Resource
from launchledger.wire.v2_2_0 import WIRE

AT = datetime(2026, 1, 1, tzinfo=UTC)

NOW = datetime(1961, 4, 12, 7, tzinfo=UTC)  # less than a day after every time below, so all of it is upcoming and previous

_VALUES: dict[Kind, Any] = {
    Kind.NUMBER: 7.0,
    Kind.BOOLEAN: True,
    Kind.DATE: "1961-04-12",
    Kind.DATE_TIME: "1961-04-12T06:07:00Z",
    Kind.DURATION: "PT1H48M",
}


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def key(resource: Resource, number: int) -> int | str:
    return uuid(number) if resource.has_text_id else number


def whole(shape: Shape, number: int) -> dict[str, Any]:
    """An object of this shape; it and all that is nested in it have this number for an id."""
    fields = (field for field in shape.fields if field.kind not in (Kind.URL, Kind.COMPUTED) and field.sent)
    return {field.key: _value(shape, field, number) for field in fields}


def least(shape: Shape, number: int) -> dict[str, Any]:
    """An object with its id, and the relations that lists of this shape need."""
    body: dict[str, Any] = {"id": uuid(number) if shape.model == "Launch" else number}
    wanted = needed_relations(shape)
    for field in shape.fields:
        if field.kind is Kind.PART:
            body[field.key] = {key: value for key, value in least(shape.nested(field), number).items() if key != "id"}
        elif field.column in wanted:
            body[field.key] = least(shape.nested(field), number)
    return body


def _value(shape: Shape, field: Field, number: int) -> Any:
    match field.kind:
        case Kind.ONE | Kind.PART:
            return whole(shape.nested(field), number)
        case Kind.MANY:
            return [whole(shape.nested(field), number)]
        case Kind.INTEGER:
            return number
        case Kind.TEXT | Kind.NAME_OF:
            return uuid(number) if field.column == "id" else f"{field.key} {number:03}"
    return _VALUES[field.kind]


def take_in(model: str, bodies: Iterable[dict[str, Any]]) -> None:
    observe([Observation(WIRE.reader.read(model, body), "test", AT) for body in bodies])
