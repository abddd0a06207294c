"""Random replies for measuring: of realistic size and shape, the same for the same seed, without texts of others.

Every object's content follows from its model and id, so that all copies of an object agree, as upstream's do.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from launchledger.formats.times import format_date_time, format_duration
from launchledger.wire.fields import Field, Kind, Shape
from launchledger.wire.v2_2_0 import WIRE

HOST = f"https://ll.thespacedevs.com/{WIRE.version}/"

# Rows of each model upstream, about, in 2025; models that are not here have 40.
POOLS = {"Agency": 350, "Astronaut": 850, "AstronautFlight": 5_000, "LauncherConfiguration": 540, "Pad": 250, "Location": 70}
POOLS |= {"Spacecraft": 700, "SpacecraftConfiguration": 50, "SpacecraftFlight": 1_100, "Launch": 7_500, "Mission": 7_500}
POOLS |= {"Update": 15_000, "MissionPatch": 1_300, "Landing": 2_000, "FirstStage": 1_000, "Launcher": 250, "DockingEvent": 640}
POOLS |= {"LaunchStatus": 6, "NetPrecision": 10, "Orbit": 20, "Program": 38, "SpaceStation": 18}

# Members of a list, at most; lists that are not here have 2.
LENGTHS = {"updates": 6, "launch_crew": 4, "landing_crew": 4, "onboard_crew": 0, "timeline": 3, "launcher_stage": 1, "flights": 5}
LENGTHS |= {"docking_location": 9, "launcher_list": 12, "spacecraft_list": 2, "mission_patches": 1, "vid_urls": 1, "info_urls": 1}

# Mean length of texts in characters; texts that are not here have 14.
TEXTS = {
    "description": 320,
    "bio": 400,
    "comment": 60,
    "history": 300,
    "details": 350,
    "image_url": 110,
    "map_image": 110,
    "url": 80,
}
TEXTS |= {"logo_url": 110, "wiki_url": 60, "info_url": 60, "profile_image": 100, "image": 100, "nation_url": 100}

_LETTERS = "abcdefghij klmnop qrstuv wxyz éłø"
_EPOCH = datetime(1960, 1, 1, tzinfo=UTC)


class Generator:
    """Makes objects of any shape, by id."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed

    def make(self, shape: str, key: int) -> dict[str, Any]:
        """One object; of a launch, `key` is turned into a UUID."""
        found = WIRE.shapes[shape]
        return {field.key: self._value(found, field, key) for field in found.fields if field.sent}

    def _chance(self, *names: object) -> random.Random:
        return random.Random(f"{self._seed} {names}")

    def _value(self, shape: Shape, field: Field, key: int) -> Any:
        if field.key == "id" and not shape.part:
            return self._id(shape.model, key)
        if field.kind is Kind.URL:
            return f"{HOST}{field.resource}/{self._id(shape.model, key)}/"
        chance = self._chance(shape.model, field.column or field.key, key)
        if field.kind is Kind.COMPUTED:
            return field.value or self._along(shape, field, key)
        if field.kind is Kind.PART:
            return self.make(field.shape, key)
        if field.kind is Kind.ONE:
            stays_out = field.null and chance.random() < (0.85 if field.column == "spacecraft_stage" else 0.2)
            return None if stays_out else self.make(field.shape, self._related(field, key, chance))
        if field.kind is Kind.MANY:
            length = chance.randint(0, LENGTHS.get(field.column, 2))
            return [self.make(field.shape, self._related(field, key * 31 + place, chance)) for place in range(length)]
        return None if field.null and chance.random() < 0.2 else self._scalar(field, chance)

    def _related(self, field: Field, key: int, chance: random.Random) -> int:
        """The row of a relation: one of its own if each has one, otherwise any of the pool."""
        model = WIRE.shapes[field.shape].model
        own = {"Mission", "Landing", "Update", "FirstStage", "DockingEvent", "AstronautFlight"}
        return 1 + (key if model in own else chance.randrange(POOLS.get(model, 40))) % POOLS.get(model, 40)

    def _along(self, shape: Shape, field: Field, key: int) -> Any:
        """The id at the end of a path, such as the launch of a docking event's flight."""
        flight = next(f for f in shape.fields if f.column == field.path[0])
        chance = self._chance(shape.model, flight.column, key)
        other = self._related(flight, key, chance)
        return self._id("Launch", 1 + self._chance("SpacecraftFlight", "launch", other).randrange(POOLS["Launch"]))

    def _id(self, model: str, key: int) -> int | str:
        return str(UUID(int=self._chance(key).getrandbits(128))) if model == "Launch" else key

    def _scalar(self, field: Field, chance: random.Random) -> Any:
        moment = _EPOCH + timedelta(seconds=chance.randrange(2_000_000_000))
        match field.kind:
            case Kind.INTEGER:
                return chance.randrange(2_000)
            case Kind.NUMBER:
                return round(chance.uniform(1, 120), 1)
            case Kind.BOOLEAN:
                return chance.random() < 0.5
            case Kind.DATE:
                return date(1960, 1, 1).replace(year=moment.year, month=moment.month).isoformat()
            case Kind.DATE_TIME:
                return format_date_time(moment)
            case Kind.DURATION:
                return format_duration(chance.randrange(20_000_000) * 1_000_000)
        average = TEXTS.get(field.column, 14)
        return "".join(chance.choices(_LETTERS, k=chance.randint(average // 2, average * 3 // 2)))
