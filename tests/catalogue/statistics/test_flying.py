"""Which launches flew, which spacecraft are up and what is docked, by hand: the right answers where data are old or mistyped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import refresh
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.launches import Pad
from launchledger.catalogue.models.spacecraft import Spacecraft
from launchledger.catalogue.models.stations import DockingLocation, SpaceStation, Spacewalk
from launchledger.catalogue.statistics.flying import TRUSTED
from launchledger.formats.times import LONGEST_DURATION
from tests.catalogue.statistics.test_counts import counts
from tests.catalogue.statistics.test_in_space import crew, flight
from tests.support.observed import (
    DAY,
    DESTROYED,
    FAILURE,
    GO,
    HOLD,
    HOUR,
    IN_FLIGHT,
    MINUTE,
    MONTH,
    NOW,
    PARTIAL,
    RETIRED,
    SECOND,
    SINGLE_USE,
    SUCCESS,
    UNCONFIRMED,
    UNDETERMINED,
    YEAR,
    launch,
    moment,
    record,
    tell,
    uuid,
)

pytestmark = pytest.mark.django_db
NOT_UP = (False, timedelta(0), None)
TIMES = ("in_space", "time_in_space", "time_in_space_since")
DOCKED = ("time_docked", "time_docked_since")
SPRING = "2024-03-01T00:00:00"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def craft(key: int = 1) -> tuple[Any, ...]:
    return counts(Spacecraft.objects.get(pk=key), *TIMES)


def person(key: int = 1) -> tuple[Any, ...]:
    return counts(Astronaut.objects.get(pk=key), *TIMES)


@pytest.mark.parametrize(
    ("status", "precision", "passed", "has_flown"),
    [
        (SUCCESS, None, True, True),
        (SUCCESS, MONTH, False, True),
        (FAILURE, None, True, True),
        (PARTIAL, YEAR, False, True),
        (IN_FLIGHT, MINUTE, True, True),
        (UNDETERMINED, MONTH, True, False),
        (UNDETERMINED, SECOND, True, False),
        (UNDETERMINED, None, True, False),
        (HOLD, HOUR, True, False),
        (GO, SECOND, True, True),
        (GO, HOUR, True, True),
        (GO, None, True, True),
        (GO, DAY, True, False),
        (GO, MINUTE, False, False),
        (UNCONFIRMED, MINUTE, True, True),
        (UNCONFIRMED, MONTH, True, False),
        (UNCONFIRMED, None, True, False),
    ],
)
def test_a_launch_flew_by_status_then_precision_then_the_clock(
    status: int, precision: int | None, passed: bool, has_flown: bool
) -> None:
    """What left is counted whatever its net; what is undetermined or on hold is not; the rest by an exact net that passed."""
    net = "2024-05-31T23:00:00" if passed else "2024-06-30T00:00:00"
    tell(record("Pad", 1), launch(1, net, status, pad=1, net_precision=precision))
    assert counts(Pad.objects.get(pk=1), "total_launch_count") == (int(has_flown),)


def test_an_end_before_its_beginning_is_ignored() -> None:
    """The craft has the time of its good flight alone; the person no time, and both are down: the flight did end."""
    crew(1)
    flight(1, "1995-03-02T06:38:00", "1995-03-18T21:47:00")
    flight(2, "1996-01-11T09:41:00", "1966-01-20T07:41:00", launch_crew=[1], landing_crew=[1])
    assert craft() == (False, timedelta(days=16, hours=15, minutes=9), None)
    assert person() == NOT_UP


def test_a_mistyped_end_is_not_replaced_by_that_of_the_next_flight() -> None:
    """Somebody who flew twice has the time of the second flight alone, not the years between the two."""
    crew(1)
    flight(1, "1996-01-11T00:00:00", "1966-01-20T00:00:00", launch_crew=[1], landing_crew=[1])
    flight(2, "2000-02-11T00:00:00", "2000-02-22T00:00:00", launch_crew=[1], landing_crew=[1])
    assert person() == (False, timedelta(days=11), None)


def test_spacewalks_of_a_year_and_more_add_nothing() -> None:
    """No spacewalk is that long; two of the longest that a reply may have are more than a database can add."""
    crew(1)
    longest = timedelta(microseconds=LONGEST_DURATION)
    tell(*(record("Spacewalk", number, start="2024-02-01T10:00:00", duration=longest, crew=[1]) for number in (1, 2)))
    tell(record("Spacewalk", 3, start="2024-02-01T10:00:00", duration=timedelta(hours=7), crew=[1]))
    assert counts(Astronaut.objects.get(pk=1), "eva_time", "spacewalks_count") == (timedelta(hours=7), 3)


def test_spacewalks_dockings_and_ages_are_never_below_zero() -> None:
    """A duration whose end is mistyped is null, or adds nothing; so is the age of somebody who died before their birth."""
    crew(1)
    flight(1, SPRING, "2024-04-01T00:00:00")
    tell(
        record("Spacewalk", 1, start="2024-02-01T10:00:00", end="2014-02-01T17:00:00", crew=[1]),
        record("Spacewalk", 2, start="2024-02-01T10:00:00", duration=timedelta(hours=-3), crew=[1]),
        record("DockingEvent", 1, docking="2024-03-03T00:00:00", departure="2004-03-20T00:00:00", flight_vehicle=1),
        record("Astronaut", 1, date_of_birth=date(1934, 3, 9), date_of_death=date(1918, 3, 27)),
        record("Astronaut", 2, date_of_birth=date(2034, 3, 9)),
    )
    assert counts(Spacewalk.objects.get(pk=1), "duration") == (None,)
    assert counts(Astronaut.objects.get(pk=1), "eva_time", "spacewalks_count", "age") == (timedelta(0), 2, None)
    assert counts(Astronaut.objects.get(pk=2), "age") == (None,)
    assert counts(Spacecraft.objects.get(pk=1), *DOCKED) == (timedelta(0), None)


@pytest.mark.parametrize("columns", [{"attempt": True, "success": True}, {"attempt": True, "success": False}])
def test_what_landed_is_down(client: Client, columns: dict[str, bool]) -> None:
    """Without an end its time is not known, and does not grow, whether the landing went well or not."""
    tell(record("Landing", 1, **columns))
    crew(1)
    flight(1, SPRING, None, landing=1, launch_crew=[1])
    assert craft() == person() == NOT_UP
    assert client.get("/2.2.0/spacecraft/1/").json()["time_in_space"] == "P0D"


def test_an_attempted_landing_is_not_evidence() -> None:
    """Flights that go on have landings that are planned as attempts."""
    tell(record("Landing", 1, attempt=True, success=None))
    flight(1, SPRING, None, landing=1)
    assert craft() == (True, timedelta(0), moment(SPRING))
    tell(record("Landing", 1, success=True), at=NOW + timedelta(days=1))
    assert craft() == NOT_UP


def test_a_newer_flight_of_the_same_spacecraft_ends_the_older() -> None:
    """The time runs from the newer flight's net; a planned newer flight ends nothing."""
    crew(1)
    flight(1, "2024-02-01T00:00:00", None, launch_crew=[1])
    flight(2, "2024-05-01T00:00:00", None, UNDETERMINED, landing_crew=[])
    assert craft() == person() == (True, timedelta(0), moment("2024-02-01T00:00:00"))
    tell(record("Launch", uuid(2), status=SUCCESS), at=NOW + timedelta(days=1))
    assert craft() == (True, timedelta(0), moment("2024-05-01T00:00:00"))
    assert person() == NOT_UP


