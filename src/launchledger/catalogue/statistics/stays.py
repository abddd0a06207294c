"""When people were in space: each of their flown launches, and when they came down from it.

Promise: a stay whose end is not known, or is not after its beginning, is not a stay of some other length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from launchledger.catalogue.models.astronauts import AstronautFlightsLink
from launchledger.catalogue.models.base import Link
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import (
    SpacecraftFlight,
    SpacecraftFlightLandingCrewLink,
    SpacecraftFlightLaunchCrewLink,
)
from launchledger.catalogue.statistics.flying import flights_up, flown
from launchledger.catalogue.statistics.reading import Key, Keys, among, rows_of


@dataclass(frozen=True, slots=True)
class Stay:
    """From a net to an end, which is null where it is not known; a stay that goes on `is_up`."""

    astronaut: Key
    begin: datetime
    end: datetime | None
    is_up: bool


@dataclass(frozen=True, slots=True)
class _Flight:
    """A flight with somebody in its crew. `end` is null unless it has passed."""

    key: Key
    net: datetime | None
    end: datetime | None
    is_up: bool


def stays(keys: Keys, now: datetime) -> Iterator[Stay]:
    """The stay that begins with each flown launch of these people.

    It ends with the first flight to end after the launch whose landing crew names the person; where none does, with the flight of
    the launch. Where the person flew again before that end, the end of the stay is not known.
    """
    launched = _flights(SpacecraftFlightLaunchCrewLink, keys, now, flown(now, "owner__launch__"))
    landing = _flights(SpacecraftFlightLandingCrewLink, keys, now, _landing(now))
    nets: dict[Key, set[datetime]] = defaultdict(set)
    flights = among(rows_of(AstronautFlightsLink), "owner", keys).filter(flown(now, "member__")).order_by()
    for astronaut, net in flights.values_list("owner", "member__net"):
        nets[astronaut].add(net)
    for astronaut, theirs in launched.items():
        for flight in theirs:
            if flight.net is not None:
                later = min((net for net in nets[astronaut] if net > flight.net), default=None)
                yield _stay(astronaut, flight, flight.net, landing.get(astronaut, set()), later)


def _stay(astronaut: Key, flight: _Flight, begin: datetime, landing: set[_Flight], later: datetime | None) -> Stay:
    """The stay that begins with this flight. `later` is the net of the person's next flight."""
    landed = min((each.end for each in landing if each.end and each.end >= begin), default=None)
    to_come = [each for each in landing if each.end is None]
    lands_with_another = any(each.net and each.net >= begin for each in to_come)
    end = landed
    if end is None and not lands_with_another and flight.end and flight.end >= begin:
        end = flight.end
    if end and later and later < end:
        end = None
    may_be_up = landed is None and later is None
    is_up = may_be_up and (any(each.is_up for each in to_come) or (flight.is_up and not lands_with_another))
    return Stay(astronaut, begin, end, is_up)


def _landing(now: datetime) -> Q:
    """Places in the landing crews of flights that ended, or that have flown and not ended."""
    return Q(owner__mission_end__lte=now) | flown(now, "owner__launch__")


def _flights(crew: type[Link], keys: Keys, now: datetime, which: Q) -> Mapping[Key, set[_Flight]]:
    """The flights whose crew of this kind names a person, by person."""
    rows = among(listed_rows(crew), "member__astronaut", keys)
    rows = rows.filter(is_listed(SpacecraftFlight, "owner__"), which).order_by()
    found = list(rows.values_list("member__astronaut", "owner", "owner__launch__net", "owner__mission_end"))
    going_on = {flight for _, flight, _, end in found if end is None or end > now}
    up = {each.flight for each in flights_up(now, Q(pk__in=going_on))} if going_on else set()
    flights: dict[Key, set[_Flight]] = defaultdict(set)
    for astronaut, flight, net, end in found:
        flights[astronaut].add(_Flight(flight, net, end if end and end <= now else None, flight in up))
    return flights
