"""Rows to wire objects: one plain Python function a shape, compiled from its layout, with no decision left about any field.

Promises: keys in wire order, and every value as the wire writes it. A function reads nothing: it is given a row and its lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from launchledger.catalogue.pictures import COLUMNS as PICTURES
from launchledger.catalogue.pictures import address_of
from launchledger.catalogue.queries.running import last_minute
from launchledger.catalogue.queries.statements import Row
from launchledger.documents.freshness import expires_at
from launchledger.documents.plan import Layout, Listing, Nested, Running, Select, Slot, Value
from launchledger.formats.times import MINUTE, format_duration
from launchledger.wire.fields import Field, Kind

Key = int | str
Json = dict[str, Any]
ListsOfRow = Sequence[Mapping[Key, Sequence[Any]]]
Renderer = Callable[[Row, ListsOfRow, str, str], Any]


class Address(NamedTuple):
    """How addresses of objects are written in one reply: `base` + resource + `/` + id + `end`.

    `base` ends in the version and a slash; `end` is "/", "/?format=json", "/?format=api" or ".json".
    """

    base: str
    end: str


@cache
def renderer_of(select: Select) -> Renderer:
    """The function that renders one row of a SELECT: given the row, its lists by owner, and the two parts of addresses."""
    source = f"lambda r, l, base, end: {_object(select.layout)}"
    names = {"D": _duration, "E": (), "P": address_of, "R": _running, "first": _first}
    renderer: Renderer = eval(compile(source, f"<renderer of {select.layout.shape.name}>", "eval"), names)  # noqa: S307
    return renderer


def _object(layout: Layout) -> str:
    return "{" + ", ".join(f"{field.key!r}: {_expression(field, slot)}" for field, slot in layout.slots) + "}"


def _expression(field: Field, slot: Slot | None) -> str:
    match slot:
        case Running(place, since):
            return f"D(r[{place}]) if r[{since}] is None else R(r[{place}], r[{since}])"
        case Nested(place, layout):
            return f"None if r[{place}] is None else {_object(layout)}"
        case Listing(place, number):
            members = f"l[{number}].get(r[{place}], E)"
            return f"first({members})" if field.kind is Kind.ONE else members
        case Value(place):
            return _value(field, f"r[{place}]")
    if field.kind is Kind.COMPUTED:
        return repr(field.value or None)
    return "E"


def _value(field: Field, value: str) -> str:
    match field.kind:
        case Kind.URL:
            return f'f"{{base}}{field.resource}/{{{value}}}{{end}}"'
        case Kind.DURATION:
            return f"D({value})"
        case Kind.TEXT if field.column in PICTURES:
            return f"P({value}, base)"
    return value


def _duration(microseconds: int | None) -> str | None:
    return None if microseconds is None else format_duration(microseconds)


def _running(microseconds: int | None, since: int) -> str:
    """A duration that is still running: as of the last whole minute, so that a reply may be kept until the next."""
    minute = last_minute()
    expires_at((minute + MINUTE) / 1_000_000)
    return format_duration((microseconds or 0) + max(0, minute - since))


def _first(members: Sequence[Json]) -> Json | None:
    return members[0] if members else None
