"""Where values come from: observed ones stay as they came, computed ones follow other rows, and readers know which is which."""

from __future__ import annotations

from typing import Any

import pytest

from launchledger.catalogue.actions import recompute
from launchledger.catalogue.models.base import Origin
from launchledger.catalogue.models.launches import Pad
from launchledger.catalogue.models.stations import SpaceStation
from launchledger.catalogue.statistics.comparing import compare
from launchledger.journal.models import Entry
from tests.support.observed import NOW, SECOND, launch, record, tell

pytestmark = pytest.mark.django_db


def _pad(key: int = 1) -> Any:
    return Pad.objects.get(pk=key)


def test_a_value_is_observed_or_computed_column_by_column() -> None:
    """One number of a row may be observed while another is computed; names that no reply had are not observed."""
    tell(record("Pad", 1, total_launch_count=77), launch(1, "2024-01-01T00:00:00", pad=1, net_precision=SECOND))
    pad = _pad()
    assert (pad.total_launch_count, pad.origin_of("total_launch_count")) == (77, Origin.OBSERVED)
    assert (pad.orbital_launch_attempt_count, pad.origin_of("orbital_launch_attempt_count")) == (1, Origin.COMPUTED)
    assert pad.origin_of("name") is Origin.COMPUTED


def test_computing_changes_what_is_computed_alone() -> None:
    """Both after a change that affects the number, and when all are recomputed; the journal marks computed changes."""
    tell(record("Pad", 1, total_launch_count=77))
    tell(launch(1, "2024-01-01T00:00:00", pad=1, net_precision=SECOND))
    recompute(NOW)
    assert (_pad().total_launch_count, _pad().orbital_launch_attempt_count) == (77, 1)
    changed = Entry.objects.filter(kind="Pad", source="statistics").values_list("changes", flat=True)
    assert [list(changes) for changes in changed] == [["orbital_launch_attempt_count"]]


def test_a_number_that_is_observed_at_last_is_no_longer_ours() -> None:
    """From then on it stays as observed, and is compared with the computed value."""
    tell(record("Pad", 1), launch(1, "2024-01-01T00:00:00", pad=1, net_precision=SECOND))
    counts = {(each.model, each.number): each.compared for each in compare(NOW)}
    assert (_pad().total_launch_count, counts["Pad", "total_launch_count"]) == (1, 0)
    tell(record("Pad", 1, total_launch_count=77, orbital_launch_attempt_count=1))
    tell(launch(2, "2024-02-01T00:00:00", pad=1, net_precision=SECOND))
    found = {each.number: each for each in compare(NOW) if each.model == "Pad"}
    assert [(each.observed, each.ours) for each in found["total_launch_count"].differing] == [(77, 2)]
    assert [(each.observed, each.ours) for each in found["orbital_launch_attempt_count"].differing] == [(1, 2)]
    assert not _pad().computed


def test_lists_have_an_origin_as_well() -> None:
    """A station's active expeditions follow from the expeditions until somebody lists them."""
    tell(
        record("SpaceStation", 1),
        record("Expedition", 1, start="2024-01-01T00:00:00", spacestation=1),
    )
    station = SpaceStation.objects.get()
    assert station.origin_of("active_expeditions") is Origin.COMPUTED
    tell(record("SpaceStation", 1, active_expeditions=[]), at=NOW.replace(year=2025))
    station = SpaceStation.objects.get()
    assert station.origin_of("active_expeditions") is Origin.OBSERVED
    assert not station.active_expeditions.exists()
