"""The docking chart of a station: what was docked at which port, from when to when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from launchledger.explorer.charts.chart import Cell, Chart, Legend
from launchledger.explorer.charts.lanes import Bar, Lane, draw_lanes
from launchledger.explorer.html import linked_to
from launchledger.formats.spans import span
from launchledger.history import wording

_NO_PORT = "Port unknown"
_NO_TYPE = "Type unknown"
_OTHERS = "Other types"
_MARKS = (1, 2, 3, 4, 5, 8)  # of the most frequent types, without the blue that is like the first; all others are grey
_GREY = 7
_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Stay:
    """A docking: the vehicle and its type, the port, docking and departure.

    `goes_on` says that the vehicle is still there; without that and a departure it is not known when it left. `href` is the page
    of its flight.
    """

    vehicle: str
    type: str
    port: str
    docking: datetime
    departure: datetime | None
    goes_on: bool
    href: str

    def end(self, now: datetime) -> datetime | None:
        """Departure, or now while it is docked; None if unknown."""
        return now if self.goes_on else self.departure


class _Told(NamedTuple):
    """A docking in words: where, from when, until when, and for how long ("" if unknown)."""

    stay: Stay
    port: str
    type: str
    docking: str
    departure: str
    lasted: str


def docking_chart(stays: Sequence[Stay], begin: datetime, end: datetime, now: datetime) -> Chart:
    """The chart of these dockings between two times; at least one docking. The ports are in the order of their names."""
    marks = _marks(stays)
    ports: dict[str, list[Bar]] = {}
    all_told = [_tell(stay, now) for stay in sorted(stays, key=lambda stay: stay.docking, reverse=True)]
    for told in sorted(all_told, key=lambda told: (not told.stay.port, told.port.casefold(), told.port)):
        ports.setdefault(told.port, []).append(_bar(told, marks, now))
    title = "Dockings by port"
    description = (
        f"Ports on the vertical axis, time on the horizontal one: {len(stays):,} docking{'s' if len(stays) != 1 else ''} at "
        f"{len(ports):,} port{'s' if len(ports) != 1 else ''}, {begin:%Y-%m-%d} to {end:%Y-%m-%d}. A bar lasts from docking to "
        "departure; a dot is a docking whose departure is unknown."
    )
    lanes = [Lane(port, bars) for port, bars in ports.items()]
    svg = draw_lanes(lanes, begin, end, now if now <= end else None, "dockings", title, description)
    rows = [_row(told) for told in all_told]
    headers = ("Vehicle", "Type", "Port", "Docking", "Departure", "For")
    return Chart("dockings", title, description, svg, headers, rows, _legend(marks))


def _marks(stays: Sequence[Stay]) -> dict[str, int]:
    """The colour of each type, the most frequent first."""
    counts = Counter(stay.type or _NO_TYPE for stay in stays)
    types = sorted(counts, key=lambda type: (-counts[type], type))
    return {type: _MARKS[place] if place < len(_MARKS) else _GREY for place, type in enumerate(types)}


def _legend(marks: dict[str, int]) -> list[Legend]:
    named = [Legend(mark, type) for type, mark in marks.items() if mark != _GREY]
    return named + ([Legend(_GREY, _OTHERS)] if len(named) < len(marks) else [])


def _tell(stay: Stay, now: datetime) -> _Told:
    end = stay.end(now)
    seconds = (end - stay.docking).total_seconds() if end else -1.0
    lasted = span(seconds, units=1 if seconds >= _DAY else 2) if seconds >= 0 else ""
    departure = wording.minute(stay.departure) if stay.departure else ("docked now" if stay.goes_on else "unknown")
    return _Told(stay, stay.port or _NO_PORT, stay.type or _NO_TYPE, wording.minute(stay.docking), departure, lasted)


def _bar(told: _Told, marks: dict[str, int], now: datetime) -> Bar:
    stay = told.stay
    lasted = f" ({told.lasted})" if told.lasted else ""
    until = told.departure if stay.departure or not stay.goes_on else "now"
    kind = f"stay mark-{marks[told.type]}{' now' if stay.goes_on else ''}"
    tip = f"{stay.vehicle}, {told.port}: {told.docking} to {until}{lasted}"
    return Bar(stay.vehicle, stay.docking, stay.end(now), kind, tip, stay.href)


def _row(told: _Told) -> list[Cell]:
    stay = told.stay
    return [linked_to(stay.href, stay.vehicle), told.type, told.port, told.docking, told.departure, told.lasted]
