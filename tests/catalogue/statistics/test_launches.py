"""Ranks and turnarounds of launches, counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from launchledger.catalogue.models.launches import Launch
from launchledger.journal.models import Entry
from tests.support.observed import GO, LOW, SUBORBITAL, launch, moment, record, tell, uuid

pytestmark = pytest.mark.django_db
LATER = moment("2024-07-01T00:00:00")


@pytest.fixture
def places() -> None:
    """Two pads at one location, one at another, and missions to orbit (1) and not (2)."""
    tell(
        *(record("Location", key) for key in (1, 2)),
        *(record("Pad", key, location=location) for key, location in ((1, 1), (2, 1), (3, 2))),
        *(record("Agency", key) for key in (1, 2)),
        record("Mission", 1, orbit=LOW),
        record("Mission", 2, orbit=SUBORBITAL),
    )


def values(column: str, *numbers: int) -> list[Any]:
    return [getattr(Launch.objects.get(pk=uuid(number)), column) for number in numbers]


def ranks(name: str, *numbers: int) -> list[tuple[int | None, int | None]]:
    column = f"{name}_launch_attempt_count"
    return list(zip(values(column, *numbers), values(f"{column}_year", *numbers), strict=True))


def test_a_rank_counts_what_is_not_later_in_the_same_group(places: None) -> None:
    """Of all years and of the launch's own year in UTC; a planned launch has its place like any other."""
    tell(
        launch(1, "2023-12-31T23:59:59", pad=1, launch_service_provider=1, mission=1),
        launch(2, "2024-01-01T00:00:00", pad=2, launch_service_provider=2, mission=1),
        launch(3, "2024-03-01T00:00:00", pad=3, launch_service_provider=1),
        launch(4, "2030-01-01T00:00:00", GO, pad=1, launch_service_provider=1, mission=1),
    )
    assert ranks("orbital", 1, 2, 3, 4) == [(1, 1), (2, 1), (3, 2), (4, 1)]
    assert ranks("location", 1, 2, 3, 4) == [(1, 1), (2, 1), (1, 1), (3, 1)]
    assert ranks("pad", 1, 2, 3, 4) == [(1, 1), (1, 1), (1, 1), (2, 1)]
    assert ranks("agency", 1, 2, 3, 4) == [(1, 1), (1, 1), (2, 1), (3, 1)]


def test_equal_nets_share_the_last_place(places: None) -> None:
    """As upstream counts them: seven launches of one net had the same rank, and the next one the rank after it (August 2026)."""
    tell(*(launch(number, "2024-01-31T00:00:00", pad=1) for number in (1, 2)), launch(3, "2024-02-01T00:00:00", pad=1))
    assert ranks("pad", 1, 2, 3) == [(2, 2), (2, 2), (3, 3)]


def test_a_suborbital_launch_has_no_place_among_the_orbital(places: None) -> None:
    """Its rank is null and that of the year 0, and it is not counted; in the other groups it is."""
    tell(launch(1, "2024-01-01T00:00:00", pad=1, mission=2), launch(2, "2024-01-02T00:00:00", pad=1, mission=1))
    assert ranks("orbital", 1, 2) == [(None, 0), (1, 1)]
    assert ranks("pad", 1, 2) == [(1, 1), (2, 2)]


def test_a_launch_without_a_pad_or_a_net_has_no_rank(places: None) -> None:
    """Without a pad there is none among its pad's; without a net, or known by name only, none at all."""
    tell(launch(1, "2024-01-01T00:00:00"), launch(2, None, pad=1), launch(3, "2024-01-01T00:00:00", None, pad=1))
    assert ranks("pad", 1, 2, 3) == [(None, None)] * 3
    assert ranks("orbital", 1, 2, 3) == [(1, 1), (None, None), (None, None)]


def test_a_launch_that_moves_shifts_both_sides(places: None) -> None:
    """Moved to another pad and later, it leaves its place to those behind it and takes one in the other group."""
    tell(
        launch(1, "2024-01-01T00:00:00", pad=1),
        launch(2, "2024-01-02T00:00:00", pad=1),
        launch(3, "2024-01-03T00:00:00", pad=3),
        launch(4, "2024-01-05T00:00:00", pad=3),
    )
    tell(record("Launch", uuid(1), pad=3, net="2024-01-04T00:00:00"), at=LATER)
    assert ranks("pad", 1, 2, 3, 4) == [(2, 2), (1, 1), (1, 1), (3, 3)]
    assert values("pad_turnaround", 1, 2, 3, 4) == [timedelta(1), timedelta(0), timedelta(0), timedelta(1)]


def test_an_observed_number_is_kept(places: None) -> None:
    """Whatever the rows give; and one that is sent later takes the place of the computed one at once."""
    tell(launch(1, "2024-01-01T00:00:00", pad=1, pad_launch_attempt_count=414))
    tell(launch(2, "2024-01-02T00:00:00", pad=1))
    assert values("pad_launch_attempt_count", 1, 2) == [414, 2]
    tell(record("Launch", uuid(2), pad_launch_attempt_count=415), at=LATER)
    tell(launch(3, "2023-01-01T00:00:00", pad=1))
    assert values("pad_launch_attempt_count", 1, 2, 3) == [414, 415, 1]


def test_each_change_has_its_entry(places: None) -> None:
    """Who is shifted by another's launch gets an entry whose source is the statistics; a new launch has all in its first one."""
    tell(launch(1, "2024-01-02T00:00:00", pad=1))
    tell(launch(2, "2024-01-01T00:00:00", pad=1))
    created, shifted = Entry.objects.filter(kind="Launch", key=uuid(1)).order_by("serial")
    assert created.source == "test"
    assert created.changes["pad_launch_attempt_count"] == [None, 1]
    assert (shifted.source, shifted.action) == ("statistics", "changed")
    assert shifted.changes["pad_launch_attempt_count"] == [1, 2]
    assert shifted.changes["pad_turnaround"] == ["P0D", "P1D"]
    tell(launch(2, "2024-01-01T00:00:00", pad=1), at=LATER)
    assert Entry.objects.filter(kind="Launch", key=uuid(1)).count() == 2


def test_a_mission_that_proves_suborbital_leaves_the_ranks(places: None) -> None:
    """Those behind it move up, and the pad's flights to orbit are one less."""
    tell(*(launch(number, f"2024-01-0{number}T00:00:00", pad=1, mission=1) for number in (1, 2)))
    tell(record("Mission", 3, orbit=LOW), launch(3, "2024-01-03T00:00:00", pad=1, mission=3))
    tell(record("Mission", 1, orbit=SUBORBITAL), at=LATER)
    assert ranks("orbital", 1, 2, 3) == [(None, 0), (None, 0), (1, 1)]
    assert Launch.objects.get(pk=uuid(3)).pad.orbital_launch_attempt_count == 1
