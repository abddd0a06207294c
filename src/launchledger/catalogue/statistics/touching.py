"""Which numbers a change touches: from rows that changed to the rows whose numbers are made of them.

Promise: nothing is looked for that no change led to, and every look is by an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import (
    Astronaut,
    AstronautFlight,
    AstronautFlightsLink,
    AstronautLandingsLink,
    AstronautSpacewalksLink,
)
from launchledger.catalogue.models.launchers import FirstStage, Launcher, LauncherConfiguration
from launchledger.catalogue.models.launches import Launch, Location, Mission, Orbit, Pad
from launchledger.catalogue.models.spacecraft import (
    Landing,
    LandingLocation,
    Spacecraft,
    SpacecraftFlight,
    SpacecraftFlightLandingCrewLink,
    SpacecraftFlightLaunchCrewLink,
)
from launchledger.catalogue.models.stations import (
    DockingEvent,
    DockingLocation,
    Expedition,
    ExpeditionCrewLink,
    SpaceStation,
    Spacewalk,
)
from launchledger.catalogue.statistics.numbers import FAMILIES, Family
from launchledger.catalogue.statistics.reading import Key, chunks, rows_of

_CHUNK = 500

# The columns that numbers are made of; and for a relation or a list the model it leads to, where the numbers of what it led to
# before, and leads to now, are touched.
WATCHED: Mapping[type[Model], Mapping[str, type[Model] | None]] = {
    Launch: {
        "status": None,
        "net": None,
        "pad": Pad,
        "launch_service_provider": Agency,
        "mission": None,
        "configuration": LauncherConfiguration,
    },
    Mission: {"orbit": None},
    Orbit: {"name": None},
    Pad: {"location": Location},
    Launcher: {"is_placeholder": None},
    FirstStage: {"launch": Launch, "launcher": Launcher, "landing": Landing},
    Landing: {"success": None, "attempt": None, "location": LandingLocation},
    LandingLocation: {"location": Location},
    SpacecraftFlight: {
        "spacecraft": Spacecraft,
        "launch": None,
        "mission_end": None,
        "launch_crew": AstronautFlight,
        "landing_crew": AstronautFlight,
    },
    AstronautFlight: {"astronaut": Astronaut},
    Astronaut: {"flights": None, "landings": None, "spacewalks": None, "date_of_birth": None, "date_of_death": None},
    DockingEvent: {
        "docking": None,
        "departure": None,
        "flight_vehicle": SpacecraftFlight,
        "docking_location": DockingLocation,
        "space_station": SpaceStation,
    },
    DockingLocation: {"spacestation": SpaceStation},
    Expedition: {"start": None, "end": None, "spacestation": SpaceStation, "crew": None},
    Spacewalk: {"start": None, "end": None, "duration": None},
    SpaceStation: {"active_expeditions": None},
}
# The columns of a launch by which ranks and turnarounds of others shift, beside a status that is told at last.
MOVING = frozenset({"net", "pad", "launch_service_provider", "mission"})


@dataclass(slots=True)
class Touched:
    """Rows by model: those that changed, and those whose numbers follow from them.

    Launches with a net from `moved_from` on may have moved in the ranks, `moved` for certain. `named` are rows whose name is new,
    and `relocated` the pads that changed their location.
    """

    rows: defaultdict[type[Model], set[Key]] = default(default_factory=lambda: defaultdict(set))
    named: defaultdict[type[Model], set[Key]] = default(default_factory=lambda: defaultdict(set))
    relocated: set[Key] = default(default_factory=set)
    moved: set[Key] = default(default_factory=set)
    moved_from: datetime | None = None

    def add(self, model: type[Model], keys: Collection[Key | None]) -> None:
        self.rows[model].update(key for key in keys if key is not None)

    def move(self, launch: Key, *nets: datetime | None) -> None:
        self.moved.add(launch)
        for net in nets:
            if net and (self.moved_from is None or net < self.moved_from):
                self.moved_from = net

    def families(self) -> Iterator[tuple[Family, set[Key]]]:
        """The numbers to look at, and the rows that have them."""
        self._spread()
        for family in FAMILIES:
            keys = self._keys(family)
            if keys:
                yield family, keys

    def _keys(self, family: Family) -> set[Key]:
        match family.flag:
            case "":
                return self.named[family.model]
            case "ranks_computed":
                return self.moved | self._from_there_on(Launch.objects.filter(ranks_computed=True))
            case "turnaround_computed":
                pads = self.rows[Pad] if self.moved else set()
                found = set(self.moved)
                for some in chunks(pads, _CHUNK):
                    found |= self._from_there_on(rows_of(Launch).filter(turnaround_computed=True, pad__in=some))
                return found
        return self.rows[family.model]

    def _from_there_on(self, launches: Any) -> set[Key]:
        if self.moved_from is None:
            return set()
        return set(launches.filter(net__gte=self.moved_from, status__isnull=False).values_list("pk", flat=True))

    def _spread(self) -> None:
        """Follow every relation from what changed to what is counted, in an order in which each is followed once."""
        self._spread_orbits()
        made_of = {"launch_service_provider": Agency, "configuration": LauncherConfiguration}
        self._follow(Launch, Launch, "pk", {"pad": Pad, **made_of})
        self._follow(Launch, AstronautFlightsLink, "member", {"owner": Astronaut})
        self._follow(Launch, SpacecraftFlight, "launch", {"pk": SpacecraftFlight})
        self._follow(Pad, Pad, "pk", {"location": Location})
        self._follow(Launch, FirstStage, "launch", {"pk": FirstStage})
        self._follow(Landing, FirstStage, "landing", {"pk": FirstStage})
        self._follow(Landing, Landing, "pk", {"location": LandingLocation})
        self._follow(LandingLocation, LandingLocation, "pk", {"location": Location})
        stage = {f"launch__{name}": model for name, model in made_of.items()}
        self._follow(FirstStage, FirstStage, "pk", {**stage, "launcher": Launcher, "landing__location__location": Location})
        self._follow(Launcher, FirstStage, "launcher", {"pk": FirstStage})
        dockings = {
            "flight_vehicle": SpacecraftFlight,
            "docking_location": DockingLocation,
            "space_station": SpaceStation,
            "docking_location__spacestation": SpaceStation,
        }
        self._follow(DockingEvent, DockingEvent, "pk", dockings)
        self._follow(DockingLocation, DockingLocation, "pk", {"spacestation": SpaceStation})
        self._follow(SpacecraftFlight, SpacecraftFlight, "pk", {"spacecraft": Spacecraft})
        self._follow(SpacecraftFlight, SpacecraftFlightLaunchCrewLink, "owner", {"member__astronaut": Astronaut})
        self._follow(SpacecraftFlight, SpacecraftFlightLandingCrewLink, "owner", {"member__astronaut": Astronaut})
        self._follow(SpacecraftFlight, AstronautLandingsLink, "member", {"owner": Astronaut})
        self._follow(AstronautFlight, AstronautFlight, "pk", {"astronaut": Astronaut})
        self._follow(AstronautFlight, ExpeditionCrewLink, "member", {"owner": Expedition})
        self._follow(Expedition, Expedition, "pk", {"spacestation": SpaceStation})
        self._follow(Spacewalk, AstronautSpacewalksLink, "member", {"owner": Astronaut})

    def _follow(self, start: type[Model], over: type[Model], relation: str, ends: Mapping[str, type[Model]]) -> None:
        """From the touched rows of `start`, over the rows of a table whose `relation` leads to them, to what these name."""
        for some in chunks(tuple(self.rows[start]), _CHUNK):
            for found in rows_of(over).filter(**{f"{relation}__in": some}).order_by().values_list(*ends):
                for model, key in zip(ends.values(), found, strict=True):
                    if key is not None:
                        self.rows[model].add(key)

    def _spread_orbits(self) -> None:
        """Launches whose mission is of another orbit now, and those whose pad is at another location."""
        for path, keys in (("mission__orbit", self.rows[Orbit]), ("mission", self.rows[Mission]), ("pad", self.relocated)):
            for some in chunks(tuple(keys), _CHUNK):
                for launch, net in Launch.objects.filter(**{f"{path}__in": some}).values_list("pk", "net"):
                    self.move(launch, net)
                    self.add(Launch, [launch])


def crossed(touched: Touched, since: datetime, now: datetime) -> None:
    """Add what passed after one moment and not after another: launches, ends, dockings, departures, expeditions, spacewalks."""
    for model, *columns in (
        (Launch, "net"),
        (SpacecraftFlight, "mission_end"),
        (DockingEvent, "docking", "departure"),
        (Expedition, "start", "end"),
        (Spacewalk, "start"),
    ):
        for column in columns:
            passed = Q(**{f"{column}__gt": since, f"{column}__lte": now})
            touched.add(model, rows_of(model).filter(passed).values_list("pk", flat=True))
