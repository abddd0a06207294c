"""The shapes of the ledger's replies: dataclasses, from which both the JSON and its schemas in the OpenAPI document follow."""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from launchledger.formats.times import format_date_time
from launchledger.wire.schemas import reference

Json = dict[str, Any]
Action = Literal["created", "changed", "deleted", "revived"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one object. `observed_at` is when its source had it so, null where that is not known or it was computed.
    `resource` and `url` are null for objects that are only nested in others. `changes` has `[old, new]` for each column; lists
    are lists of ids."""

    serial: int
    transaction: int
    at: datetime
    observed_at: datetime | None
    source: str
    kind: str
    resource: str | None
    id: int | str
    url: str | None
    action: Action
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries in commit order. `next` goes on after them, also where they are the last: `newest` is the newest serial of all
    entries, and nothing is left where `next` has it as `since`."""

    next: str
    newest: int
    results: list[Entry]


def as_json(value: Any) -> Any:
    """A reply as plain JSON values, with its keys in the order of its shape."""
    if isinstance(value, datetime):
        return format_date_time(value)
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if is_dataclass(value):
        return {name: as_json(getattr(value, name)) for name in _names(type(value))}
    return value


@cache
def _names(shape: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))


def schemas_of(*shapes: type) -> dict[str, Json]:
    """The schemas of these shapes and of all that are nested in them, by name."""
    found: dict[str, Json] = {}
    for shape in shapes:
        if shape.__name__ not in found:
            hints = get_type_hints(shape)
            found[shape.__name__] = {
                "type": "object",
                "description": " ".join((shape.__doc__ or "").split()),
                "properties": {name: _schema(hint) for name, hint in hints.items()},
                "required": list(hints),
            }
            found |= schemas_of(*(each for hint in hints.values() for each in _shapes_in(hint)))
    return found


def _shapes_in(hint: Any) -> list[type]:
    return [hint] if is_dataclass(hint) else [each for part in get_args(hint) for each in _shapes_in(part)]


_PLAIN: dict[Any, Json] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def _schema(hint: Any) -> Json:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if is_dataclass(hint):
        return reference(hint.__name__)  # type: ignore[union-attr]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(parts)}
    if origin is list:
        return {"type": "array", "items": _schema(parts[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(parts[1])}
    if origin in (Union, types.UnionType):
        others = [_schema(part) for part in parts if part is not types.NoneType]
        schema = others[0] if len(others) == 1 else {"oneOf": others}
        if len(others) == len(parts):
            return schema
        return {"allOf": [schema], "nullable": True} if "$ref" in schema else {**schema, "nullable": True}
    raise TypeError(f"no schema for {hint}")
