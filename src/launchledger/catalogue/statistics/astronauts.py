"""The numbers of astronauts: flights, landings, spacewalks, time in space, and age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from launchledger.catalogue.models.astronauts import (
    Astronaut,
    AstronautFlightsLink,
    AstronautLandingsLink,
    AstronautSpacewalksLink,
)
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.statistics.flying import DEAD, flown, today
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, rows_of
from launchledger.catalogue.statistics.spacecraft import mission_ended
from launchledger.catalogue.statistics.stays import Stay, stays

# An observed duration may be below zero, or so long that no database can add it to others.
_IS_CREDIBLE = Q(member__duration__gte=timedelta(0), member__duration__lt=timedelta(days=365))


def astronauts(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """Counts follow from the astronaut's own lists, which crews complete; the time in space follows from the crews."""
    found: dict[Key, Values] = defaultdict(dict)
    flights = among(rows_of(AstronautFlightsLink), "owner", keys).filter(flown(now, "member__"))
    landings = among(listed_rows(AstronautLandingsLink), "owner", keys).filter(mission_ended(now, "member__"))
    walks = among(listed_rows(AstronautSpacewalksLink), "owner", keys)
    walks = walks.filter(Q(member__start__lte=now) | Q(member__start__isnull=True))
    counts: list[tuple[Any, dict[str, Any]]] = [
        (flights, {"flights_count": Count("pk"), "first_flight": Min("member__net"), "last_flight": Max("member__net")}),
        (landings, {"landings_count": Count("pk")}),
        (walks, {"spacewalks_count": Count("pk"), "eva_time": Sum("member__duration", filter=_IS_CREDIBLE)}),
    ]
    for rows, columns in counts:
        for row in rows.values("owner").order_by().annotate(**columns):
            found[row.pop("owner")] |= {column: value for column, value in row.items() if value is not None}
    living = set()
    people = among(rows_of(Astronaut), "pk", keys).values_list("pk", "date_of_birth", "date_of_death", "status")
    for key, born, died, status in people:
        until = died or today(now)
        if born and born <= until:
            found[key]["age"] = age(born, until)
        if not died and status not in DEAD:
            living.add(key)
    for stay in stays(keys, now):
        _add_stay(found[stay.astronaut], stay, is_alive=stay.astronaut in living)
    return found


def age(born: date, on: date) -> int:
    """Whole years from a birth to a day. A birthday on 29 February is on 1 March of most years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _add_stay(values: Values, stay: Stay, *, is_alive: bool) -> None:
    if stay.is_up and is_alive:
        values["time_in_space_since"] = min(stay.begin, values.get("time_in_space_since", stay.begin))
        values["in_space"] = True
    elif stay.end:
        values["time_in_space"] = values.get("time_in_space", timedelta(0)) + (stay.end - stay.begin)
