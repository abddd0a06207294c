"""Which rows are upcoming or previous, by the clock of this server.

Contract, "What those do": upcoming begins 24 hours ago, previous ends now, so the last 24 hours are in both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from launchledger import clock
from launchledger.documents.freshness import END_OF_CALENDAR, expires_at, is_recorded
from launchledger.documents.listed import listed as all_listed
from launchledger.wire.fields import Shape
from launchledger.wire.resources import Resource

RECENT = timedelta(hours=24)

WHEN = {
    "upcoming": "Those whose {moment} is not more than 24 hours ago; `hide_recent_previous=true` begins now.",
    "previous": "Those whose {moment} is past.",
}


def listed(resource: Resource, shape: Shape) -> QuerySet[Any]:
    """The rows that a list in this shape shows, before filters."""
    return in_time_window(all_listed(shape), resource)


def in_time_window(rows: QuerySet[Any], resource: Resource) -> QuerySet[Any]:
    """The rows in the time window of the resource; all where it has none."""
    now = clock.now()
    match resource.when:
        case "upcoming":
            upcoming = rows.filter(**{f"{resource.time_column}__gte": now - RECENT})
            _expire_at_first(upcoming, resource.time_column, RECENT)
            return upcoming
        case "previous":
            _expire_at_first(rows.filter(**{f"{resource.time_column}__gt": now}), resource.time_column)
            return rows.filter(**{f"{resource.time_column}__lte": now})
    return rows


def from_now_on(moment: str) -> Callable[[QuerySet[Any], bool], QuerySet[Any]]:
    """The rule of `hide_recent_previous`: past rows are left out, however recent."""

    def rule(rows: QuerySet[Any], wanted: bool) -> QuerySet[Any]:
        if not wanted:
            return rows
        to_come = {f"{moment}__gte": clock.now()}
        # Of all rows, by an index; other filters could only exclude the first, and the reply would be fresh longer.
        _expire_at_first(rows.model._default_manager.filter(**to_come), moment)
        return rows.filter(**to_come)

    return rule


def _expire_at_first(rows: QuerySet[Any], moment: str, after: timedelta = timedelta(0)) -> None:
    """Let the reply expire when the first of these rows comes or leaves, `after` its time. Costs one query."""
    if is_recorded():
        first = rows.order_by(moment).values_list(moment, flat=True).first()
        expires_at((first + after).timestamp() if first else END_OF_CALENDAR)
