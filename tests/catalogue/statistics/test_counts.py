"""What is counted of places, agencies, configurations and launchers, by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launchers import FirstStage, Launcher, LauncherConfiguration
from launchledger.catalogue.models.launches import Location, Pad
from launchledger.catalogue.models.spacecraft import LandingLocation
from tests.support.observed import (
    FAILURE,
    GO,
    NOW,
    PARTIAL,
    SUBORBITAL,
    SUCCESS,
    launch,
    moment,
    record,
    tell,
    uuid,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def counts(row: Any, *columns: str) -> tuple[Any, ...]:
    row.refresh_from_db()
    return tuple(getattr(row, column) for column in columns)


@pytest.mark.parametrize("name", ["Suborbital", "Sub-Orbital", ""])
def test_places_count_flown_launches(name: str) -> None:
    """Net not after now, whatever the status; suborbital ones, of any name, are not among a pad's flights to orbit."""
    tell(
        record("Orbit", SUBORBITAL, name=name),
        record("Location", 1),
        record("Pad", 1, location=1),
        record("Pad", 2, location=1),
        record("Mission", 1, orbit=SUBORBITAL),
        launch(1, "2024-06-01T12:00:00", GO, pad=1),
        launch(2, "2024-06-01T12:00:01", GO, pad=1),
        launch(3, "2000-01-01T00:00:00", pad=2, mission=1),
    )
    columns = ("total_launch_count", "orbital_launch_attempt_count")
    assert [counts(Pad.objects.get(pk=key), *columns) for key in (1, 2)] == [(1, 1), (1, 0)]
    assert counts(Location.objects.get(pk=1), "total_launch_count", "total_landing_count") == (2, 0)


def test_a_pad_that_moves_takes_its_launches_along() -> None:
    """Both locations are right afterwards."""
    tell(record("Location", 1), record("Location", 2), record("Pad", 1, location=1), launch(1, "2000-01-01T00:00:00", pad=1))
    tell(record("Pad", 1, location=2), at=LATER)
    assert [counts(Location.objects.get(pk=key), "total_launch_count") for key in (1, 2)] == [(0,), (1,)]


def flown(number: int, status: int) -> Any:
    return launch(number, f"2024-01-{number:02d}T00:00:00", status, launch_service_provider=1, configuration=1)


RECORD = ("total_launch_count", "successful_launches", "failed_launches", "pending_launches", "consecutive_successful_launches")


@pytest.mark.parametrize("model", [Agency, LauncherConfiguration])
def test_a_record_is_counted_by_status(model: Any) -> None:
    """Finished are successes, failures and partial failures; the streak begins after the last of these."""
    tell(record("Agency", 1), record("LauncherConfiguration", 1))
    assert counts(model.objects.get(pk=1), *RECORD) == (0, 0, 0, 0, 0)
    tell(*(flown(number, status) for number, status in enumerate([3, 4, 3, 7, 3, 3, 1, 2, 5, 8, 6], start=1)))
    assert counts(model.objects.get(pk=1), *RECORD) == (6, 4, 2, 4, 2)
    tell(flown(6, FAILURE), at=LATER)
    assert counts(model.objects.get(pk=1), *RECORD) == (6, 3, 3, 4, 0)


def test_a_launch_with_another_provider_counts_for_both() -> None:
    """It leaves the record of the one and enters that of the other."""
    tell(record("Agency", 1), record("Agency", 2), record("LauncherConfiguration", 1), flown(1, SUCCESS))
    tell(record("Launch", uuid(1), launch_service_provider=2), at=LATER)
    assert [counts(Agency.objects.get(pk=key), "total_launch_count") for key in (1, 2)] == [(0,), (1,)]


@pytest.fixture
def landed() -> None:
    """Three flights of one launcher, of which the second failed to land, and one that is still to fly."""
    tell(
        *(record(model, 1) for model in ("Agency", "LauncherConfiguration", "Launcher", "Location")),
        record("LandingLocation", 1, location=1),
        *(flown(number, SUCCESS) for number in (1, 2, 3)),
        launch(4, "2025-01-01T00:00:00", GO, launch_service_provider=1, configuration=1),
    )
    for number in (1, 2, 3, 4):
        success = number != 2 if number < 4 else None
        tell(
            record("Landing", number, attempt=True, success=success, location=1),
            record("FirstStage", number, launch=uuid(number), launcher=1, landing=number),
        )


LANDINGS = ("attempted_landings", "successful_landings", "failed_landings", "consecutive_successful_landings")


def test_landings_count_for_whoever_launched(landed: None) -> None:
    """Landings of first stages of flown launches, of the provider, the configuration, the launcher and the place."""
    assert counts(Agency.objects.get(pk=1), *LANDINGS) == (3, 2, 1, 1)
    assert counts(LauncherConfiguration.objects.get(pk=1), *LANDINGS) == (3, 2, 1, 1)
    assert counts(Launcher.objects.get(pk=1), *LANDINGS[:2]) == (3, 2)
    assert counts(LandingLocation.objects.get(pk=1), "successful_landings") == (2,)
    assert counts(Location.objects.get(pk=1), "total_landing_count") == (3,)
    tell(record("Landing", 3, success=False), at=LATER)
    assert counts(Agency.objects.get(pk=1), *LANDINGS) == (3, 1, 2, 0)
    assert counts(LandingLocation.objects.get(pk=1), "successful_landings") == (1,)


def test_a_launchers_flights_follow_one_another(landed: None) -> None:
    """By net: the number of each, the one before it, and the whole days between; the launcher knows its first and last flown."""
    columns = ("launcher_flight_number", "previous_flight_id", "turn_around_time_days")
    assert [counts(FirstStage.objects.get(pk=key), *columns) for key in (1, 2, 4)] == [
        (1, None, None), (2, uuid(1), 1), (4, uuid(3), 364),
    ]  # fmt: skip
    dates = ("flights", "first_launch_date", "last_launch_date")
    assert counts(Launcher.objects.get(pk=1), *dates) == (3, moment("2024-01-01T00:00:00"), moment("2024-01-03T00:00:00"))
    tell(record("Launch", uuid(2), net="2024-01-05T13:00:00", status=PARTIAL), at=LATER)
    assert [counts(FirstStage.objects.get(pk=key), *columns) for key in (2, 3)] == [(3, uuid(3), 2), (2, uuid(1), 2)]


def test_a_placeholder_has_flights_in_no_sequence(landed: None) -> None:
    """A placeholder for launchers that are not known yet is not one launcher (upstream's `Unknown F9` has no flight numbers)."""
    tell(record("Launcher", 1, is_placeholder=True), at=LATER)
    assert counts(FirstStage.objects.get(pk=2), "launcher_flight_number", "previous_flight_id") == (None, None)


def test_a_stage_that_changes_its_launcher_counts_for_both(landed: None) -> None:
    """The flights behind it move up; the other launcher has one more."""
    tell(record("Launcher", 2), record("FirstStage", 2, launcher=2), at=LATER)
    assert counts(FirstStage.objects.get(pk=3), "launcher_flight_number", "previous_flight_id") == (2, uuid(1))
    assert [counts(Launcher.objects.get(pk=key), "flights") for key in (1, 2)] == [(2,), (1,)]
