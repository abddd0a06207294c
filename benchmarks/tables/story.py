"""Facts that must agree across tables: nets, crews and spacecraft, dockings, landings.

Promises: the same story for the same scale, seed and "now"; no two flights on one launch; nothing ends before it begins.
Members of a list are numbered by the row they belong to, in the order of time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from benchmarks.tables.proportions import AHEAD, CREW_SIZES, CREWED, DOCKING, FAILURE, PARTIAL_FAILURE, SUCCESS, rows_of
from benchmarks.tables.values import BEGIN, moment

_AHEAD = timedelta(days=730)
_REUSE = datetime(2013, 1, 1, tzinfo=UTC)  # since when first stages return


@dataclass(slots=True)
class Flight:
    """The flight with number `index` + 1: the launch is its place among the launches, crews are places in crews."""

    launch: int
    spacecraft: int
    begin: datetime
    end: datetime | None
    flown: bool
    landing: int | None = None
    launch_crew: list[int] = field(default_factory=list)
    landing_crew: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Stage:
    """The flight of a launcher as first stage of a launch; `before` is the launch it flew on before."""

    launch: int
    launcher: int
    number: int
    before: int | None
    landing: int | None


@dataclass(slots=True)
class Docking:
    flight: int
    station: int
    location: int
    docking: datetime
    departure: datetime | None


@dataclass(slots=True)
class Stay:
    """An expedition or a spacewalk, with its crew by places in crews; `of` is the expedition that a spacewalk is part of."""

    begin: datetime
    end: datetime | None
    crew: list[int]
    of: int | None = None


class Story:
    """Places in lists count from 0 and are ids less 1; `places` holds the astronaut of each place in a crew."""

    def __init__(self, scale: float, seed: int, now: datetime) -> None:
        self.scale, self.seed, self.now = scale, seed, now
        self.places: list[int] = []
        self._landings = 0
        self._tell_launches(Random(f"launches {seed}"))
        self._tell_flights(Random(f"flights {seed}"))
        self._tell_stages(Random(f"stages {seed}"))
        self._tell_stays(Random(f"stays {seed}"))

    def rows(self, model: str) -> int:
        return {"AstronautFlight": len(self.places), "Landing": self._landings, "DockingEvent": len(self.dockings)}.get(
            model, rows_of(model, self.scale)
        )

    def _tell_launches(self, chance: Random) -> None:
        total = rows_of("Launch", self.scale)
        ahead = min(total, round(AHEAD * self.scale))
        past = [moment(chance, BEGIN, self.now) for _ in range(total - ahead)]
        self.nets = sorted(past) + sorted(moment(chance, self.now, self.now + _AHEAD) for _ in range(ahead))
        self.launch_ids = [str(UUID(int=chance.getrandbits(128), version=4)) for _ in self.nets]
        outcomes = (SUCCESS, FAILURE, PARTIAL_FAILURE)
        self.outcomes = chance.choices(outcomes, (0.93, 0.05, 0.02), k=total - ahead)  # of those past

    def _tell_flights(self, chance: Random) -> None:
        total, spacecraft = rows_of("SpacecraftFlight", self.scale), rows_of("Spacecraft", self.scale)
        share_ahead = 0.03
        past = len(self.outcomes)
        ahead = min(int(total * share_ahead), len(self.nets) - past)
        launches = sorted(chance.sample(range(past), total - ahead) + chance.sample(range(past, len(self.nets)), ahead))
        self.flights: list[Flight] = []
        self.dockings: list[Docking] = []
        for number, launch in enumerate(launches):
            begin = self.nets[launch]
            end = begin + timedelta(seconds=chance.randint(80_000, 17_000_000))
            flight = Flight(launch, chance.randrange(spacecraft), begin, end if end <= self.now else None, launch < past)
            if chance.random() < CREWED:
                crew = chance.sample(range(rows_of("Astronaut", self.scale)), chance.choice(CREW_SIZES))
                flight.launch_crew = self._seat(crew)
                flight.landing_crew = self._seat(crew) if flight.end else []
            if flight.flown and chance.random() < 0.75:
                flight.landing = self._land()
            if flight.flown and chance.random() < DOCKING:
                docking = begin + timedelta(seconds=chance.randint(10_000, 79_000))
                departure = flight.end and max(docking, flight.end - timedelta(hours=5))
                location = chance.randrange(rows_of("DockingLocation", self.scale))
                station = location % rows_of("SpaceStation", self.scale)
                self.dockings.append(Docking(number, station, location, docking, departure))
            self.flights.append(flight)

    def _tell_stages(self, chance: Random) -> None:
        launchers = rows_of("Launcher", self.scale)
        candidates = [place for place, net in enumerate(self.nets) if net >= _REUSE]
        chosen = chance.choices(candidates, k=rows_of("FirstStage", self.scale))
        last: dict[int, int] = {}
        flown: dict[int, int] = {}
        self.stages: list[Stage] = []
        for launch in sorted(chosen):
            launcher = chance.randrange(launchers)
            flown[launcher] = flown.get(launcher, 0) + 1
            landing = self._land() if chance.random() < 0.7 else None
            self.stages.append(Stage(launch, launcher, flown[launcher], last.get(launcher), landing))
            last[launcher] = launch

    def _tell_stays(self, chance: Random) -> None:
        astronauts = rows_of("Astronaut", self.scale)
        self.expeditions: list[Stay] = []
        for begin in sorted(
            moment(chance, BEGIN + timedelta(days=5_000), self.now) for _ in range(rows_of("Expedition", self.scale))
        ):
            end = begin + timedelta(days=chance.randint(20, 200))
            crew = self._seat(chance.sample(range(astronauts), chance.choice((2, 3, 3, 6, 7))))
            self.expeditions.append(Stay(begin, end if end <= self.now else None, crew))
        self.spacewalks: list[Stay] = []
        for _ in range(rows_of("Spacewalk", self.scale)):
            of = chance.randrange(len(self.expeditions))
            expedition = self.expeditions[of]
            begin = moment(chance, expedition.begin, expedition.end or self.now)
            crew = expedition.crew[: chance.choice((1, 2, 2, 2))]
            self.spacewalks.append(Stay(begin, begin + timedelta(seconds=chance.randint(3_000, 30_000)), crew, of))

    def _seat(self, astronauts: list[int]) -> list[int]:
        self.places += astronauts
        return list(range(len(self.places) - len(astronauts), len(self.places)))

    def _land(self) -> int:
        self._landings += 1
        return self._landings - 1
