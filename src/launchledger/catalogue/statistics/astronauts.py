"""What is counted of astronauts: flights, landings, spacewalks, time in space, and age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum

from launchledger.catalogue.models.astronauts import (
    Astronaut,
    AstronautFlightsLink,
    AstronautLandingsLink,
    AstronautSpacewalksLink,
)
from launchledger.catalogue.models.spacecraft import SpacecraftFlightLandingCrewLink, SpacecraftFlightLaunchCrewLink
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, flown, rows_of


def astronauts(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The counts follow the astronaut's own lists, which hold what crews tell; the time in space follows the crews."""
    found: dict[Key, Values] = defaultdict(dict)
    flights = among(rows_of(AstronautFlightsLink), "owner", keys).filter(flown(now, "member__"))
    landings = among(rows_of(AstronautLandingsLink), "owner", keys).filter(member__mission_end__lte=now)
    walks = among(rows_of(AstronautSpacewalksLink), "owner", keys)
    walks = walks.filter(Q(member__start__lte=now) | Q(member__start__isnull=True))
    counts: list[tuple[Any, dict[str, Any]]] = [
        (flights, {"flights_count": Count("pk"), "first_flight": Min("member__net"), "last_flight": Max("member__net")}),
        (landings, {"landings_count": Count("pk")}),
        (walks, {"spacewalks_count": Count("pk"), "eva_time": Sum("member__duration")}),
    ]
    for rows, columns in counts:
        for row in rows.values("owner").order_by().annotate(**columns):
            found[row.pop("owner")] |= {column: value for column, value in row.items() if value is not None}
    for astronaut, begin, end in _stays(keys, now):
        _add_stay(found[astronaut], begin, end if end and end <= now else None)
    for key, born, died in among(rows_of(Astronaut), "pk", keys).values_list("pk", "date_of_birth", "date_of_death"):
        if born:
            found[key]["age"] = age(born, died or now.astimezone(UTC).date())
    return found


def age(born: date, on: date) -> int:
    """Whole years from a birth to a day. Who was born on 29 February is a year older on 1 March of most years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _stays(keys: Keys, now: datetime) -> Iterator[tuple[Key, datetime, datetime | None]]:
    """Who went up when, and when they came down: null while that is not known.

    They come down with the first flight to end after their launch whose landing crew names them; where none does, with the end
    of the flight they went up with, unless they are in the landing crew of one that has no end yet.
    """
    person = {"member__astronaut": OuterRef("member__astronaut")}
    landings = SpacecraftFlightLandingCrewLink.objects.filter(**person)
    after = landings.filter(owner__mission_end__gte=OuterRef("owner__launch__net")).order_by("owner__mission_end")
    rows = among(rows_of(SpacecraftFlightLaunchCrewLink), "member__astronaut", keys).filter(flown(now, "owner__launch__"))
    found = rows.order_by().values_list(
        "member__astronaut",
        "owner__launch__net",
        "owner__mission_end",
        Subquery(after.values("owner__mission_end")[:1]),
        Exists(landings.filter(owner__mission_end__isnull=True)),
    )
    for astronaut, begin, end_of_flight, end, is_to_land in set(found):
        yield astronaut, begin, end or (None if is_to_land else end_of_flight)


def _add_stay(values: Values, begin: datetime, end: datetime | None) -> None:
    if end:
        values["time_in_space"] = values.get("time_in_space", timedelta(0)) + (end - begin)
    else:
        values["time_in_space_since"] = min(begin, values.get("time_in_space_since", begin))
        values["in_space"] = True
