"""The last and the next rows of a list that a filter of the wire selects, such as the launches from a site.

Promises: rows that the list shows with this filter; what is past is among the last, all else with a time among the next. Three
queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from launchledger import clock
from launchledger.api.relation_filters import condition_at_end
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.queries.prepared import Prepared, prepared
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
    last_ones, next_ones = _queries(path, parameter)
    now = clock.now()
    last, following = ([pk for (pk,) in query(key=key, now=now)] for query in (last_ones, next_ones))
    found = objects.some(DEFAULT.resources[path].modes[NORMAL], [*last, *following])
    _, written = _SECTIONS[path]
    return LastAndNext(written(found[: len(last)]), written(found[len(last) :]), address_of_all(path, parameter, key))


def address_of_all(path: str, parameter: str, value: int | str) -> str:
    """The address of the page that lists all of a resource for which a parameter of its list has this value."""
    section, _ = _SECTIONS[path]
    return f"{get_script_prefix()}{section}&{urlencode({parameter: value})}"


def rows_with(path: str, parameter: str, key: Any) -> QuerySet[Any]:
    """The rows that the list of a resource shows where this parameter has this value."""
    resource = DEFAULT.resources[path]
    column = next(each.path for each in resource.filters if each.name == parameter)
    return listed(resource.modes[NORMAL]).filter(condition_at_end(model_of(resource.model), column, lambda end: Q((end, key))))


@cache
def _queries(path: str, parameter: str) -> tuple[Prepared, Prepared]:
    """The queries of the last and of the next."""
    time = DEFAULT.resources[path].time_column

    @prepared("key", "now")
    def last(key: Any, now: Any) -> QuerySet[Any]:
        return rows_with(path, parameter, key).filter((f"{time}__lte", now)).order_by(f"-{time}", "pk").values_list("pk")[:SHOWN]

    @prepared("key", "now")
    def following(key: Any, now: Any) -> QuerySet[Any]:
        return rows_with(path, parameter, key).filter((f"{time}__gt", now)).order_by(time, "pk").values_list("pk")[:SHOWN]

    return last, following
