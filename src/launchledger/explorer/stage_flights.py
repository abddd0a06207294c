"""The flights of first stages: of one, and how fast those of a vehicle fly again.

Promises: flights of listed launches only, in one query; a turnaround is counted once it is flown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import F, QuerySet

from launchledger.catalogue.choices import LEFT
from launchledger.catalogue.models.launchers import FirstStage
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.queries.prepared import prepared
from launchledger.explorer.objects import Shown
from launchledger.formats.spans import span

MOST = 100  # flights of one stage, the latest

_LAUNCH = ("launch", "launch__name", "launch__slug", "launch__net", "launch__net_precision__abbrev")
_STATUS = ("launch__status", "launch__status__abbrev")
_VEHICLE = ("launch__configuration", "launch__configuration__full_name")
_NUMBERS = ("launcher_flight_number", "previous_flight_date", "turn_around_time_days")
_LANDING = ("landing", "landing__attempt", "landing__success", "landing__location__name", "landing__type__name")


@dataclass(frozen=True, slots=True)
class StageFlight:
    """A flight of a first stage; `turnaround` is the time since the one before in seconds, None if that is not known."""

    launch: Shown
    net: datetime | None
    precision: str | None
    has_flown: bool
    status: str
    vehicle: Shown | None
    number: int | None
    turnaround: float | None
    landing: Shown | None


@dataclass(frozen=True, slots=True)
class Turnarounds:
    """So many times between two flights: the median and the shortest, in words."""

    count: int
    median: str
    shortest: str


def flights_of_stage(key: int) -> list[StageFlight]:
    """The flights of a first stage, the latest first; one more than MOST if there are more."""
    return [_flight(*row) for row in _flights(key=key)]


@prepared("key")
def _flights(key: Any) -> QuerySet[Any]:
    rows = listed_rows(FirstStage).filter(is_listed(Launch, "launch__"), launcher=key)
    columns = (*_LAUNCH, *_STATUS, *_VEHICLE, *_NUMBERS, *_LANDING)
    return rows.order_by(F("launch__net").desc(nulls_last=True), "-pk").values_list(*columns)[: MOST + 1]


def _flight(
    launch: str, name: str, slug: str, net: datetime | None, precision: str | None, status: int | None, abbrev: str | None,
    vehicle: int | None, full_name: str | None, number: int | None, previous: datetime | None, days: int | None,
    landing: int | None, attempt: bool, success: bool | None, place: str | None, kind: str | None,
) -> StageFlight:  # fmt: skip
    turnaround = (net - previous).total_seconds() if net and previous else None if days is None else days * 86_400.0
    return StageFlight(
        {"url": f"launch/{launch}/", "slug": slug, "name": name},
        net,
        precision,
        status in LEFT,
        abbrev or "",
        {"url": f"config/launcher/{vehicle}/", "full_name": full_name} if vehicle is not None else None,
        number,
        turnaround if turnaround is not None and turnaround > 0 else None,
        {"attempt": attempt, "success": success, "location": {"name": place}, "type": {"name": kind}}
        if landing is not None
        else None,
    )


def turnarounds(flights: Sequence[StageFlight]) -> Turnarounds | None:
    """How fast a first stage flew again, None if it is not known to have."""
    return _summary([flight.turnaround for flight in flights if flight.has_flown and flight.turnaround is not None])


def turnarounds_of_vehicle(key: int) -> Turnarounds | None:
    """How fast the first stages of a launcher configuration flew again, to the day."""
    return _summary([days * 86_400.0 for (days,) in _turnarounds(key=key)])


@prepared("key")
def _turnarounds(key: Any) -> QuerySet[Any]:
    rows = listed_rows(FirstStage).filter(
        is_listed(Launch, "launch__"), launch__configuration=key, launch__status__in=LEFT, turn_around_time_days__gt=0
    )
    return rows.order_by().values_list("turn_around_time_days")


def _summary(seconds: list[float]) -> Turnarounds | None:
    return Turnarounds(len(seconds), span(median(seconds)), span(min(seconds))) if seconds else None


def flew_as(flights: Sequence[StageFlight]) -> list[Any]:
    """The launcher configurations of these flights, each once, the latest first."""
    return list({flight.vehicle["url"]: flight.vehicle for flight in flights if flight.vehicle}.values())
