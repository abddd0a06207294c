"""The flights of one person: from each launch to the landing after it.

Promises: the rules of the catalogue for a time in space (`catalogue.statistics.stays`), applied to what a page shows. A flight
ends with the first spacecraft flight to end after its launch that the person landed with; where none is known, with the one that
the person launched with; and never after the next launch of the person. An end that is not known is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from launchledger.catalogue.models.astronauts import AstronautFlightsLink
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftFlight, SpacecraftFlightLaunchCrewLink
from launchledger.catalogue.models.stations import Expedition, ExpeditionCrewLink
from launchledger.catalogue.queries.prepared import prepared
from launchledger.catalogue.statistics.flying import flown
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.objects import Shown
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date_time

MOST = 60  # flights, and expeditions, of one person

End = tuple[datetime, Shown]  # of a spacecraft flight that somebody landed with


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
    up: Place | None
    is_up: bool = False
    end: datetime | None = None
    landed_with: Shown | None = None

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
    have_flown = {launch for (launch,) in _flown(person=person["id"], now=now)}
    ends = sorted(
        ((parse_date_time(each["mission_end"]), each) for each in person["landings"] if each["mission_end"]),
        key=lambda end: end[0],
    )
    launches = {launch["id"]: launch for launch in person["flights"] if launch["net"]}
    ordered = sorted(launches.values(), key=lambda launch: (parse_date_time(launch["net"]), launch["id"]))
    found: list[Stay] = []
    later: datetime | None = None  # the net of the next launch that flew
    for launch in reversed(ordered[-MOST:]):
        stay = Stay(launch, parse_date_time(launch["net"]), has_flown=launch["id"] in have_flown, up=launched.get(launch["id"]))
        if stay.has_flown:
            stay = _with_end(stay, ends, later, now, in_space=bool(person["in_space"]))
            later = stay.begin
        found.append(stay)
    return found[::-1]


def _with_end(stay: Stay, ends: Sequence[End], later: datetime | None, now: datetime, *, in_space: bool) -> Stay:
    """A stay that began, with its end, if that is known. `later` is the net of the next launch that flew."""
    for end, landing in ends:
        if stay.begin <= end <= (later or now):
            return replace(stay, end=end, landed_with=landing)
    if in_space and later is None:
        return replace(stay, is_up=True)
    end_of_craft = stay.up.end if stay.up else None
    return replace(stay, end=end_of_craft if end_of_craft and stay.begin <= end_of_craft <= (later or now) else None)


@prepared("person", "now")
def _flown(person: Any, now: Any) -> QuerySet[Any]:
    """The launches of a person that flew."""
    return AstronautFlightsLink.objects.filter(flown(now, "member__"), owner=person).order_by().values_list("member")


def _places(person: int) -> dict[str, Place]:
    """The places of a person in the crews of launches, by launch."""
    return {launch: Place(flight, end, role or "") for launch, flight, end, role in _launched(person=person)}


@prepared("person")
def _launched(person: Any) -> QuerySet[Any]:
    rows = listed_rows(SpacecraftFlightLaunchCrewLink).filter(
        is_listed(SpacecraftFlight, "owner__"), member__astronaut=person, owner__launch__isnull=False
    )
    columns = ("owner__launch", "owner", "owner__mission_end", "member__role__role")
    return rows.order_by("owner").values_list(*columns)[: 2 * MOST]


def expeditions_of(person: int) -> list[Served]:
    """The places of a person in the crews of expeditions, the oldest first; of these at most MOST. One query."""
    return [
        Served(key, name or "unnamed", begin, end, station or "", role or "")
        for key, name, begin, end, station, role in _served(person=person)
    ]


@prepared("person")
def _served(person: Any) -> QuerySet[Any]:
    rows = listed_rows(ExpeditionCrewLink).filter(is_listed(Expedition, "owner__"), member__astronaut=person)
    columns = ("owner", "owner__name", "owner__start", "owner__end", "owner__spacestation__name", "member__role__role")
    return rows.order_by("owner__start", "owner").values_list(*columns)[:MOST]
