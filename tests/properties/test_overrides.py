"""An override changes what it overrides and what follows from that, and leaves nothing behind when it ends (docs/adr/0047)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, OverrideRefused, Wanted, end_overrides, observe, override, recompute
from launchledger.catalogue.actions.overridden import OBSERVED
from launchledger.catalogue.actions.overriding import is_overridable
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.records import Record
from launchledger.journal.models import Entry
from tests.properties.test_observing import catalogue, observations, of_each_family, sightings
from tests.support.asking import emptied_afterwards
from tests.support.records import EVERY_ROW, RECORDS
from tests.support.second_database import examples

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
SOME = settings(
    max_examples=examples(8),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Step = Observation | Wanted | int


def _overrides(records: list[Record]) -> st.SearchStrategy[list[Wanted]]:
    """Some overrides of rows by what these records say about others of their kind."""
    possible = []
    for record in records:
        for column, value in [*record.columns.items(), *record.lists.items(), *record.owned.items()]:
            if is_overridable(model_of(record.model), column):
                possible.append((record.model, column, value))
    keys: dict[str, list[Any]] = {}
    for record in records:
        keys.setdefault(record.model, []).append(record.key)
    if not possible:
        return st.just([])
    one = st.sampled_from(possible).flatmap(
        lambda one: st.sampled_from(keys[one[0]]).map(
            lambda key: Wanted(one[0], key, one[1], {one[1]: one[2]}, f"{one[1]} is wrong")
        )
    )
    return st.lists(one, max_size=6)


@st.composite
def steps_among(draw: st.DrawFn, seen: list[Observation]) -> list[Step]:
    """The observations, and between them overrides, and numbers that say how many of the overrides end."""
    records = [record for each in seen for record in each.records]
    wanted = draw(_overrides(records))
    return draw(st.permutations([*seen, *wanted, *draw(st.lists(st.integers(1, 3), max_size=3))]))


def do(step: Step) -> None:
    if isinstance(step, Observation):
        observe([step])
    elif isinstance(step, Wanted):
        try:
            override([step])
        except OverrideRefused as refused:
            # Not yet observed, or deleted since.
            assert str(refused).endswith(("is not in the catalogue", "is deleted"))  # noqa: PT017
    else:
        end_overrides([(each.kind, each.key, each.column) for each in Override.objects.order_by("pk")[:step]])


def _end_all() -> None:
    end_overrides([(each.kind, each.key, each.column) for each in Override.objects.all()])


def _without_slugs() -> dict[str, Any]:
    """The catalogue, but for slugs: one that is taken by another name meanwhile is not given back."""
    found = catalogue()
    for kind in ("Launch", "Event"):
        for row in found.get(kind, ()):
            del row["slug"]
    return found


def _alone(steps: list[Step]) -> dict[str, Any]:
    with emptied_afterwards():
        for step in steps:
            if isinstance(step, Observation):
                observe([step])
        return _without_slugs()


def _check(steps: list[Step]) -> None:
    expected = _alone(steps)
    with emptied_afterwards():
        for step in steps:
            do(step)
            assert recompute() == 0, "a number did not follow"
        _end_all()
        assert _without_slugs() == expected


@of_each_family
def test_ended_overrides_leave_nothing_behind(names: list[str]) -> None:
    """Whatever columns and lists of whichever rows were overridden, and whatever was observed before, meanwhile and after."""

    @SOME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        with time_machine.travel(NOW, tick=False):
            _check(data.draw(steps_among(observations(data.draw(sightings(names))))))

    check()


def test_numbers_are_as_if_overrides_had_never_been() -> None:
    """Also where the numbers themselves were overridden, and computed numbers follow from the effective values meanwhile."""

    @SOME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        few = data.draw(st.lists(st.lists(RECORDS, min_size=1, max_size=4), min_size=2, max_size=4))
        seen = [Observation(records, f"reply {place}", NOW.replace(minute=place)) for place, records in enumerate(few)]
        with time_machine.travel(NOW, tick=False), emptied_afterwards():
            observe([Observation(EVERY_ROW, "every row", NOW.replace(hour=1))])
            _check(data.draw(steps_among(seen)))

    check()


def test_the_journal_tells_every_effective_value() -> None:
    """An entry begins with what the entry before it ended with, whether observed, overridden or given back."""

    @SOME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        seen = observations(data.draw(sightings(["LaunchDetailed", "LaunchSerializerCommon", "Pad"])))
        with time_machine.travel(NOW, tick=False), emptied_afterwards():
            for step in data.draw(steps_among(seen)):
                do(step)
            known: dict[tuple[str, str, str], Any] = {}
            for entry in Entry.objects.exclude(action=Entry.Action.DELETED).order_by("serial"):
                for column, (before, now) in entry.changes.items():
                    place = (entry.kind, entry.key, column)
                    if column != "reason" and not column.startswith(OBSERVED):
                        assert known.get(place, before) == before, place
                        known[place] = now

    check()
