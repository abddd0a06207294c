"""The numbers of agencies and of launcher configurations: their launches and landings.

An agency's launches are those of which it is the launch service provider; those of manufacturers and of related agencies do not
count (measured, see docs/numbers.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, F, Q, Window

from launchledger.catalogue.models.launchers import FirstStage
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.statistics.flying import flown
from launchledger.catalogue.statistics.reading import (
    FAILURE,
    FINISHED,
    PENDING,
    SUCCESS,
    Key,
    Keys,
    Rows,
    Values,
    among,
    counting,
)


def agencies(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The launches and landings of each launch service provider."""
    return _record("launch_service_provider", keys, now)


def configurations(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The launches and landings of each launcher configuration."""
    return _record("configuration", keys, now)


def _record(path: str, keys: Keys, now: datetime) -> Mapping[Key, Values]:
    found: dict[Key, Values] = defaultdict(dict)
    counted = among(listed_rows(Launch), path, keys).values(path).order_by()
    counted = counted.annotate(
        total_launch_count=Count("pk", filter=Q(status__in=FINISHED)),
        successful_launches=Count("pk", filter=Q(status__in=SUCCESS)),
        failed_launches=Count("pk", filter=Q(status__in=FAILURE)),
        pending_launches=Count("pk", filter=Q(status__in=PENDING)),
    )
    for row in counted:
        found[row.pop(path)] |= row
    finished = among(Launch.objects.filter(counting(), status__in=FINISHED), path, keys)
    for key, streak in _streaks(finished, path, Q(status__in=SUCCESS), "net").items():
        found[key]["consecutive_successful_launches"] = streak

    landings = among(listed_rows(FirstStage).filter(flown(now, "launch__"), landing__isnull=False), f"launch__{path}", keys)
    landed = landings.values(f"launch__{path}").order_by()
    landed = landed.annotate(
        successful_landings=Count("pk", filter=Q(landing__success=True)),
        failed_landings=Count("pk", filter=Q(landing__success=False)),
        attempted_landings=Count("pk", filter=Q(landing__attempt=True)),
    )
    for row in landed:
        found[row.pop(f"launch__{path}")] |= row
    known = landings.filter(landing__success__isnull=False)
    for key, streak in _streaks(known, f"launch__{path}", Q(landing__success=True), "launch__net").items():
        found[key]["consecutive_successful_landings"] = streak
    return found


def _streaks(rows: Rows, path: str, succeeded: Q, time: str) -> Mapping[Key, int]:
    """The number of successes after the last failure, by what the path leads to; one at the time of that failure does not count.

    A failure counts itself, so only successes have no failure since; a filter by success would be applied before the window.
    """
    failures_since = Window(Count("pk", filter=~succeeded), partition_by=F(path), order_by=F(time).desc())
    latest = rows.annotate(failures_since=failures_since).filter(failures_since=0).order_by()
    return Counter(latest.values_list(path, flat=True))
