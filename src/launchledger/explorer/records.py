"""Records of people: the most time in space, the most flights, the most time outside.

Promises: of humans, by the numbers that the catalogue has; equal numbers share a place. Each is the beginning of a list of the
wire in the order of this number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from launchledger.catalogue.choices import NOT_HUMAN
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.queries.running import shown
from launchledger.explorer.html import rows_of
from launchledger.explorer.in_space import minute
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.state import per_state
from launchledger.formats.spans import in_hours, span
from launchledger.formats.times import SECOND

MOST = 10  # of each record


class _Kind(NamedTuple):
    title: str
    number: str
    column: str
    write: Callable[[Any], str]


_KINDS = (
    _Kind("Most time in space", "Time in space", "time_in_space", lambda time: span(time / SECOND)),
    _Kind("Most flights", "Flights", "flights_count", lambda count: f"{count:,}"),
    _Kind("Most time outside", "Spacewalk time", "eva_time", lambda time: in_hours(time.total_seconds())),
)


@dataclass(frozen=True, slots=True)
class Record:
    """The first MOST people by a number, as rows of a table, and the address of all people in this order."""

    title: str
    number: str
    rows: SafeString
    href: str


def records() -> list[Record]:
    """Those of them that have any row."""
    return _records(minute(), get_script_prefix())


@per_state
def _records(now: datetime, prefix: str) -> list[Record]:
    """Kept by the minute, because times in space run, and by the prefix of the links."""
    found = []
    for kind in _KINDS:
        number = shown(Astronaut, kind.column)
        nothing = timedelta(0) if kind.column == "eva_time" else 0
        people = listed_rows(Astronaut).exclude(type=NOT_HUMAN).annotate(number=number).filter(number__gt=nothing)
        first = list(people.order_by("-number", "name_key", "pk").values_list("pk", "name", "number")[:MOST])
        if first:
            href = f"?ordering=-{kind.column}&is_human=true"
            found.append(Record(kind.title, kind.number, _rows(first, kind.write), href))
    return found


def _rows(people: list[tuple[Any, str | None, Any]], write: Callable[[Any], str]) -> SafeString:
    places: dict[Any, int] = {}
    for place, (_, _, number) in enumerate(people, 1):
        places.setdefault(number, place)
    return rows_of(
        '<tr><td class="place">{}</td><th scope="row"><a href="{}">{}</a></th><td class="number">{}</td></tr>',
        ((places[number], page_of_resource("astronaut", key), name or "unnamed", write(number)) for key, name, number in people),
    )
