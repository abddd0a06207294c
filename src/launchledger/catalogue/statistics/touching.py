"""Which numbers a change touches: from rows that changed to the rows whose numbers are made of them.

Promise: nothing is looked for that no change led to, and every look is by an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime
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
from launchledger.catalogue.models.launches import Launch, Location, Mission, Pad
from launchledger.catalogue.models.listed import is_listed
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
from launchledger.catalogue.statistics.flying import TRUSTED, ahead, today
from launchledger.catalogue.statistics.numbers import FAMILIES, Family
from launchledger.catalogue.statistics.reading import Key, chunks, rows_of

_CHUNK = 500
_ALL = Q()

# The columns that numbers are made of; and for a relation or a list the model it leads to, where the numbers of what it led to
# before, and leads to now, are touched.
WATCHED: Mapping[type[Model], Mapping[str, type[Model] | None]] = {
    Launch: {
        "status": None,
        "net": None,
        "net_precision": None,
        "pad": Pad,
        "launch_service_provider": Agency,
        "mission": None,
        "configuration": LauncherConfiguration,
    },
    Mission: {"orbit": None},
    Pad: {"location": Location},
    Launcher: {"is_placeholder": None},
    FirstStage: {"launch": Launch, "launcher": Launcher, "landing": Landing},
    Landing: {"success": None, "attempt": None, "location": LandingLocation},
    LandingLocation: {"location": Location},
    SpacecraftFlight: {
        "spacecraft": Spacecraft,
        "launch": None,
        "mission_end": None,
        "landing": None,
        "launch_crew": AstronautFlight,
        "landing_crew": AstronautFlight,
    },
    Spacecraft: {"status": None, "is_placeholder": None},
    AstronautFlight: {"astronaut": Astronaut},
    Astronaut: {
        "flights": None,
        "landings": None,
        "spacewalks": None,
        "date_of_birth": None,
        "date_of_death": None,
        "status": None,
    },
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
    SpaceStation: {"active_expeditions": None, "deorbited": None, "status": None},
}
# What goes on until it ends, by the column of its end: while that is null, being seen again changes what is made of it.
OPEN_ENDED: Mapping[type[Model], str] = {SpacecraftFlight: "mission_end", DockingEvent: "departure"}
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

    def families(self, now: datetime) -> Iterator[tuple[Family, set[Key]]]:
        """The numbers to look at as of now, and the rows that have them."""
        self._spread(now)
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
        return set(launches.filter(is_listed(Launch), net__gte=self.moved_from).values_list("pk", flat=True))

    def _spread(self, now: datetime) -> None:
        """Follow every relation from what changed to what is counted, in an order in which each is followed once."""
        self._spread_orbits()
        made_of = {"launch_service_provider": Agency, "configuration": LauncherConfiguration}
        self._follow(Launch, Launch, "pk", {"pad": Pad, **made_of})
        self._follow(Launch, AstronautFlightsLink, "member", {"owner": Astronaut})
        self._follow(Launch, SpacecraftFlight, "launch", {"pk": SpacecraftFlight})
        self._follow(Pad, Pad, "pk", {"location": Location})
        self._follow(Launch, FirstStage, "launch", {"pk": FirstStage})
        self._follow(Landing, FirstStage, "landing", {"pk": FirstStage})
        self._follow(Landing, SpacecraftFlight, "landing", {"pk": SpacecraftFlight})
        self._follow(Landing, Landing, "pk", {"location": LandingLocation})
        self._follow(LandingLocation, LandingLocation, "pk", {"location": Location})
        stage = {f"launch__{name}": model for name, model in made_of.items()}
        self._follow(FirstStage, FirstStage, "pk", {**stage, "launcher": Launcher, "landing__location__location": Location})
        self._follow(Launcher, FirstStage, "launcher", {"pk": FirstStage})
        self._spread_flights(now)
        self._spread_dockings(now)
        self._follow(SpacecraftFlight, AstronautLandingsLink, "member", {"owner": Astronaut})
        self._follow(AstronautFlight, ExpeditionCrewLink, "member", {"owner": Expedition})
        self._follow(Expedition, Expedition, "pk", {"spacestation": SpaceStation})
        self._follow(Spacewalk, AstronautSpacewalksLink, "member", {"owner": Astronaut})

    def _spread_flights(self, now: datetime) -> None:
        """From flights to their spacecraft and crews, whose other open flights may be over by what changed; and to theirs."""
        open_ended = ahead("mission_end", now)
        self._follow(AstronautFlight, AstronautFlight, "pk", {"astronaut": Astronaut})
        for crew in (SpacecraftFlightLaunchCrewLink, SpacecraftFlightLandingCrewLink):
            self._follow(AstronautFlight, crew, "member", {"owner": SpacecraftFlight})
        self._follow_flights()
        self._follow(Spacecraft, SpacecraftFlight, "spacecraft", {"pk": SpacecraftFlight}, open_ended)
        open_ended = ahead("owner__mission_end", now)
        for crew in (SpacecraftFlightLaunchCrewLink, SpacecraftFlightLandingCrewLink):
            self._follow(Astronaut, crew, "member__astronaut", {"owner": SpacecraftFlight}, open_ended)
        self._follow_flights()

    def _follow_flights(self) -> None:
        self._follow(SpacecraftFlight, SpacecraftFlight, "pk", {"spacecraft": Spacecraft})
        for crew in (SpacecraftFlightLaunchCrewLink, SpacecraftFlightLandingCrewLink):
            self._follow(SpacecraftFlight, crew, "owner", {"member__astronaut": Astronaut})

    def _spread_dockings(self, now: datetime) -> None:
        """From dockings, flights, ports and stations to the dockings that may be over by what changed, and to all of theirs."""
        open_ended = ahead("departure", now)
        for station in ("space_station", "docking_location__spacestation"):
            self._follow(SpaceStation, DockingEvent, station, {"pk": DockingEvent})
        self._follow(SpacecraftFlight, DockingEvent, "flight_vehicle", {"pk": DockingEvent})
        self._follow(DockingEvent, DockingEvent, "pk", {"docking_location": DockingLocation, "flight_vehicle": SpacecraftFlight})
        self._follow(DockingLocation, DockingEvent, "docking_location", {"pk": DockingEvent}, open_ended)
        self._follow(SpacecraftFlight, DockingEvent, "flight_vehicle", {"pk": DockingEvent}, open_ended)
        counted = {
            "flight_vehicle__spacecraft": Spacecraft,
            "docking_location": DockingLocation,
            "space_station": SpaceStation,
            "docking_location__spacestation": SpaceStation,
        }
        self._follow(DockingEvent, DockingEvent, "pk", counted)
        self._follow(DockingLocation, DockingLocation, "pk", {"spacestation": SpaceStation})

    def _follow(
        self, start: type[Model], over: type[Model], relation: str, ends: Mapping[str, type[Model]], only: Q = _ALL
    ) -> None:
        """From the touched rows of `start`, over the rows of a table whose `relation` leads to them, to what these name."""
        for some in chunks(tuple(self.rows[start]), _CHUNK):
            for found in rows_of(over).filter(only, **{f"{relation}__in": some}).order_by().values_list(*ends):
                for model, key in zip(ends.values(), found, strict=True):
                    if key is not None:
                        self.rows[model].add(key)

    def _spread_orbits(self) -> None:
        """Launches whose mission is of another orbit now, and those whose pad is at another location."""
        for path, keys in (("mission", self.rows[Mission]), ("pad", self.relocated)):
            for some in chunks(tuple(keys), _CHUNK):
                for launch, net in Launch.objects.filter(**{f"{path}__in": some}).values_list("pk", "net"):
                    self.move(launch, net)
                    self.add(Launch, [launch])


def crossed(touched: Touched, since: datetime, now: datetime) -> None:
    """Add what passed after one moment and not after another: launches, ends, dockings, departures, expeditions, spacewalks.

    Also what was last seen so long ago, and the stations whose day has come to be no longer in orbit.
    """
    for model, *columns in (
        (Launch, "net"),
        (SpacecraftFlight, "mission_end"),
        (DockingEvent, "docking", "departure"),
        (Expedition, "start", "end"),
        (Spacewalk, "start"),
    ):
        for column in columns:
            _add_between(touched, model, column, since, now)
    for model, begin in ((SpacecraftFlight, "launch__net"), (DockingEvent, "docking")):
        has_no_end = Q(**{f"{OPEN_ENDED[model]}__isnull": True})
        for column in (begin, "observed_at"):
            _add_between(touched, model, column, since - TRUSTED, now - TRUSTED, has_no_end)
    if today(since) < today(now):
        _add_between(touched, SpaceStation, "deorbited", today(since), today(now))


def _add_between(touched: Touched, model: type[Model], column: str, after: date, until: date, only: Q = _ALL) -> None:
    between = Q(**{f"{column}__gt": after, f"{column}__lte": until})
    touched.add(model, rows_of(model).filter(only, between).values_list("pk", flat=True))
