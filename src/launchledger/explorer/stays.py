"""The flights of one person: from each launch to the landing after it.

Promises: the rules of the catalogue for a time in space (`catalogue.statistics.stays`), applied to what a page shows. A flight
ends with the first spacecraft flight to end after its launch that the person landed with; where none is known, with the one that
the person launched with; and never after the next launch of the person. An end that is not known is left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from launchledger.catalogue.models.astronauts import AstronautFlightsLink
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftFlight, SpacecraftFlightLaunchCrewLink
from launchledger.catalogue.models.stations import Expedition, ExpeditionCrewLink
from launchledger.catalogue.statistics.flying import flown
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.objects import Shown
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date_time

MOST = 60  # flights, and expeditions, of one person


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the crew of a flight: the spacecraft flight, its end, and the role."""

    flight: int
    end: datetime | None
    role: str

    @property
    def address(self) -> str:
        return page_of_resource("spacecraft/flight", self.flight)


@dataclass(frozen=True, slots=True)
class Stay:
    """A launch of a person, flown or planned, with the place in its crew; the spacecraft flight it landed with, and its end.

    `end` is None where it is not known or has not come; while it goes on `is_up`.
    """

    launch: Shown
    begin: datetime
    has_flown: bool
    is_up: bool
    end: datetime | None
    landed_with: Shown | None
    up: Place | None

    @property
    def precision(self) -> str:
        """The abbreviation of its net's precision."""
        return (self.launch["net_precision"] or {}).get("abbrev") or "MIN"

    def lasted(self, now: datetime) -> str:
        """How long, in words; "" where that is not known."""
        end = now if self.is_up else self.end
        return span((end - self.begin).total_seconds()) if end else ""


@dataclass(frozen=True, slots=True)
class Served:
    """A place in the crew of an expedition."""

    key: int
    name: str
    begin: datetime | None
    end: datetime | None
    station: str
    role: str

    @property
    def address(self) -> str:
        return page_of_resource("expedition", self.key)


def stays_of(person: Shown, now: datetime) -> list[Stay]:
    """The flights of a person, the oldest first; of these at most MOST. Two queries, none for a person without a flight."""
    if not person["flights"]:
        return []
    launched = _places(person["id"])
    rows = AstronautFlightsLink.objects.filter(flown(now, "member__"), owner=person["id"])
    have_flown = set(rows.values_list("member", flat=True))
    launches = {launch["id"]: launch for launch in person["flights"] if launch["net"]}
    ordered = sorted(launches.values(), key=lambda launch: (parse_date_time(launch["net"]), launch["id"]))
    found = []
    for launch, later in pairwise([*ordered, None]):
        if launch is not None:
            found.append(_stay(person, launch, _next(later, have_flown), have_flown, launched, now))
    return found[-MOST:]


def _next(later: Shown | None, have_flown: Set[str]) -> datetime | None:
    return parse_date_time(later["net"]) if later and later["id"] in have_flown else None


def _stay(
    person: Shown,
    launch: Shown,
    later: datetime | None,
    have_flown: Set[str],
    launched: Mapping[str, Place],
    now: datetime,
) -> Stay:
    """The stay that begins with a launch. `later` is the net of the next one that flew."""
    begin, up, has_flown = parse_date_time(launch["net"]), launched.get(launch["id"]), launch["id"] in have_flown
    ends = [(parse_date_time(each["mission_end"]), each) for each in person["landings"] if each["mission_end"]]
    end, landing = min(
        ((end, each) for end, each in ends if begin <= end <= (later or now)), key=lambda found: found[0], default=(None, None)
    )
    is_up = has_flown and later is None and end is None and bool(person["in_space"])
    if has_flown and not is_up and end is None and up and up.end and begin <= up.end <= (later or now):
        end = up.end
    return Stay(launch, begin, has_flown, is_up, end if has_flown else None, landing if has_flown else None, up)


def _places(person: int) -> dict[str, Place]:
    """The places of a person in the crews of launches, by launch."""
    rows = listed_rows(SpacecraftFlightLaunchCrewLink).filter(
        is_listed(SpacecraftFlight, "owner__"), member__astronaut=person, owner__launch__isnull=False
    )
    columns = ("owner__launch", "owner", "owner__mission_end", "member__role__role")
    found = rows.order_by("owner").values_list(*columns)[: 2 * MOST]
    return {launch: Place(flight, end, role or "") for launch, flight, end, role in found}


def expeditions_of(person: int) -> list[Served]:
    """The places of a person in the crews of expeditions, the oldest first; of these at most MOST. One query."""
    rows = listed_rows(ExpeditionCrewLink).filter(is_listed(Expedition, "owner__"), member__astronaut=person)
    columns = ("owner", "owner__name", "owner__start", "owner__end", "owner__spacestation__name", "member__role__role")
    found = rows.order_by("owner__start", "owner").values_list(*columns)[:MOST]
    return [
        Served(key, name or "unnamed", begin, end, station or "", role or "") for key, name, begin, end, station, role in found
    ]
