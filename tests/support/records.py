"""Records for tests of properties: any few of them, a row of every kind, and a small whole catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from launchledger.catalogue.records import Record
from launchledger.wire.v2_2_0 import WIRE
from tests.support.observed import (
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
    uuid,
)

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
    """Records of a model with any of its columns."""
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

# A reply makes a row of whatever it names; these records name some without making them.
EVERY_ROW = [
    Record(model, uuid(key) if model == "Launch" else key) for model in sorted(WIRE.reader.keyed_models) for key in range(1, 7)
]


def everything() -> list[Record]:
    """A small whole catalogue, in which all rows that derived numbers depend on are related, so that each change matters."""
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
