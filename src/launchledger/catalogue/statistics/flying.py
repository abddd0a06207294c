"""Which launches flew, which spacecraft are in space, and what is docked: the one place that decides these.

Promises: a launch whose status says that it left, or that it did not, is judged by its status; for all others the precision of
the net and the clock decide. A flight or a docking without an end goes on until other rows show that it is over, or until it was
not seen for `TRUSTED`. Refuses to guess: an end that is not known is not replaced by another time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Max, Model, Q

from launchledger.catalogue.choices import EXACT, FAILED, LEFT, UNCONFIRMED, WAITING
from launchledger.catalogue.models.astronauts import AstronautFlightsLink
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import (
    SpacecraftFlight,
    SpacecraftFlightLandingCrewLink,
    SpacecraftFlightLaunchCrewLink,
)
from launchledger.catalogue.models.stations import DockingEvent
from launchledger.catalogue.statistics.reading import Key, Rows, counting

OUT_OF_SERVICE = (2, 3)  # spacecraft that are retired or destroyed; craft in orbit may be "single use" as well
DEAD = (4, 5, 6, 11)  # people who were lost, or died
DEORBITED = 2
TRUSTED = timedelta(days=400)  # longer than any spacecraft with a crew stayed up (371 days)
EVERY = Q()


class Lasting(NamedTuple):
    """What goes on from one time until another; while the end is null, later sightings decide whether it still does."""

    begin: str
    end: str


OPEN_ENDED: Mapping[type[Model], Lasting] = {
    SpacecraftFlight: Lasting("launch__net", "mission_end"),
    DockingEvent: Lasting("docking", "departure"),
}


def flown(now: datetime, prefix: str = "") -> Q:
    """Launches that flew by their status, or else by the clock where their net is exact (docs/numbers.md: the evidence)."""
    status, precision = f"{prefix}status", f"{prefix}net_precision"
    exact = Q(**{f"{precision}__in": EXACT})
    undecided = Q(**{f"{status}__in": (*WAITING, UNCONFIRMED)})
    believed = (Q(**{status: UNCONFIRMED}) & exact) | (~undecided & (exact | Q(**{f"{precision}__isnull": True})))
    return counting(prefix) & (Q(**{f"{status}__in": LEFT}) | (Q(**{f"{prefix}net__lte": now}) & believed))


def not_passed(column: str, now: datetime) -> Q:
    """Rows whose time is null or after now."""
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gt": now})


class Up(NamedTuple):
    """A flight that is in space, with its spacecraft and its net."""

    flight: Key
    spacecraft: Key | None
    net: datetime


def flights_up(now: datetime, which: Q = EVERY) -> list[Up]:
    """The flights of these that are in space: launched, without an end that has passed, and not known to be over."""
    begun = listed_rows(SpacecraftFlight).filter(
        which, flown(now, "launch__"), not_passed("mission_end", now), launch__net__lte=now
    )
    rows = begun.exclude(_over_by_own_rows()).exclude(_unseen_for_long(now, "launch__net", "mission_end"))
    found = [Up(*row) for row in rows.values_list("pk", "spacecraft", "launch__net")]
    over = _over_by_later_flights(found, now)
    return [each for each in found if each.flight not in over]


def _over_by_own_rows(prefix: str = "") -> Q:
    """Flights that are over by their landing, launch or spacecraft, whether or not their end is known.

    An attempted landing shows nothing: planned landings are attempted too.
    """
    fields = {"landing__success__isnull": False, "launch__status": FAILED, "spacecraft__status__in": OUT_OF_SERVICE}
    over = Q()
    for field, value in fields.items():
        over |= Q(**{f"{prefix}{field}": value})
    return over


def _over_by_later_flights(flights: Collection[Up], now: datetime) -> set[Key]:
    """The flights that are over because their spacecraft flew again, or a member of their crews flew again or died.

    A placeholder is one row for many spacecraft, so its newer flight shows nothing.
    """
    if not flights:
        return set()
    nets: dict[Any, datetime] = {each.flight: each.net for each in flights}
    crafts: Any = {each.spacecraft for each in flights if each.spacecraft is not None}
    latest: dict[Key | None, datetime] = dict(
        listed_rows(SpacecraftFlight)
        .filter(flown(now, "launch__"), spacecraft__in=crafts, spacecraft__is_placeholder=False)
        .order_by()
        .values_list("spacecraft")
        .annotate(latest=Max("launch__net"))
    )
    over = {each.flight for each in flights if each.spacecraft in latest and latest[each.spacecraft] > each.net}
    dead = ExpressionWrapper(is_dead("member__astronaut__"), output_field=BooleanField())
    crews = {
        (flight, person, has_died)
        for crew in (SpacecraftFlightLaunchCrewLink, SpacecraftFlightLandingCrewLink)
        for flight, person, has_died in listed_rows(crew)
        .filter(owner__in=nets.keys() - over)
        .order_by()
        .values_list("owner", "member__astronaut", dead)
    }
    if not crews:
        return over
    over |= {flight for flight, _, has_died in crews if has_died}
    flew = dict(
        AstronautFlightsLink.objects.filter(flown(now, "member__"), owner__in={person for _, person, _ in crews if person})
        .order_by()
        .values_list("owner")
        .annotate(latest=Max("member__net"))
    )
    return over | {flight for flight, person, _ in crews if person in flew and flew[person] > nets[flight]}


def is_dead(prefix: str = "") -> Q:
    """People with a date of death, or with a status of the dead."""
    return Q(**{f"{prefix}date_of_death__isnull": False}) | Q(**{f"{prefix}status__isnull": False, f"{prefix}status__in": DEAD})


def dockings_begun(now: datetime) -> Rows:
    """Dockings that have begun, except those of spacecraft whose launch is known and has not flown."""
    launch = "flight_vehicle__launch__"
    return listed_rows(DockingEvent).filter(~is_listed(Launch, launch) | flown(now, launch), docking__lte=now)


class Docked(NamedTuple):
    """A docking that lasts: its begin, the spacecraft, the port, and the station, which the docking or the port names."""

    docking: Key
    begin: datetime
    spacecraft: Key | None
    port: Key | None
    station: Key | None


def dockings_lasting(now: datetime, which: Q = EVERY) -> list[Docked]:
    """The dockings of these, by their begin, without a departure that has passed, and not known to be over.

    They end with the flight, with the station, and with the next docking of the same flight or at the same port.
    """
    vehicle, at_port = "flight_vehicle__", "docking_location__spacestation"
    over = _over_by_own_rows(vehicle) | Q(**{f"{vehicle}mission_end__lte": now})
    over |= is_deorbited(now, "space_station__") | is_deorbited(now, f"{at_port}__")
    rows = dockings_begun(now).filter(which, not_passed("departure", now)).exclude(over)
    rows = rows.exclude(_unseen_for_long(now, "docking", "departure")).order_by("docking", "pk")
    columns = ("pk", "docking", "flight_vehicle__spacecraft", "docking_location", "space_station", at_port)
    found = list(rows.values_list(*columns, "flight_vehicle", "flight_vehicle__launch__net"))
    if not found:
        return []
    at_ports = _latest_dockings(now, "docking_location", {row[3] for row in found})
    of_flights = _latest_dockings(now, "flight_vehicle", {row[6] for row in found})
    over_by_others = _over_by_later_flights([Up(row[6], row[2], row[7]) for row in found if row[6] and row[7]], now)
    return [
        Docked(key, begin, craft, port, station if station is not None else of_port)
        for key, begin, craft, port, station, of_port, flight, _ in found
        if flight not in over_by_others and begin >= at_ports.get(port, begin) and begin >= of_flights.get(flight, begin)
    ]


def _latest_dockings(now: datetime, relation: str, keys: Collection[Key | None]) -> dict[Key | None, datetime]:
    """The begin of the latest docking of each of these ports or flights."""
    rows = dockings_begun(now).filter(**{f"{relation}__in": {key for key in keys if key is not None}})
    return dict(rows.order_by().values_list(relation).annotate(latest=Max("docking")))


def is_deorbited(now: datetime, prefix: str = "") -> Q:
    """Stations that were deorbited."""
    return Q(**{f"{prefix}deorbited__lte": today(now)}) | Q(**{f"{prefix}status": DEORBITED})


def _unseen_for_long(now: datetime, begin: str, end: str) -> Q:
    """Rows without an end that began long ago and were last seen long ago."""
    long_ago = now - TRUSTED
    return Q(**{f"{end}__isnull": True, f"{begin}__lte": long_ago, "observed_at__lte": long_ago})


def today(now: datetime) -> date:
    """The day in UTC."""
    return now.astimezone(UTC).date()
