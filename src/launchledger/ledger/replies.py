"""The shapes of the ledger's replies: dataclasses, from which both the JSON and its schemas in the OpenAPI document follow."""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from launchledger.documents.renderer import Address
from launchledger.formats.times import format_date_time
from launchledger.history.changes import Change
from launchledger.wire.schemas import reference

Json = dict[str, Any]
_AS_IT_IS = frozenset({str, int, float, bool, dict, type(None)})  # the types of most values of a reply
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
class Choice:
    """A value of a choice list; its name and abbreviation are null where the catalogue does not have it."""

    id: int
    name: str | None
    abbrev: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A net with what was said with it, from the first to the last time at which that was seen, with nothing else between."""

    net: str | None
    net_precision: Choice | None
    status: Choice | None
    window_start: str | None
    window_end: str | None
    first_seen: datetime
    last_seen: datetime
    source: str


@dataclass(frozen=True, slots=True)
class LaunchTotals:
    """How often and how far a launch slipped since it was watched. A slip is a move of net to later than its precision left
    open; a scrub is a slip that was first seen within the 24 hours before net. `days_moved` is from the first net to the last.
    All are null where no reply of a known time had the launch."""

    id: str
    url: str
    name: str | None
    watched_since: datetime | None
    first_net: str | None
    net: str | None
    slips: int | None
    scrubs: int | None
    days_moved: float | None


@dataclass(frozen=True, slots=True)
class LaunchSlips(LaunchTotals):
    """The same, with each step, the oldest first."""

    steps: list[Step]


@dataclass(frozen=True, slots=True)
class LaunchTotalsPage:
    """A page of launches, in the order of `launch/`."""

    count: int
    next: str | None
    previous: str | None
    results: list[LaunchTotals]


@dataclass(frozen=True, slots=True)
class SlipFigure:
    """Of the launches that have flown and were watched when they were this many days before their net: how many days after that
    net they flew, the median and what nine in ten did not exceed. A negative number is earlier."""

    days_before: int
    launches: int
    watched_since: datetime
    median: float
    percentile_90: float


@dataclass(frozen=True, slots=True)
class SlipGroup:
    """Launches of one provider, configuration, pad or year. A time before net at which none was watched has no figure, and a
    group without figures is left out."""

    id: int
    name: str
    figures: list[SlipFigure]


@dataclass(frozen=True, slots=True)
class SlipGroupsPage:
    """A page of groups, by name."""

    count: int
    next: str | None
    previous: str | None
    results: list[SlipGroup]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries in commit order. `next` goes on after them, also where they are the last: `newest` is the newest serial of all
    entries, and nothing is left where `next` has it as `since`. From `complete_since` on no entry is missing; it is greater than
    0 where the journal was compacted, and of entries up to it only what is watched is left."""

    next: str
    newest: int
    complete_since: int
    results: list[Entry]


def entry_of(change: Change, address: Address) -> Entry:
    """A change as an entry, with its URL below this address."""
    return Entry(
        serial=change.serial,
        transaction=change.transaction,
        at=change.at,
        observed_at=change.observed_at,
        source=change.source,
        kind=change.kind,
        resource=change.resource or None,
        id=int(change.id) if change.id.isdecimal() else change.id,
        url=f"{address.base}{change.path.removesuffix('/')}{address.end}" if change.path else None,
        action=change.action,  # type: ignore[arg-type]  # the journal's own choices
        changes=dict(change.changes),
    )


def as_json(value: Any) -> Any:
    """A reply as plain JSON values, with its keys in the order of its shape."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, datetime):
        return format_date_time(value)
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if is_dataclass(value):
        return {name: as_json(each) for name, each in values_of(value).items()}
    return value


def values_of(value: Any) -> dict[str, Any]:
    """The values of a dataclass by the names of its fields, as they are."""
    shape: Any = type(value)
    return {name: getattr(value, name) for name in _names(shape)}


@cache
def _names(shape: Any) -> tuple[str, ...]:
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


def _shapes_in(hint: Any) -> list[Any]:
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