def test_what_did_not_reach_space_is_not_there() -> None:
    """A failed launch without an end: nobody is up. In flight and success: they are."""
    crew(1)
    flight(1, SPRING, None, FAILURE, launch_crew=[1])
    assert craft() == person() == NOT_UP
    for status in (IN_FLIGHT, SUCCESS):
        tell(record("Launch", uuid(1), status=status), at=NOW + timedelta(days=status))
        assert craft() == person() == (True, timedelta(0), moment(SPRING))


@pytest.mark.parametrize(("status", "is_up"), [(RETIRED, False), (DESTROYED, False), (SINGLE_USE, True), (1, True)])
def test_a_spacecraft_out_of_service_is_down(status: int, is_up: bool) -> None:
    """Retired and destroyed ones; those of a single use are said to be that while they are in orbit."""
    flight(1, SPRING, None)
    tell(record("Spacecraft", 1, status=status))
    assert craft()[0] is is_up


def test_who_flew_again_or_died_came_down_and_so_did_their_craft() -> None:
    """The flight of the crew is over with the first of them of whom that is known."""
    crew(1, 2)
    flight(1, "2024-01-01T00:00:00", None, launch_crew=[1, 2])
    tell(launch(9, SPRING), record("Astronaut", 1, flights=[uuid(1), uuid(9)]))
    assert craft() == person(1) == person(2) == NOT_UP
    tell(record("Astronaut", 1, flights=[uuid(1)]), at=NOW + timedelta(days=1))
    assert craft()[0] is person(1)[0] is person(2)[0] is True
    tell(record("Astronaut", 2, date_of_death=date(2024, 5, 1)))
    assert craft() == person(1) == person(2) == NOT_UP
    tell(record("Astronaut", 2, date_of_death=None, status=11), at=NOW + timedelta(days=1))
    assert person(1) == NOT_UP


