"""The course of a spacecraft flight: planned, in space or over, and its dockings.

Promises: whether it is in space is decided by the catalogue's rules. An end that is not known stays unknown, and so does one
before the launch, or a departure before the docking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.statistics.flying import flown
from launchledger.explorer.in_space import flights_in_space
from launchledger.explorer.objects import Shown
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date_time

PLANNED, IN_SPACE, OVER = "planned", "in space", "over"


@dataclass(frozen=True, slots=True)
class Course:
    """When a flight was: its net, its end as it was reported, and `state`: planned, in space or over."""

    begin: datetime | None
    end: datetime | None
    precision: str
    state: str

    @property
    def goes_on(self) -> bool:
        return self.state == IN_SPACE

    @property
    def ended(self) -> datetime | None:
        """The end of a flight that is over, None where it is not known."""
        return self.end if self.state == OVER and self.begin and self.end and self.end >= self.begin else None

    def lasted(self, now: datetime) -> str:
        """How long it lasted, or goes on; "" where that is not known."""
        return _span(self.begin, now if self.goes_on else self.ended)


class Docking(NamedTuple):
    """A docking as the wire shows it, with its times, whether it goes on, and how long it lasted ("" where that is not known)."""

    shown: Shown
    begin: datetime | None
    end: datetime | None
    goes_on: bool
    lasted: str

    @property
    def port(self) -> str:
        """The name of the port, or else of the station."""
        port, station = self.shown["docking_location"] or {}, self.shown["spacestation"] or {}
        return port.get("name") or station.get("name") or "unknown port"


def course_of(shown: Shown, now: datetime) -> Course:
    """The course of a flight as the wire shows it. At most two queries."""
    launch = shown["launch"] or {}
    begin, end = _time(launch.get("net")), _time(shown["mission_end"])
    precision = (launch.get("net_precision") or {}).get("abbrev") or "MIN"
    if shown["id"] in flights_in_space():
        state = IN_SPACE
    elif (end and end <= now) or (launch and Launch.objects.filter(flown(now), pk=launch["id"]).exists()):
        state = OVER
    else:
        state = PLANNED
    return Course(begin, end, precision, state)


def dockings_of(shown: Shown, course: Course, now: datetime) -> list[Docking]:
    """The dockings, the oldest first. Only the last one of a flight in space may go on."""
    found = []
    rows = sorted(shown["docking_events"], key=lambda each: each["docking"] or "")
    for place, each in enumerate(rows, 1):
        begin, end = _time(each["docking"]), _time(each["departure"])
        lasts = begin is not None and begin <= now and (end is None or end > now)
        goes_on = lasts and place == len(rows) and course.goes_on
        found.append(Docking(each, begin, end, goes_on, _span(begin, now if goes_on else end)))
    return found


def _time(text: str | None) -> datetime | None:
    return parse_date_time(text) if text else None


def _span(begin: datetime | None, end: datetime | None) -> str:
    return span((end - begin).total_seconds()) if begin and end and end >= begin else ""
