"""Time in space and docked, crews, landings, age and what is at stations, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import refresh
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.spacecraft import Spacecraft
from launchledger.catalogue.models.stations import DockingLocation, SpaceStation, Spacewalk
from launchledger.catalogue.statistics.astronauts import age
from tests.catalogue.statistics.test_counts import counts
from tests.support.observed import GO, NOW, SUCCESS, launch, moment, record, tell, uuid

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def flight(key: int, net: str, end: str | None, status: int = SUCCESS, **columns: Any) -> None:
    """A flight of spacecraft 1 with its launch."""
    tell(
        record("Spacecraft", 1),
        launch(key, net, status),
        record("SpacecraftFlight", key, spacecraft=1, launch=uuid(key), mission_end=end, **columns),
    )


SPACECRAFT = ("in_space", "time_in_space", "time_in_space_since", "flights_count", "mission_ends_count")


def test_a_spacecraft_sums_its_flown_flights() -> None:
    """What is over is stored; what is planned does not count."""
    flight(1, "2024-01-01T00:00:00", "2024-01-03T12:00:00")
    flight(2, "2024-02-01T00:00:00", "2024-02-02T00:00:00")
    flight(3, "2025-02-01T00:00:00", None, GO)
    assert counts(Spacecraft.objects.get(pk=1), *SPACECRAFT) == (False, timedelta(days=3, hours=12), None, 2, 2)


def test_an_open_flight_runs_and_does_not_tick() -> None:
    """The row holds since when it runs; of a placeholder's open flights the time runs once, from the first."""
    tell(record("Spacecraft", 1, is_placeholder=True))
    flight(1, "2024-01-01T00:00:00", "2024-01-02T00:00:00")
    flight(2, "2024-05-30T00:00:00", "2024-09-01T00:00:00")
    flight(3, "2024-05-31T00:00:00", None)
    since = moment("2024-05-30T00:00:00")
    assert counts(Spacecraft.objects.get(pk=1), *SPACECRAFT) == (True, timedelta(days=1), since, 3, 1)


def _shown(client: Client) -> str:
    text: str = client.get("/2.2.0/spacecraft/1/").json()["time_in_space"]
    return text


def test_what_is_shown_is_at_most_a_minute_old(client: Client, clock: Any) -> None:
    """It runs in whole minutes, and not before it began; when the end has passed, it stops."""
    flight(1, "2024-06-01T11:58:30", "2024-06-01T13:00:30")
    assert _shown(client) == "PT1M30S"
    clock.shift(59)
    assert _shown(client) == "PT1M30S"
    clock.shift(1)
    assert _shown(client) == "PT2M30S"
    clock.move_to(moment("2024-06-01T13:01:00"))
    refresh()
    assert _shown(client) == "PT1H2M"


def test_just_launched_shows_no_negative_time(client: Client) -> None:
    """In the minute of its launch a craft has been in space for no time."""
    with time_machine.travel(NOW + timedelta(seconds=40), tick=False):
        flight(1, "2024-06-01T12:00:30", None)
        assert _shown(client) == "P0D"


def test_an_observed_duration_does_not_run(client: Client) -> None:
    """A duration that was observed does not run, also when it ran before; what is shown changes with an entry of the journal."""
    flight(1, "2024-05-30T00:00:00", None)
    assert _shown(client) == "P2DT12H"
    tell(record("Spacecraft", 1, time_in_space=timedelta(0)), at=LATER)
    assert _shown(client) == "P0D"
    assert counts(Spacecraft.objects.get(pk=1), "time_in_space_since") == (None,)


@pytest.mark.parametrize(("ordering", "ids"), [("time_in_space", [2, 1]), ("-time_in_space", [1, 2])])
def test_spacecraft_are_ordered_by_what_is_shown(client: Client, ordering: str, ids: list[int]) -> None:
    """A craft that has been up for long is ordered above one whose flights are over, although its stored time is zero."""
    flight(1, "2024-01-01T00:00:00", None)
    tell(record("Spacecraft", 2, time_in_space=timedelta(days=100)))
    results = client.get("/2.2.0/spacecraft/", {"ordering": ordering}).json()["results"]
    assert [each["id"] for each in results] == ids


def test_dockings_sum_and_run() -> None:
    """Departed ones are stored, the open one runs; one that is still to come does not count."""
    flight(1, "2024-01-01T00:00:00", None)
    tell(
        record("SpaceStation", 1),
        record("DockingLocation", 1, spacestation=1),
        record("DockingEvent", 1, docking="2024-01-02T00:00:00", departure="2024-01-03T00:00:00", flight_vehicle=1),
        record("DockingEvent", 2, docking="2024-02-02T00:00:00", departure=None, flight_vehicle=1, docking_location=1),
        record("DockingEvent", 3, docking="2024-07-02T00:00:00", departure=None, flight_vehicle=1, docking_location=1),
    )
    docked = counts(Spacecraft.objects.get(pk=1), "time_docked", "time_docked_since")
    assert docked == (timedelta(days=1), moment("2024-02-02T00:00:00"))
    assert counts(SpaceStation.objects.get(pk=1), "docked_vehicles") == (1,)
    assert counts(DockingLocation.objects.get(pk=1), "docked_id") == (2,)
    tell(record("DockingEvent", 2, departure="2024-06-01T00:00:00"), at=LATER)
    assert counts(SpaceStation.objects.get(pk=1), "docked_vehicles") == (0,)
    assert counts(DockingLocation.objects.get(pk=1), "docked_id") == (None,)