def test_what_nobody_saw_for_long_is_not_in_space(clock: Any) -> None:
    """An open flight is believed for some time after it was last seen; seen again, it is believed again."""
    crew(1)
    flight(1, SPRING, None, launch_crew=[1])
    refresh()
    clock.move_to(NOW + TRUSTED - timedelta(minutes=1))
    refresh()
    assert craft() == person() == (True, timedelta(0), moment(SPRING))
    clock.move_to(NOW + TRUSTED)
    refresh()
    assert craft() == person() == NOT_UP
    tell(record("SpacecraftFlight", 1, mission_end=None), at=NOW + TRUSTED)
    assert craft() == person() == (True, timedelta(0), moment(SPRING))


def dock(*dockings: Any) -> None:
    tell(record("SpaceStation", 1), record("DockingLocation", 1, spacestation=1), *dockings)


def docked() -> tuple[Any, ...]:
    """The time docked of spacecraft 1, vehicles at the station, and the docking at the port."""
    station, port = SpaceStation.objects.get(pk=1), DockingLocation.objects.get(pk=1)
    times = counts(Spacecraft.objects.get(pk=1), *DOCKED)
    return (*times, *counts(station, "docked_vehicles"), *counts(port, "docked_id"))


def test_a_docking_ends_with_its_flight_or_station() -> None:
    """The time is that to the end of the flight, or to the day on which the station came down, and does not grow."""
    begin = moment("2024-03-02T00:00:00")
    flight(1, SPRING, None)
    dock(record("DockingEvent", 1, docking="2024-03-02T00:00:00", departure=None, flight_vehicle=1, docking_location=1))
    assert docked() == (timedelta(0), begin, 1, 1)
    tell(record("SpaceStation", 1, deorbited=date(2024, 5, 1)))
    assert docked() == (timedelta(days=60), None, 0, None)
    tell(record("SpaceStation", 1, deorbited=None), at=NOW + timedelta(days=1))
    tell(record("SpacecraftFlight", 1, mission_end="2024-03-12T00:00:00"), at=NOW + timedelta(days=1))
    assert docked() == (timedelta(days=10), None, 0, None)


def test_a_station_that_comes_down_as_time_passes(clock: Any) -> None:
    """On the day on which it is to come down, what is docked is no longer docked."""
    flight(1, SPRING, None)
    dock(record("DockingEvent", 1, docking="2024-03-02T00:00:00", departure=None, flight_vehicle=1, docking_location=1))
    tell(record("SpaceStation", 1, deorbited=date(2024, 6, 3)))
    refresh()
    assert docked()[2:] == (1, 1)
    clock.move_to(moment("2024-06-03T00:00:00"))
    refresh()
    assert docked() == (timedelta(days=93), None, 0, None)


def test_a_newer_docking_ends_the_older() -> None:
    """At the same port, where only one fits, and of the same flight, which moved to another port."""
    flight(1, SPRING, None)
    first = {"docking": "2024-03-02T00:00:00", "departure": None, "docking_location": 1}
    dock(record("DockingEvent", 1, flight_vehicle=1, **first))
    tell(record("DockingEvent", 2, docking="2024-04-02T00:00:00", departure=None, docking_location=1))
    assert docked() == (timedelta(0), None, 1, 2)
    moved = record("DockingEvent", 2, docking_location=2, flight_vehicle=1)
    tell(record("DockingLocation", 2, spacestation=1), moved, at=NOW + timedelta(days=1))
    assert docked() == (timedelta(0), moment("2024-04-02T00:00:00"), 1, None)


def test_a_docking_of_a_flight_that_did_not_leave_has_not_begun() -> None:
    """A planned docking whose placeholder passed with that of its launch counts nowhere."""
    flight(1, SPRING, None, UNDETERMINED)
    dock(record("DockingEvent", 1, docking="2024-03-02T00:00:00", departure=None, flight_vehicle=1, docking_location=1))
    assert docked() == (timedelta(0), None, 0, None)
