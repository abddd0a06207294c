"""The dockings at a station, from rows: its document has only what is docked now.

Promises: at most MOST dockings of a station are read, the latest, and those before them are counted; only listed ones whose time
is known. A docking whose time, or whose launch, is still ahead is to come. An end that is not known is not replaced by a guess.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.stations import DockingEvent
from launchledger.explorer.charts.dockings import Stay
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.state import per_state

MOST = 400
MOST_TO_COME = 10


class _Row(NamedTuple):
    """A docking as it is stored, with the columns that it is read from."""

    key: int
    docking: datetime
    departure: datetime | None
    port: str | None
    flight: int | None
    vehicle: str | None
    type: str | None
    mission_end: datetime | None
    net: datetime | None


_COLUMNS = (
    "pk",
    "docking",
    "departure",
    "docking_location__name",
    "flight_vehicle",
    "flight_vehicle__spacecraft__name",
    "flight_vehicle__spacecraft__spacecraft_config__name",
    "flight_vehicle__mission_end",
    "flight_vehicle__launch__net",
)


@dataclass(frozen=True, slots=True)
class Dockings:
    """Dockings that have begun, newest first; those to come, soonest first; and how many began before the first of these."""

    begun: list[Stay]
    to_come: list[Stay]
    older: int

    def since(self, since: datetime) -> list[Stay]:
        """Those that did not end before this time. Where the end is not known, the begin counts."""
        return [stay for stay in self.begun if stay.goes_on or (stay.departure or stay.docking) >= since or stay.docking >= since]


def dockings_of(station: int, docked: Collection[int], now: datetime) -> Dockings:
    """The dockings at a station. `docked` are those that its ports have now; the others end with their departure or flight."""
    rows, older = _read(station)
    to_come = [row for row in rows if _is_to_come(row, now)]
    begun = [_stay(row, docked, now) for row in rows if not _is_to_come(row, now)]
    return Dockings(begun, [_stay(row, (), now) for row in reversed(to_come[-MOST_TO_COME:])], older)


@per_state
def _read(station: int) -> tuple[list[_Row], int]:
    """The latest dockings that name this station, or name none and have a port of it; and how many there are before them."""
    here = Q(space_station=station) | Q(space_station=None, docking_location__spacestation=station)
    rows: Any = listed_rows(DockingEvent).filter(here, docking__isnull=False)
    found = [_Row(*row) for row in rows.order_by("-docking", "-pk").values_list(*_COLUMNS)[: MOST + 1]]
    return found[:MOST], rows.count() - MOST if len(found) > MOST else 0


def _is_to_come(row: _Row, now: datetime) -> bool:
    return row.docking > now or (row.net is not None and row.net > now)


def _stay(row: _Row, docked: Collection[int], now: datetime) -> Stay:
    left, goes_on = row.departure, row.departure is not None and row.departure > now
    if row.departure is None and row.mission_end is not None and row.mission_end <= now:
        left = row.mission_end
    elif row.departure is None:
        goes_on = row.key in docked
    href = page_of_resource("spacecraft/flight", row.flight) if row.flight is not None else ""
    return Stay(row.vehicle or "Unnamed vehicle", row.type or "", row.port or "", row.docking, left, goes_on, href)
