"""The last and the next rows of a list that a filter of the wire selects, such as the launches from a site.

Promises: rows that the list shows with this filter; what is past is among the last, all else with a time among the next. Three
queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from launchledger import clock
from launchledger.catalogue.queries.listing import stored_values
from launchledger.documents.listed import listed
from launchledger.explorer.objects import Objects
from launchledger.explorer.rows import rows_of_events, rows_of_launches
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

SHOWN = 5  # of each

_SECTIONS = {
    "launch": ("launches/?when=all", rows_of_launches),
    "event": ("events/?when=all&ordering=-date", rows_of_events),  # its own order is by name
}


@dataclass(frozen=True, slots=True)
class LastAndNext:
    """The rows of the last, newest first, and of the next, soonest first; and the address of the page that lists all."""

    last: SafeString
    next: SafeString
    all: str


def last_and_next(objects: Objects, path: str, parameter: str, key: int) -> LastAndNext:
    """Those of a resource, `launch` or `event`, for which a parameter of its list has this value."""
    resource = DEFAULT.resources[path]
    shape, time, now = resource.modes[NORMAL], resource.time_column, clock.now()
    column = next(each.path for each in resource.filters if each.name == parameter)
    rows: Any = listed(shape).filter(**{column: key})
    last = _keys(rows.filter(**{f"{time}__lte": now}).order_by(f"-{time}", "pk"))
    following = _keys(rows.filter(**{f"{time}__gt": now}).order_by(time, "pk"))
    found = objects.some(shape, [*last, *following])
    section, written = _SECTIONS[path]
    everything = f"{get_script_prefix()}{section}&{parameter}={key}"
    return LastAndNext(written(found[: len(last)]), written(found[len(last) :]), everything)


def _keys(rows: QuerySet[Any]) -> list[Any]:
    return [key for (key,) in stored_values(rows[:SHOWN], "pk")]
