"""The time of a reply: from its content, the name of its file, or the time of its file."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.base import Observed
from launchledger.formats.times import UNKNOWN
from launchledger.ingest.dating import DatesInNames, FileTimes, Times, times_in
from launchledger.ingest.loading import Instructions, Loader
from tests.ingest.test_loading import page, written
from tests.support.bodies import EARLY, HOST, LATE, MIDDLE, agency_mini, launch

OLD, NEW = "2023-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
LAST_FLIGHT = datetime(2021, 4, 9, 7, 42, 41, tzinfo=UTC)
PERSON = {"id": 5, "url": f"{HOST}/astronaut/5/", "name": "A", "last_flight": "2021-04-09T07:42:41Z"}


@pytest.mark.parametrize(
    "body", [{"last_updated": NEW, "a": {"last_updated": OLD}}, [{"last_updated": OLD}, {"b": {"last_updated": NEW}}]]
)
def test_the_newest_update_counts(body: Any) -> None:
    """Wherever it is in the reply."""
    assert times_in(body).updated == LATE


def test_invalid_times_are_ignored() -> None:
    """An unknown key may have any value."""
    strange: list[Any] = [{"last_updated": "soon"}, {"last_updated": 5}, {"net": NEW, "status": [3]}, {"date": {}}]
    assert times_in(strange) == times_in([]) == times_in("2024") == Times()
    assert times_in([*strange, {"last_updated": OLD}]).updated == EARLY


@pytest.mark.parametrize(
    ("body", "happened"),
    [
        ({"created_on": NEW}, True),
        ({"previous_flight_date": NEW}, True),
        ({"net": NEW, "status": {"id": 3}}, True),
        ({"net": NEW, "status": {"id": 1}}, False),
        ({"net": NEW}, False),
        ({"date": NEW}, True),
        ({"date": NEW, "date_precision": None}, True),
        ({"date": NEW, "date_precision": {"id": 2}}, True),
        ({"date": NEW, "date_precision": {"id": 7}}, False),
        ({"date": "2999-01-01T00:00:00Z"}, False),
        ({"last_launch_date": "2999-01-01T00:00:00Z"}, False),
    ],
)
def test_what_certainly_happened(body: dict[str, Any], happened: bool) -> None:
    """A launch by its status, an event by an exact date that has passed; planned times do not count."""
    assert times_in({"nested": [body]}) == Times(happened=LATE if happened else None)


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("%Y-%m-%d", "a/launch-2025-05-03.json", datetime(2025, 5, 3, tzinfo=UTC)),
        ("%Y-%m-%d", "a/2025-05-03/b/launch.json", datetime(2025, 5, 3, tzinfo=UTC)),
        ("%Y-%m-%d", "2020-01-01/launch-2025-05-03.json", datetime(2025, 5, 3, tzinfo=UTC)),
        ("%Y-%m-%d", "2024-02-30/launch.json", None),
        ("%Y%m%dT%H%M%SZ", "launch_20250503T192748Z.json.gz", datetime(2025, 5, 3, 19, 27, 48, tzinfo=UTC)),
        ("%Y%m%d", "launch_1202505031.json", None),
        ("%d.%m.%Y %H", "03.05.2025 19 launch.json", datetime(2025, 5, 3, 19, tzinfo=UTC)),
        ("%s", "launch-1746300468.json", datetime(2025, 5, 3, 19, 27, 48, tzinfo=UTC)),
        ("%Y-%m-%d", "launch.json", None),
    ],
)
def test_dates_in_names(pattern: str, path: str, found: datetime | None) -> None:
    """In the name itself before those of folders; a day that does not exist is not a date."""
    assert DatesInNames(pattern).find(Path(path)) == found


@pytest.mark.parametrize("pattern", ["", "%Y-%m", "%Y-%m-%d-%j", "%Y-%m-%d %d", "%s-%Y-%m-%d", "2025"])
def test_patterns_without_a_whole_date(pattern: str) -> None:
    """They are refused before any file is read."""
    with pytest.raises(ValueError, match=r"%|date"):
        DatesInNames(pattern)


def _loaded(model: type[Observed], *files: Path, **instructions: Any) -> tuple[Any, list[str]]:
    """The one row that these files, loaded together, lead to, and the lines about them."""
    notes: list[str] = []
    loader = Loader(Instructions(file_times=FileTimes(files), **instructions), note=notes.append)
    for file in files:
        loader.load(file)
    assert not loader.report.refusals
    return model._default_manager.get(), notes


@pytest.mark.django_db
class TestLoading:
    """The same rules in the catalogue after loading."""

    def test_no_reply_is_older_than_an_event_in_it(self, tmp_path: Path) -> None:
        """A file of 2020 with a flight in 2021."""
        row, notes = _loaded(Astronaut, written(tmp_path, "a.json", PERSON, datetime(2020, 1, 1, tzinfo=UTC)))
        assert (row.observed_at, notes) == (LAST_FLIGHT, [])

    def test_files_of_one_second_have_no_credible_time(self, tmp_path: Path) -> None:
        """As after a checkout: the newest event counts, and one line explains how to give the time."""
        other = written(tmp_path, "b.json", {**PERSON, "name": "B"})
        row, notes = _loaded(Astronaut, written(tmp_path, "a.json", PERSON), other)
        assert row.observed_at == LAST_FLIGHT
        (note,) = notes
        assert "all 2 files were modified in the same second" in note
        assert "--observed-at" in note
        assert "--dates-in-names" in note

    def test_old_facts_without_a_time_do_not_beat_new_ones(self, tmp_path: Path) -> None:
        """A list of agencies of 2021 in a checkout, and a launch of 2025 with another name for one of them."""
        old = written(tmp_path, "agencies.json", page(agency_mini(name="Old")))
        new = written(tmp_path, "launch.json", launch(launch_service_provider=agency_mini(name="New"), last_updated=NEW))
        for files in ((new, old), (old, new)):
            row, _ = _loaded(Agency, *files)
            assert row.name == "New"
        old_alone = Agency.objects.get().observations
        assert all(each[0] != UNKNOWN.isoformat() for each in old_alone)

    def test_a_reply_with_its_own_time_needs_no_file_time(self, tmp_path: Path) -> None:
        """No line where the files' times are not needed."""
        body = launch(last_updated=NEW)
        row, notes = _loaded(Agency, written(tmp_path, "a.json", body), written(tmp_path, "b.json", body))
        assert (row.observed_at, notes) == (LATE, [])

    @pytest.mark.skipif(not shutil.which("git"), reason="there is no git")
    @pytest.mark.parametrize("tracked", [True, False])
    def test_tracked_files_have_no_credible_time(self, tmp_path: Path, tracked: bool) -> None:
        """Git gives them the time of the checkout; an untracked file was saved where it is."""
        file = written(tmp_path, "a.json", PERSON)
        git = ["git", "-C", str(tmp_path)]
        subprocess.run([*git, "init", "-q"], check=True)
        if tracked:
            subprocess.run([*git, "add", "a.json"], check=True)
        row, notes = _loaded(Astronaut, file)
        assert (row.observed_at == LAST_FLIGHT) is tracked
        assert ["is tracked by git" in note for note in notes] == [True] * tracked

    def test_the_name_of_a_file_gives_its_time(self, tmp_path: Path) -> None:
        """Whatever time the file has; but a date without a time makes no reply older than its own times."""
        folder = tmp_path / "2024-01-01"
        folder.mkdir()
        dates = DatesInNames("%Y-%m-%d")
        row, notes = _loaded(Agency, written(folder, "a.json", agency_mini(name="A")), dates_in_names=dates)
        assert (row.observed_at, notes) == (MIDDLE, [])
        stamp = (MIDDLE + timedelta(hours=5)).isoformat()
        row, _ = _loaded(
            Agency, written(folder, "b.json", {**agency_mini(name="B"), "last_updated": stamp}), dates_in_names=dates
        )
        assert (row.name, row.observed_at) == ("B", MIDDLE + timedelta(hours=5))

    def test_a_name_without_a_date_is_reported(self, tmp_path: Path) -> None:
        """It is loaded as if no pattern had been given."""
        file = written(tmp_path, "a.json", agency_mini(), EARLY)
        row, notes = _loaded(Agency, file, dates_in_names=DatesInNames("%Y-%m-%d"))
        assert (row.observed_at, notes) == (EARLY, [f"{file}: its name has no date like %Y-%m-%d"])

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_of_equal_times_the_later_file_wins(self, tmp_path: Path, order: tuple[int, int]) -> None:
        """Though both replies have the same `last_updated`."""
        files = []
        for day in range(2):
            body = launch(last_updated=NEW, hashtag=f"Day {day}")
            files.append(written(tmp_path, f"{9 - day}.json", body, MIDDLE + timedelta(days=day, milliseconds=5)))
        for number in order:
            Loader(Instructions()).load(files[number])
        row = _launch()
        assert row.hashtag == "Day 1"
        saved = {each[3] for each in row.observations}
        assert saved == {"2024-01-02T00:00:00.005000Z"}
        os.utime(files[0], (LATE.timestamp(), LATE.timestamp()))
        Loader(Instructions()).load(files[0])
        assert _launch().hashtag == "Day 0"


def _launch() -> Any:
    from launchledger.catalogue.models.launches import Launch

    return Launch.objects.get()
