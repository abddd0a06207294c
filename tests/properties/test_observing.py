"""The catalogue depends on what was observed and when, not on the order in which it was taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, delete, observe
from launchledger.catalogue.models.base import Observed
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import emptied_afterwards
from tests.support.generating import IDS, Json, objects
from tests.support.second_database import examples

pytestmark = pytest.mark.django_db
# Looking for a smaller example than the one that failed would cost thousands of transactions.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
FEW = settings(max_examples=examples(25), phases=PHASES, suppress_health_check=list(HealthCheck))
FEWER = settings(FEW, max_examples=examples(8))  # each has some eight transactions
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
Sighting = tuple[str, Json]

# Every kind of object, among those that it names and that name it.
of_each_family = pytest.mark.parametrize(
    "names",
    [
        ["AgencySerializerDetailed", "LauncherConfigDetail", "SpacecraftConfigurationDetail", "Agency"],
        ["LaunchDetailed", "LaunchSerializerCommon", "Launcher", "Pad"],
        ["SpacecraftFlightDetailed", "AstronautDetailed", "DockingEventDetailed"],
        ["SpaceStationDetailed", "ExpeditionDetail", "SpacewalkDetailed", "DockingEvent"],
        ["Events", "Program", "Update", "LocationDetail", "MissionPatch"],
    ],
    ids="+".join,
)


def observations(sightings: list[Sighting]) -> list[Observation]:
    """Each a minute later than the one before."""
    return [
        Observation(WIRE.reader.read(WIRE.shapes[name].model, body), f"reply {minute}", BEGIN + timedelta(minutes=minute))
        for minute, (name, body) in enumerate(sightings)
    ]


@st.composite
def ties(draw: st.DrawFn, sightings: list[Sighting]) -> list[Observation]:
    """Observations of few times, files and times of saving, so that some differ in nothing but their records."""
    few = st.integers(0, 1)
    return [
        Observation(
            WIRE.reader.read(WIRE.shapes[name].model, body),
            f"file {draw(few)}",
            BEGIN + timedelta(minutes=draw(few)),
            BEGIN + timedelta(days=1, minutes=draw(few)),
        )
        for name, body in sightings
    ]


@st.composite
def sightings(draw: st.DrawFn, names: list[str]) -> list[Sighting]:
    """Objects of these shapes, of which some keys are missing, as in smaller and older shapes."""
    found = []
    for name in draw(st.lists(st.sampled_from(names), min_size=2, max_size=4)):
        body = draw(objects(name, level=1))
        absent = draw(st.sets(st.sampled_from(sorted(body)), max_size=len(body) // 2)) - {"id"}
        found.append((name, {key: value for key, value in body.items() if key not in absent}))
    return found


@dataclass(frozen=True)
class Deleting:
    """A deletion of one object as of a time."""

    kind: str
    key: int | str
    at: datetime

    def happen(self) -> None:
        delete(self.kind, self.key, self.at, "test")


@st.composite
def deletions(draw: st.DrawFn, names: list[str], minutes: int) -> list[Deleting]:
    """Of objects of these shapes, of whatever else is nested in them, and of some that nobody ever names."""
    kinds = sorted(WIRE.reader.keyed_models) + [WIRE.shapes[name].model for name in names] * 10
    found = draw(st.lists(st.tuples(st.sampled_from(kinds), IDS, st.integers(0, minutes)), min_size=1, max_size=4))
    return [Deleting(kind, _key(kind, id), BEGIN + timedelta(minutes=minute)) for kind, id, minute in found]


def _key(kind: str, id: int) -> int | str:
    return f"00000000-0000-4000-8000-{id:012d}" if kind == "Launch" else id


def events(names: list[str]) -> st.SearchStrategy[list[Observation | Deleting]]:
    """Observations of these shapes and deletions, in any order of their times."""
    return sightings(names).flatmap(
        lambda found: deletions(names, len(found)).flatmap(lambda gone: st.permutations([*observations(found), *gone]))
    )


def let_happen(event: Observation | Deleting) -> None:
    if isinstance(event, Deleting):
        event.happen()
    else:
        observe([event])


def catalogue() -> dict[str, Any]:
    """Every row of every table, without the numbers that the database gives."""
    tables = {}
    for model in apps.get_app_config("catalogue").get_models():
        columns = [
            field.attname for field in model._meta.concrete_fields if not field.auto_created or issubclass(model, Observed)
        ]
        rows = model._default_manager.values(*columns)
        tables[model.__name__] = sorted(rows, key=repr)
    return {name: rows for name, rows in tables.items() if rows}


def taken_in(batches: list[list[Observation]]) -> tuple[dict[str, Any], int]:
    with emptied_afterwards():
        for batch in batches:
            observe(batch)
        return catalogue(), Entry.objects.count()


@pytest.mark.parametrize(
    "names",
    [
        ["Agency", "AgencySerializerMini", "AgencySerializerDetailedCommon"],
        ["LaunchSerializerCommon", "Mission", "Pad"],
        ["Program", "MissionPatch", "AgencyList"],
        ["SpaceStationSerializerForCommon", "SpaceStationDetailedSerializerForExpedition"],
        ["LocationDetail", "Pad"],
    ],
    ids="+".join,
)
@pytest.mark.parametrize("tied", [False, True])
def test_the_order_of_arrival_decides_nothing(names: list[str], tied: bool) -> None:
    """Any permutation of observations, of the same time or not, gives the same rows, column by column."""

    @FEW
    @given(st.data())
    def check(data: st.DataObject) -> None:
        found = data.draw(sightings(names))
        seen = data.draw(ties(found)) if tied else observations(found)
        expected, _ = taken_in([[observation] for observation in seen])
        shuffled = data.draw(st.permutations(seen))
        assert taken_in([[observation] for observation in shuffled])[0] == expected

    check()


@of_each_family
def test_the_order_of_deletions_decides_nothing(names: list[str]) -> None:
    """Any permutation of observations and deletions gives the same rows: what was seen last is there, or is not."""

    @FEWER
    @given(st.data())
    def check(data: st.DataObject) -> None:
        found = data.draw(events(names))
        rows = []
        for order in (found, data.draw(st.permutations(found))):
            with emptied_afterwards():
                for event in order:
                    let_happen(event)
                rows.append(catalogue())
        assert rows[0] == rows[1]

    check()


EVERYTHING = [
    "SpacecraftFlightDetailed",
    "LaunchDetailed",
    "AstronautDetailed",
    "LocationDetail",
    "Pad",
    "SpaceStationDetailed",
    "DockingEventDetailed",
]


@FEW
@given(sightings(EVERYTHING), st.integers(1, 3))
def test_taking_in_again_changes_nothing(seen: list[Sighting], size: int) -> None:
    """Whatever was observed: a second time, in any batches, no row changes and no entry is written."""
    batch = observations(seen)
    batches = [batch[start : start + size] for start in range(0, len(batch), size)]
    once, entries = taken_in([batch])
    assert taken_in([batch, *batches]) == (once, entries)


@FEW
@given(sightings(EVERYTHING))
def test_one_transaction_is_like_many(seen: list[Sighting]) -> None:
    """How observations are put together in batches decides nothing."""
    batch = observations(seen)
    one, many = (taken_in(batches)[0] for batches in ([batch], [[observation] for observation in batch]))
    assert one == many