def crew(*astronauts: int) -> None:
    tell(
        *(record("Astronaut", key) for key in astronauts), *(record("AstronautFlight", key, astronaut=key) for key in astronauts)
    )


ASTRONAUT = ("in_space", "time_in_space", "time_in_space_since", "flights_count", "landings_count")


def test_astronauts_are_up_from_their_launch_to_their_landing() -> None:
    """Who lands with another craft than they came with is up until that one ends."""
    crew(1, 2)
    flight(1, "2024-01-01T00:00:00", "2024-01-11T00:00:00", launch_crew=[1, 2], landing_crew=[2])
    flight(2, "2024-01-05T00:00:00", "2024-02-01T00:00:00", launch_crew=[], landing_crew=[1])
    assert counts(Astronaut.objects.get(pk=1), *ASTRONAUT) == (False, timedelta(days=31), None, 1, 1)
    assert counts(Astronaut.objects.get(pk=2), *ASTRONAUT) == (False, timedelta(days=10), None, 1, 1)
    tell(record("SpacecraftFlight", 2, mission_end=None), at=LATER)
    since = moment("2024-01-01T00:00:00")
    assert counts(Astronaut.objects.get(pk=1), *ASTRONAUT) == (True, timedelta(0), since, 1, 0)


def test_who_is_in_no_landing_crew_came_down_with_their_flight() -> None:
    """Crews that did not land, and catalogues without landing crews: the flight's own end ends their time."""
    crew(1)
    flight(1, "2024-01-01T00:00:00", "2024-01-02T00:00:00", launch_crew=[1])
    assert counts(Astronaut.objects.get(pk=1), *ASTRONAUT) == (False, timedelta(days=1), None, 1, 0)


def test_an_astronauts_dates_and_spacewalks() -> None:
    """First and last flight are flown nets; a spacewalk's own length is from start to end, and one to come is not walked."""
    crew(1)
    for number, year in ((1, 2020), (2, 2022), (3, 2030)):
        flight(number, f"{year}-01-01T00:00:00", None, GO if year == 2030 else SUCCESS, launch_crew=[1])
    tell(
        record("Spacewalk", 1, start="2022-02-01T10:00:00", end="2022-02-01T17:30:00", crew=[1]),
        record("Spacewalk", 2, start="2030-02-01T10:00:00", end="2030-02-01T11:00:00", crew=[1]),
        record("Spacewalk", 3, start=None, duration=timedelta(hours=1), crew=[1]),
    )
    assert counts(Spacewalk.objects.get(pk=1), "duration") == (timedelta(hours=7, minutes=30),)
    dates = counts(Astronaut.objects.get(pk=1), "flights_count", "first_flight", "last_flight")
    assert dates == (2, moment("2020-01-01T00:00:00"), moment("2022-01-01T00:00:00"))
    assert counts(Astronaut.objects.get(pk=1), "spacewalks_count", "eva_time") == (2, timedelta(hours=8, minutes=30))


def test_an_own_list_of_flights_is_counted_too() -> None:
    """What upstream listed for an astronaut counts, and follows its launches when they move."""
    tell(launch(1, "2020-01-01T00:00:00"), launch(2, "2021-01-01T00:00:00"), record("Astronaut", 1, flights=[uuid(1), uuid(2)]))
    tell(record("Launch", uuid(2), net="2019-01-01T00:00:00"), at=LATER)
    dates = counts(Astronaut.objects.get(pk=1), "flights_count", "first_flight", "last_flight")
    assert dates == (2, moment("2019-01-01T00:00:00"), moment("2020-01-01T00:00:00"))


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1968, 3, 9), date(2024, 3, 8), 55),
        (date(1968, 3, 9), date(2024, 3, 9), 56),
        (date(1960, 2, 29), date(2023, 2, 28), 62),
        (date(1960, 2, 29), date(2023, 3, 1), 63),
        (date(1934, 3, 9), date(1968, 3, 27), 34),
    ],
)
def test_age_is_in_whole_years(born: date, on: date, years: int) -> None:
    """Upstream's 491 ages of December 2025 are these."""
    assert age(born, on) == years


def test_the_dead_grow_no_older() -> None:
    """Age is that of today, or that at death; without a date of birth there is none."""
    tell(record("Astronaut", 1, date_of_birth=date(1934, 3, 9), date_of_death=date(1968, 3, 27)))
    tell(record("Astronaut", 2, date_of_birth=date(1980, 6, 1)), record("Astronaut", 3))
    assert [counts(Astronaut.objects.get(pk=key), "age") for key in (1, 2, 3)] == [(34,), (44,), (None,)]


def test_a_station_counts_the_crews_of_its_active_expeditions(client: Client) -> None:
    """It lists those that are going on, by their beginning, and counts each person once."""
    crew(1, 2)
    tell(
        record("SpaceStation", 1),
        record("Expedition", 1, start="2024-03-01T00:00:00", end="2024-09-01T00:00:00", spacestation=1, crew=[1, 2]),
        record("Expedition", 2, start="2024-02-01T00:00:00", end=None, spacestation=1, crew=[2]),
        record("Expedition", 3, start="2024-02-01T00:00:00", end="2024-05-01T00:00:00", spacestation=1, crew=[2]),
    )
    body = client.get("/2.2.0/spacestation/1/").json()
    assert ([each["id"] for each in body["active_expeditions"]], body["onboard_crew"]) == ([2, 1], 2)
    tell(record("SpaceStation", 1, active_expeditions=[2]), at=LATER)
    body = client.get("/2.2.0/spacestation/1/").json()
    assert ([each["id"] for each in body["active_expeditions"]], body["onboard_crew"]) == ([2], 1)
