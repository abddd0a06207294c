"""The numbers of spacecraft: their flights, and the time they were in space and docked.

A flight that is not over adds to a duration only the time since when it runs, so that the stored value does not tick. A flight
that is over adds its time only if its end is known and not before its beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum

from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.statistics.flying import dockings_begun, dockings_lasting, flights_up, flown
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, leading_to

_TIME_IN_SPACE = ExpressionWrapper(F("mission_end") - F("launch__net"), output_field=DurationField())


def spacecraft(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The flown flights of each spacecraft, those that ended, and its time in space and docked."""
    found: dict[Key | None, Values] = defaultdict(dict)
    flights = among(listed_rows(SpacecraftFlight), "spacecraft", keys).values("spacecraft").order_by()
    counted = flights.annotate(
        flights_count=Count("pk", filter=flown(now, "launch__")),
        mission_ends_count=Count("pk", filter=mission_ended(now)),
        time_in_space=Sum(_TIME_IN_SPACE, filter=mission_ended(now) & Q(mission_end__gte=F("launch__net"))),
    )
    for row in counted:
        row["time_in_space"] = row["time_in_space"] or timedelta(0)
        found[row.pop("spacecraft")] = row
    for up in flights_up(now, leading_to("spacecraft", keys)):
        values = found[up.spacecraft]
        values["in_space"] = True
        values["time_in_space_since"] = min(up.net, values.get("time_in_space_since", up.net))
    _add_dockings(found, keys, now)
    return {key: values for key, values in found.items() if key is not None}


def mission_ended(now: datetime, prefix: str = "") -> Q:
    """Flights whose end has passed, except those whose launch is known and has not flown."""
    launch = f"{prefix}launch__"
    has_flown = ~is_listed(Launch, launch) | flown(now, launch)
    return Q(**{f"{prefix}mission_end__lte": now}) & has_flown


def _add_dockings(found: dict[Key | None, Values], keys: Keys, now: datetime) -> None:
    path = "flight_vehicle__spacecraft"
    ended = among(dockings_begun(now), path, keys).order_by().values_list(
        path,
        "docking",
        "departure",
        "flight_vehicle__mission_end",
        "space_station__deorbited",
        "docking_location__spacestation__deorbited",
    )  # fmt: skip
    for craft, begin, departure, mission_end, *deorbited in ended:
        end = departure if departure and departure <= now else _latest_possible_end(mission_end, deorbited)
        if end and begin <= end <= now:
            found[craft]["time_docked"] = found[craft].get("time_docked", timedelta(0)) + (end - begin)
    for docked in reversed(dockings_lasting(now, leading_to(path, keys))):
        found[docked.spacecraft]["time_docked_since"] = docked.begin


def _latest_possible_end(mission_end: datetime | None, deorbited: list[date | None]) -> datetime | None:
    """For a docking without a known departure: the end of its flight, or the day on which its station was deorbited."""
    ends = [datetime.combine(day, time(), UTC) for day in deorbited if day]
    return min([*ends, *([mission_end] if mission_end else [])], default=None)
