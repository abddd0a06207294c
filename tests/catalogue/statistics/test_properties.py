"""Whatever is observed, in whatever batches: what is stored is what computing everything anew would give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, observe, refresh
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.statistics.differing import differences
from launchledger.catalogue.statistics.numbers import FAMILIES, SINCE, number_of
from launchledger.contract.reader import Record
from tests.catalogue.statistics.observed import (
    DAY,
    DESTROYED,
    HOUR,
    LOW,
    MONTH,
    NOW,
    RETIRED,
    SECOND,
    SINGLE_USE,
    SUBORBITAL,
    record,
    tell,
    uuid,
)
from tests.wire.asking import emptied_afterwards

pytestmark = pytest.mark.django_db
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
MANY = settings(max_examples=30, phases=PHASES, suppress_health_check=list(HealthCheck), deadline=None)

FEW = 3
KEYS = st.integers(1, FEW)
NULL = st.none()
# Close to now and to the turn of a year, and few, so that launches tie and things pass.
TIMES = st.sampled_from(
    [NOW + timedelta(days=days, hours=hours) for days in (-900, -365, -152, -151, -2, 0, 1, 400) for hours in (0, 11, 12)]
)
# A mistyped century, and what is close to being forgotten.
ENDS = TIMES | st.sampled_from([NOW - timedelta(days=36525), NOW - timedelta(days=399, hours=12)])
PRECISIONS = NULL | st.sampled_from([SECOND, HOUR, DAY, MONTH])
DEORBITED = st.sampled_from([(NOW + timedelta(days=days)).date() for days in (-500, 0, 1)])
DATES = st.sampled_from(
    [datetime(1960, 2, 29).date(), datetime(1970, 6, 1).date(), datetime(1980, 6, 2).date(), datetime(2060, 6, 2).date()]
)
MEMBERS = st.lists(KEYS, max_size=2, unique=True)


def of(model: str, keys: st.SearchStrategy[Any] = KEYS, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Record]:
    """Records of a model of which any columns are told."""
    told = st.fixed_dictionaries({}, optional=columns)
    return st.builds(lambda key, some: record(model, key, **some), keys, told)


LAUNCHES = KEYS.map(uuid)
RECORDS = st.one_of(
    of(
        "Launch",
        st.integers(1, 6).map(uuid),
        name=st.sampled_from(["Proton | A", "Proton A", "Soyuz"]),
        status=NULL | st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8]),
        net=NULL | TIMES,
        net_precision=PRECISIONS,
        pad=NULL | KEYS,
        launch_service_provider=NULL | KEYS,
        mission=NULL | KEYS,
        configuration=NULL | KEYS,
        pad_launch_attempt_count=st.just(99),
        pad_turnaround=st.just(timedelta(days=9)),
        slug=st.just("proton-a"),
    ),
    of("Mission", orbit=NULL | st.sampled_from([LOW, SUBORBITAL])),
    of("Orbit", st.just(SUBORBITAL), name=st.sampled_from(["Suborbital", "Renamed"])),
    of("Pad", location=NULL | KEYS, total_launch_count=st.just(77)),
    of("Agency", total_launch_count=st.just(55)),
    of("Launcher", is_placeholder=st.booleans(), flights=st.just(5)),
    of("FirstStage", launch=NULL | LAUNCHES, launcher=NULL | KEYS, landing=NULL | KEYS),
    of("Landing", attempt=st.booleans(), success=NULL | st.booleans(), location=NULL | KEYS),
    of("LandingLocation", location=NULL | KEYS),
    of(
        "SpacecraftFlight",
        spacecraft=NULL | KEYS,
        launch=NULL | LAUNCHES,
        mission_end=NULL | ENDS,
        landing=NULL | KEYS,
        launch_crew=MEMBERS,
        landing_crew=MEMBERS,
    ),
    of("Spacecraft", time_in_space=st.just(timedelta(days=1)), in_space=st.booleans()),
    of("Spacecraft", status=NULL | st.sampled_from([1, RETIRED, DESTROYED, SINGLE_USE]), is_placeholder=st.booleans()),
    of("AstronautFlight", astronaut=NULL | KEYS),
    of("Astronaut", date_of_birth=NULL | DATES, date_of_death=NULL | DATES, status=NULL | st.sampled_from([1, 2, 11]),
       flights=st.lists(LAUNCHES, max_size=2, unique=True)),
    of("DockingEvent", docking=NULL | TIMES, departure=NULL | ENDS, flight_vehicle=NULL | KEYS, docking_location=NULL | KEYS,
       space_station=NULL | KEYS),
    of("DockingLocation", spacestation=NULL | KEYS),
    of("Expedition", start=NULL | TIMES, end=NULL | ENDS, spacestation=NULL | KEYS, crew=MEMBERS),
    of("SpaceStation", active_expeditions=MEMBERS, onboard_crew=st.just(3)),
    of("SpaceStation", deorbited=NULL | DEORBITED, status=NULL | st.sampled_from([1, 2])),
    of("Spacewalk", start=NULL | TIMES, end=NULL | ENDS, crew=MEMBERS, duration=st.just(timedelta(hours=5))),
    of("Event", name=st.sampled_from(["Docking", "Docking!"])),
)  # fmt: skip


def everything() -> list[Record]:
    """A small whole catalogue, in which all that numbers are made of is related, so that whatever changes matters."""
    days = (-900, -365, -152, -151, -2, 400)
    three = range(1, FEW + 1)
    rows = [record("Mission", key, orbit=LOW if key < FEW else SUBORBITAL) for key in three]
    rows += [
        record(model, key) for model in ("Location", "Agency", "LauncherConfiguration", "Launcher", "Spacecraft") for key in three
    ]
    rows += [record(model, key) for model in ("Astronaut", "SpaceStation") for key in three]
    rows += [record("Pad", key, location=key % 2 + 1) for key in three]
    rows += [
        record("Launch", uuid(key), name="Soyuz", status=3, net=NOW + timedelta(days=day), pad=key % 3 + 1, mission=key % 3 + 1,
               launch_service_provider=key % 2 + 1, configuration=key % 2 + 1)
        for key, day in enumerate(days, start=1)
    ]  # fmt: skip
    for key in three:
        end = None if key == FEW else NOW - timedelta(days=key)
        rows += [
            record("LandingLocation", key, location=key),
            record("Landing", key, attempt=True, success=key != FEW, location=key),
            record("FirstStage", key, launch=uuid(key), launcher=1, landing=key),
            record("AstronautFlight", key, astronaut=key),
            record(
                "SpacecraftFlight",
                key,
                spacecraft=key // 2 + 1,
                launch=uuid(key + 2),
                mission_end=end,
                launch_crew=[key],
                landing_crew=[key],
            ),
            record("DockingLocation", key, spacestation=key),
            record("DockingEvent", key, docking=NOW - timedelta(days=9), departure=end, flight_vehicle=key, docking_location=key),
            record("Expedition", key, start=NOW - timedelta(days=8), end=end, spacestation=1, crew=[key]),
            record("Spacewalk", key, start=NOW - timedelta(hours=9), end=NOW - timedelta(hours=key), crew=[key]),
        ]
    return rows


def wrong(now: datetime) -> Iterator[tuple[str, Any, Any]]:
    """Numbers that are ours to compute and stand otherwise than computing them all would give."""
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
    """After any observations every number that was never observed is right, as of the same moment."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False):
        tell(*everything(), at=datetime(2000, 1, 1, tzinfo=UTC))
        for batch in in_batches(data):
            observe(batch)
            assert list(wrong(NOW)) == []


@MANY
@given(st.data())
def test_no_number_of_our_own_is_below_zero(data: st.DataObject) -> None:
    """Whatever times are mistyped: no duration, age, count, rank or turnaround that is computed is negative, and no time runs
    from a moment that is still to come."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False):
        tell(*everything(), at=datetime(2000, 1, 1, tzinfo=UTC))
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
    """Refreshed at any later moments, what is stored is what computing anew gives at that moment."""
    with emptied_afterwards():
        with time_machine.travel(NOW, tick=False):
            refresh(NOW)
            tell(*everything(), at=datetime(2000, 1, 1, tzinfo=UTC))
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
        tell(*everything(), at=datetime(2000, 1, 1, tzinfo=UTC))
        for batch in in_batches(data):
            observe(batch)
        known = Launch.objects.select_related("mission__orbit", "pad").all()
        counting = [launch for launch in known if launch.status_id and launch.net]
        for launch in known:
            ranks = reference(counting, launch) if launch in counting else {}
            for column in FAMILIES[1].columns:
                if column != "pad_launch_attempt_count":  # the one that is observed
                    assert getattr(launch, column) == ranks.get(column), (launch.pk, column)
