"""What is in space now: people, spacecraft, and what is docked at which station, as the catalogue last knew it.

Promises: each function runs one query and reads no more rows than asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import F

from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.spacecraft import Spacecraft
from launchledger.catalogue.models.stations import DockingLocation


class Person(NamedTuple):
    """A person in space: `since` is the launch of the last flight."""

    id: int
    name: str
    agency: str | None
    since: datetime | None


class Craft(NamedTuple):
    """A spacecraft in space, with the name of its type."""

    id: int
    name: str
    type: str | None


class Docked(NamedTuple):
    """A spacecraft at a port of a station. `aboard` is how many people the station has."""

    station: int
    station_name: str
    aboard: int | None
    port: str
    flight: int | None
    spacecraft: str | None
    since: datetime | None


def people_in_space(limit: int) -> list[Person]:
    """Those who are in space, who launched first first."""
    rows = listed_rows(Astronaut).filter(in_space=True).order_by(F("last_flight").asc(nulls_last=True), "name_key", "id")
    return [Person(*row) for row in rows.values_list("id", "name", "agency__abbrev", "last_flight")[:limit]]


def spacecraft_in_space(limit: int) -> list[Craft]:
    """The spacecraft that are in space, by name."""
    rows = listed_rows(Spacecraft).filter(in_space=True).order_by("name_key", "id")
    return [Craft(*row) for row in rows.values_list("id", "name", "spacecraft_config__name")[:limit]]


def docked_now(limit: int) -> list[Docked]:
    """What is docked, by station and in the order of its ports."""
    rows = listed_rows(DockingLocation).filter(
        docked__isnull=False, docked__deleted_at=None, docked__departure=None, spacestation__deleted_at=None
    )
    columns = (
        *("spacestation", "spacestation__name", "spacestation__onboard_crew", "name"),
        *("docked__flight_vehicle", "docked__flight_vehicle__spacecraft__name", "docked__docking"),
    )
    ordered = rows.filter(spacestation__isnull=False).order_by("spacestation", "spacestation_position", "id")
    return [Docked(*row) for row in ordered.values_list(*columns)[:limit]]
