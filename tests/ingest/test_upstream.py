"""Real replies: all of them load, in one run and again, and the second run changes nothing."""

from __future__ import annotations

import pytest

from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.ingest.finding import files_in
from launchledger.ingest.loading import Instructions, Loader
from launchledger.ingest.reports import Complaint, Report
from launchledger.journal.models import Entry
from tests.support.upstream import REPLIES, SEEDS, needs_upstream

pytestmark = [pytest.mark.django_db, needs_upstream]


def load(*paths: str) -> tuple[Report, list[str]]:
    complaints: list[Complaint] = []
    loader = Loader(Instructions(), complain=complaints.append)
    for file in files_in(paths):
        loader.load(file)
    return loader.report, [str(complaint) for complaint in complaints]


def test_all_replies_of_this_version_load_twice() -> None:
    """Nothing is refused; the second time all is the same and the journal has no new entry."""
    folder = str(REPLIES / "2.2.0")
    report, complaints = load(folder)
    assert complaints == []
    assert set(report.not_understood) == {("LauncherConfiguration", "launch_library_id")}  # of early 2021
    entries, objects = Entry.objects.count(), sum(sum(counts.values()) for counts in report.outcomes.values())
    again, complaints = load(folder)
    assert complaints == []
    assert {outcome for counts in again.outcomes.values() for outcome in counts} == {"same"}
    assert sum(counts["same"] for counts in again.outcomes.values()) == objects
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_older_versions_load(version: str) -> None:
    """As far as they go: nothing is refused, and unknown keys are stored."""
    report, complaints = load(str(REPLIES / version))
    assert complaints == []
    assert Launch.objects.exists()
    assert ("Launch", "tbdtime") in report.not_understood


def test_the_two_pages_this_project_began_with_load() -> None:
    """As text of browsable pages, identified by the addresses in them."""
    report, complaints = load(*(str(file) for file in SEEDS))
    assert (complaints, dict(report.outcomes)) == ([], {"spacecraft/flight": {"new": 2}})
    assert set(SpacecraftFlight.objects.values_list("pk", flat=True)) == {567, 671}
