"""Which numbers are derived: the one declaration that the writers, the command, the documentation and the tests read.

An observed number is kept as received; any other is computed (docs/adr/0009). A family is what one set of queries computes for
the rows of one model. It declares its dependencies, which decide what a change, or the passing of time, makes to be recomputed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cache
from typing import Any

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.base import Observed, Origin, origin_of
from launchledger.catalogue.models.events import Event
from launchledger.catalogue.models.launchers import FirstStage, Launcher, LauncherConfiguration
from launchledger.catalogue.models.launches import Launch, Location, Pad
from launchledger.catalogue.models.spacecraft import LandingLocation, Spacecraft
from launchledger.catalogue.models.stations import DockingLocation, SpaceStation, Spacewalk
from launchledger.catalogue.statistics import (
    astronauts,
    launchers,
    launches,
    places,
    records,
    slugs,
    spacecraft,
    stations,
)
from launchledger.catalogue.statistics.evidence import DEORBITED, ENDED, FLOWN, LASTING, LAUNCH_FLOWN, UP
from launchledger.catalogue.statistics.paths import under
from launchledger.catalogue.statistics.reading import Compute, Key, Keys, Values

SINCE = "_since"
# The version of these rules. Raise it with every change of what a number is: stored numbers of another version are recomputed.
RULES = 2
MANY = 500  # keys; for more of them, all rows are computed at once
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Number:
    """One derived column: its value where nothing is counted, and what it means (a sentence for the documentation).

    A number that `runs` is a duration, and the column of its name with `_since` behind it is when it began to run.
    """

    column: str
    empty: Any
    meaning: str
    runs: bool = False


class Scope(Enum):
    """The rows whose numbers a change may alter.

    PATHS: those that the paths lead to. LATER: also launches with a later net, whose ranks shift, which no path can declare. OWN:
    the changed row alone.
    """

    PATHS = auto()
    LATER = auto()
    OWN = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """`depends_on` are the columns that the numbers depend on, as paths from their row (see `paths`).

    `flag` names the column that the writers keep true while some number of a row was never observed, "" for none. `scope` decides
    which rows are recomputed.
    """

    model: type[Observed]
    numbers: tuple[Number, ...]
    compute: Compute
    depends_on: tuple[str, ...]
    flag: str = "computed"
    scope: Scope = Scope.PATHS

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the numbers, and for those that run the columns of their begin."""
        return tuple(
            column
            for number in self.numbers
            for column in ((number.column, number.column + SINCE) if number.runs else (number.column,))
        )

    @property
    def empty(self) -> Values:
        return dict.fromkeys(self.columns) | {number.column: number.empty for number in self.numbers}

    def is_computed(self, observed: Container[str]) -> bool:
        """Whether some number of a row is computed, if these columns of it were observed."""
        return any(origin_of(number.column, observed) is Origin.COMPUTED for number in self.numbers)

    def values(self, keys: Keys, now: datetime) -> Mapping[Key, Values]:
        """The numbers of these rows as of now; rows that are missing have `empty`. For many keys there may be more rows."""
        return self.compute(None if keys is not None and len(keys) > MANY else keys, now)


def _ranks() -> Iterator[Number]:
    scopes = {
        "orbital": "launches that are not suborbital; null for a suborbital launch",
        "location": "launches from the same location",
        "pad": "launches from the same pad",
        "agency": "launches of the same launch service provider",
    }
    for name, among in scopes.items():
        meaning = f"Its place by net among all {among}; equal nets share the last place."
        yield Number(f"{name}_launch_attempt_count", None, meaning)
    for name, among in scopes.items():
        among = among.replace("null", "0")
        yield Number(f"{name}_launch_attempt_count_year", None, f"The same within its year in UTC: among {among}.")


_RECORD = (
    Number("total_launch_count", 0, "Launches that are finished: status 3, 4 or 7."),
    Number("successful_launches", 0, "Launches with status 3."),
    Number("failed_launches", 0, "Launches with status 4 or 7."),
    Number("pending_launches", 0, "Launches with status 1, 2, 5 or 8."),
    Number("consecutive_successful_launches", 0, "Successes with a net after that of the last failure."),
    Number("successful_landings", 0, "Landings of first stages of flown launches, with success true."),
    Number("failed_landings", 0, "The same, with success false."),
    Number("attempted_landings", 0, "The same, with attempt true."),
    Number("consecutive_successful_landings", 0, "Successful ones with a net after that of the last failed one."),
)


def _record(relation: str) -> tuple[str, ...]:
    landed = under(f"FirstStage:launch__{relation}", "landing.success", "landing.attempt")
    return (*under(f"Launch:{relation}", *FLOWN), *landed)


