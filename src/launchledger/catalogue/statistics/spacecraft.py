"""What is counted of spacecraft: their flights, and the time they were in space and docked.

A flight that is not over adds nothing to a duration but the moment since when it runs, so that what is stored does not tick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum

from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.models.stations import DockingEvent
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, flown, rows_of


def spacecraft(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """Flown flights, those that ended, and the time in space and docked, of each spacecraft."""
    found: dict[Key, Values] = defaultdict(dict)
    has_flown, ended = flown(now, "launch__"), Q(mission_end__lte=now)
    flights = among(rows_of(SpacecraftFlight), "spacecraft", keys).values("spacecraft").order_by()
    counted = flights.annotate(
        flights_count=Count("pk", filter=has_flown),
        mission_ends_count=Count("pk", filter=ended),
        time_in_space=_time("launch__net", "mission_end", has_flown & ended),
        time_in_space_since=Min("launch__net", filter=has_flown & (Q(mission_end__isnull=True) | Q(mission_end__gt=now))),
    )
    for row in counted:
        row["time_in_space"] = row["time_in_space"] or timedelta(0)
        found[row.pop("spacecraft")] = row | {"in_space": row["time_in_space_since"] is not None}
    dockings = among(rows_of(DockingEvent).filter(docking__lte=now), "flight_vehicle__spacecraft", keys)
    docked = dockings.values("flight_vehicle__spacecraft").order_by().annotate(
        time_docked=_time("docking", "departure", Q(departure__lte=now)),
        time_docked_since=Min("docking", filter=Q(departure__isnull=True) | Q(departure__gt=now)),
    )  # fmt: skip
    for row in docked:
        row["time_docked"] = row["time_docked"] or timedelta(0)
        found[row.pop("flight_vehicle__spacecraft")] |= row
    return found


def _time(begin: str, end: str, over: Q) -> Any:
    return Sum(ExpressionWrapper(F(end) - F(begin), output_field=DurationField()), filter=over)
