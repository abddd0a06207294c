"""Whatever is observed, in whatever batches: the stored numbers are what recomputing everything would give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, delete, observe, refresh
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.records import Record
from launchledger.catalogue.statistics.differing import differences
from launchledger.catalogue.statistics.numbers import FAMILIES, SINCE, number_of
from tests.support.asking import emptied_afterwards
from tests.support.observed import NOW, SUBORBITAL, tell
from tests.support.records import RECORDS, everything
from tests.support.second_database import examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_row")]
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
MANY = settings(max_examples=examples(30), phases=PHASES, suppress_health_check=list(HealthCheck), deadline=None)

HOURS = timedelta(hours=9)


@pytest.fixture
def every_row() -> None:
    """A row of everything that the records name, long known; each example goes on from there."""
    with time_machine.travel(NOW, tick=False):
        tell(*everything(), at=datetime(2000, 1, 1, tzinfo=UTC))


def wrong(now: datetime) -> Iterator[tuple[str, Any, Any]]:
    """Computed numbers that differ from what recomputing all would give."""
    for family in FAMILIES:
        for key, columns in differences(family, None, now):
            seen = {name for _, _, names, *_ in family.model._default_manager.get(pk=key).observations for name in names}
            for column, pair in columns.items():
                if number_of(column) not in seen:
                    yield f"{family.model.__name__} {key}", column, pair


def in_batches(draw: st.DataObject) -> list[list[Observation]]:
    records = draw.draw(st.lists(RECORDS, min_size=1, max_size=8))
    ages = st.integers(0, 9).map(lambda minutes: timedelta(minutes=minutes)) | st.just(timedelta(days=399, hours=12))
    observations = [Observation([each], "test", NOW - draw.draw(ages)) for each in records]
    size = draw.draw(st.integers(1, 5))
    return [observations[start : start + size] for start in range(0, len(observations), size)]


@MANY
@given(st.data())
def test_what_is_stored_is_what_computing_anew_gives(data: st.DataObject) -> None:
    """After any observations every number that was never observed is right, as of the same time."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False):
        for batch in in_batches(data):
            observe(batch)
        assert list(wrong(NOW)) == []  # once: the batches up to any of them are examples too


@settings(MANY, max_examples=10)
@given(st.lists(RECORDS, min_size=1, max_size=6), st.data())
def test_what_is_deleted_and_revived_is_brought_in_line(records: list[Record], data: st.DataObject) -> None:
    """After each deletion of what numbers are made of, and after what is seen of it before or later."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False):
        for each in records:
            for step in data.draw(st.permutations(["delete", "observe", "observe later"])):
                if step == "delete":
                    delete(each.model, each.key, NOW - HOURS, "test")
                else:
                    observe([Observation([each], "test", NOW if step == "observe later" else NOW - 2 * HOURS)])
            assert list(wrong(NOW)) == []


@MANY
@given(st.data())
def test_no_number_of_our_own_is_below_zero(data: st.DataObject) -> None:
    """Whatever times are mistyped: no duration, age, count, rank or turnaround that is computed is negative, and no time runs
    from a time that is still to come."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False):
        for batch in in_batches(data):
            observe(batch)
        for family in FAMILIES:
            for key, values in family.values(None, NOW).items():
                for column, value in values.items():
                    if isinstance(value, timedelta):
                        assert value >= timedelta(0), (family.model, key, column, value)
                    elif isinstance(value, int):
                        assert value >= 0, (family.model, key, column, value)
                    elif column.endswith(SINCE) and value is not None:
                        assert value <= NOW, (family.model, key, column, value)


@MANY
@given(st.data())
def test_what_passes_is_brought_in_line(data: st.DataObject) -> None:
    """Refreshed at any later times, the stored numbers are what recomputing gives at that time."""
    with emptied_afterwards():
        with time_machine.travel(NOW, tick=False):
            refresh(NOW)
            for batch in in_batches(data):
                observe(batch)
        later = NOW
        for step in data.draw(
            st.lists(st.sampled_from([timedelta(hours=1), timedelta(days=1), timedelta(days=500)]), max_size=3)
        ):
            later += step
            refresh(later)
        assert list(wrong(later)) == []


def reference(launches: list[Any], mine: Any) -> dict[str, int | None]:
    """The ranks of a launch, counted one by one."""

    def place(within: Any, of_year: bool) -> int | None:
        if within(mine) is None:
            return 0 if of_year and within is in_orbit else None
        group = [other for other in launches if within(other) == within(mine) and other.net <= mine.net]
        return len([other for other in group if not of_year or other.net.year == mine.net.year])

    def in_orbit(launch: Any) -> bool | None:
        orbit = launch.mission.orbit if launch.mission else None
        return None if orbit and orbit.pk == SUBORBITAL else True

    withins = {
        "orbital": in_orbit,
        "location": lambda launch: launch.pad.location_id if launch.pad else None,
        "pad": lambda launch: launch.pad_id,
        "agency": lambda launch: launch.launch_service_provider_id,
    }
    return {
        f"{name}_launch_attempt_count{end}": place(within, bool(end)) for name, within in withins.items() for end in ("", "_year")
    }


@MANY
@given(st.data())
def test_ranks_are_those_of_counting_one_by_one(data: st.DataObject) -> None:
    """Each computed rank of each launch equals that of a plain loop over all of them; name-only launches have none."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False):
        for batch in in_batches(data):
            observe(batch)
        known = Launch.objects.select_related("mission__orbit", "pad").all()
        counting = [launch for launch in known if launch.status_id and launch.net]
        for launch in known:
            ranks = reference(counting, launch) if launch in counting else {}
            for column in FAMILIES[1].columns:
                if column != "pad_launch_attempt_count":  # the one that is observed
                    assert getattr(launch, column) == ranks.get(column), (launch.pk, column)