# In this order: the time outside follows from the spacewalks.
FAMILIES: tuple[Family, ...] = (
    Family(
        Spacewalk,
        (Number("duration", None, "End minus start; null while one is missing, or where the end is before the start."),),
        stations.spacewalks,
        ("start", "end"),
    ),
    Family(
        Launch,
        tuple(_ranks()),
        launches.ranks,
        ("status", "net", "pad.location", "launch_service_provider", "mission.orbit"),
        flag="ranks_computed",
        scope=Scope.LATER,
    ),
    Family(
        Launch,
        (Number("pad_turnaround", None, "Net minus the net of the launch before it from the pad; P0D for a pad's first."),),
        launches.turnarounds,
        ("status", "net", "pad"),
        flag="turnaround_computed",
        scope=Scope.LATER,
    ),
    Family(
        Launch,
        (Number("slug", "", "The name in lower case with hyphens, without punctuation, with -2 behind it where it is taken."),),
        slugs.launch_slugs,
        ("name", "status"),
        flag="",
        scope=Scope.OWN,
    ),
    Family(Event, (Number("slug", "", "As for launches."),), slugs.event_slugs, ("name",), flag="", scope=Scope.OWN),
    Family(
        Pad,
        (
            Number("total_launch_count", 0, "Flown launches from the pad."),
            Number("orbital_launch_attempt_count", 0, "Those of them that are not suborbital, of all years."),
        ),
        places.pads,
        under("Launch:pad", *FLOWN, "mission.orbit"),
    ),
    Family(
        Location,
        (
            Number("total_launch_count", 0, "Flown launches from the location's pads."),
            Number(
                "total_landing_count",
                0,
                "Flown launches of which a first stage tried to land at a landing location of the location.",
            ),
        ),
        places.locations,
        (
            *under("Pad:location.Launch:pad", *FLOWN),
            "Landing:location__location.attempt",
            *under("FirstStage:landing__location__location", *LAUNCH_FLOWN),
        ),
    ),
    Family(
        LandingLocation,
        (Number("successful_landings", 0, "Landings there with success true."),),
        places.landing_locations,
        ("Landing:location.success",),
    ),
    Family(Agency, _RECORD, records.agencies, _record("launch_service_provider")),
    Family(LauncherConfiguration, _RECORD, records.configurations, _record("configuration")),
    Family(
        Launcher,
        (
            Number("flights", 0, "Launches of the launcher with status 3, 4 or 7."),
            Number("first_launch_date", None, "The earliest net of its flown launches."),
            Number("last_launch_date", None, "The latest net of its flown launches."),
            Number("successful_landings", 0, "Its landings with success true, of flown launches."),
            Number("attempted_landings", 0, "Its landings with attempt true, of flown launches."),
        ),
        launchers.launchers,
        under("FirstStage:launcher", *LAUNCH_FLOWN, "landing.success", "landing.attempt"),
    ),
    Family(
        FirstStage,
        (
            Number("launcher_flight_number", None, "Which flight of its launcher this is, by net; null for a placeholder."),
            Number("previous_flight", None, "The launch of the launcher's flight before this one."),
            Number("previous_flight_date", None, "The net of that launch."),
            Number("turn_around_time_days", None, "The whole days from that net to this flight's."),
        ),
        launchers.stages,
        under("launcher", "is_placeholder", "FirstStage:launcher.launch.status", "FirstStage:launcher.launch.net"),
    ),
    Family(
        Spacecraft,
        (
            Number("in_space", False, "It has a flown flight without an end that has passed, and that nothing shows to be over."),
            Number(
                "time_in_space",
                NO_TIME,
                "The sum over flown flights of mission_end, or now while it is up, minus net.",
                runs=True,
            ),
            Number(
                "time_docked",
                NO_TIME,
                "The sum over its dockings of departure, or now while it is docked, minus docking.",
                runs=True,
            ),
            Number("flights_count", 0, "Its flown flights."),
            Number(
                "mission_ends_count", 0, "Its flights whose mission_end has passed, but for those whose launch has not flown."
            ),
        ),
        spacecraft.spacecraft,
        (*under("SpacecraftFlight:spacecraft", *UP), *under("DockingEvent:flight_vehicle__spacecraft", *LASTING)),
    ),
    Family(
        Astronaut,
        (
            Number("in_space", False, "They went up with a flight that is flown, and nothing shows that they came down."),
            Number(
                "time_in_space",
                NO_TIME,
                "From each net that they went up with to the next mission_end that they came down with, or now.",
                runs=True,
            ),
            Number(
                "eva_time",
                NO_TIME,
                "The sum of the durations of their spacewalks from zero up to a year.",
            ),
            Number("age", None, "Whole years today, or at death; null without a date of birth, or where that is later."),
            Number("flights_count", 0, "Flown launches among their flights."),
            Number("landings_count", 0, "Their landings whose mission_end has passed, but for those whose launch has not flown."),
            Number("spacewalks_count", 0, "Their spacewalks, but for those still to begin."),
            Number("first_flight", None, "The earliest net of their flown flights."),
            Number("last_flight", None, "The latest net of their flown flights."),
        ),
        astronauts.astronauts,
        (
            *("date_of_birth", "date_of_death", "status"),
            *under("flights", *FLOWN),
            *under("landings", *ENDED),
            *("spacewalks.start@now", "spacewalks.duration"),
            *under("SpacecraftFlight:launch_crew__astronaut", *UP),
            *under("SpacecraftFlight:landing_crew__astronaut", *UP),
        ),
    ),
    Family(
        SpaceStation,
        (
            Number("onboard_crew", 0, "People in the crews of the active expeditions."),
            Number("docked_vehicles", 0, "Dockings at the station that have begun, and that nothing shows to be over."),
        ),
        stations.stations,
        (
            *("active_expeditions", *DEORBITED),
            *under("Expedition:spacestation", "start@now", "end@now", "crew.astronaut"),
            *under("DockingEvent:space_station", *LASTING),
            *under("DockingEvent:docking_location__spacestation", *LASTING),
        ),
    ),
    Family(
        DockingLocation,
        (Number("docked", None, "The latest docking at the port that has begun, and that nothing shows to be over."),),
        stations.docking_locations,
        under("DockingEvent:docking_location", *LASTING),
    ),
)


@cache
def families_of(model: type[Observed]) -> tuple[Family, ...]:
    return tuple(family for family in FAMILIES if family.model is model)


@cache
def running_columns(model: type[Observed]) -> tuple[str, ...]:
    """The durations of a model that may run."""
    return tuple(number.column for family in families_of(model) for number in family.numbers if number.runs)


def number_of(column: str) -> str:
    """The number that a column belongs to."""
    return column.removesuffix(SINCE)
