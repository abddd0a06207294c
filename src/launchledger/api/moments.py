"""Which rows are upcoming or previous, by the clock of this server.

Contract, "What those do": upcoming begins 24 hours ago, previous ends now, so the last 24 hours are in both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from launchledger.contract.resources import Resource

RECENT = timedelta(hours=24)

WHEN = {
    "upcoming": "Those whose {moment} is not more than 24 hours ago; `hide_recent_previous=true` begins now.",
    "previous": "Those whose {moment} is past.",
}


def at_its_time(rows: QuerySet[Any], resource: Resource) -> QuerySet[Any]:
    """The rows that are at the time that the resource is about; all where it is about none."""
    match resource.when:
        case "upcoming":
            return rows.filter(**{f"{resource.moment}__gte": timezone.now() - RECENT})
        case "previous":
            return rows.filter(**{f"{resource.moment}__lte": timezone.now()})
    return rows


def from_now_on(moment: str) -> Callable[[QuerySet[Any], bool], QuerySet[Any]]:
    """The rule of `hide_recent_previous`: what is past already is left out, however recent."""
    return lambda rows, wanted: rows.filter(**{f"{moment}__gte": timezone.now()}) if wanted else rows
