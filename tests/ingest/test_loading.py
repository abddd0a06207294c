"""Loading files: the rows in the catalogue, their times, and the report."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import Launch, LaunchStatus, Location, Pad
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.ingest import receiving, reports
from launchledger.ingest.loading import Instructions, Loader
from launchledger.ingest.reports import Complaint, Report
from launchledger.journal.models import Entry
from tests.support.bodies import EARLY, HOST, LATE, VOSTOK_1, VOSTOK_6, agency, agency_mini, flight, launch, pad

pytestmark = pytest.mark.django_db

FILE_TIME = datetime(2022, 5, 6, 7, 8, 9, tzinfo=UTC)


def written(folder: Path, name: str, body: Any, at: datetime = FILE_TIME) -> Path:
    """A file with this name, content and time of modification."""
    file = folder / name
    file.write_bytes(body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode())
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def load(*files: Path | str, standard_input: bytes | None = None, **instructions: Any) -> tuple[Report, list[str]]:
    complaints: list[Complaint] = []
    loader = Loader(Instructions(**instructions), complain=complaints.append)
    for file in files:
        loader.load(file, None if standard_input is None else BytesIO(standard_input))
    return loader.report, [str(complaint) for complaint in complaints]


def outcomes(report: Report) -> dict[str, dict[str, int]]:
    return {resource: dict(counts) for resource, counts in report.outcomes.items()}


def page(*results: Any) -> dict[str, Any]:
    return {"count": len(results), "next": None, "previous": None, "results": list(results)}


def test_every_object_of_a_file_is_loaded(tmp_path: Path) -> None:
    """Each with all that is nested in it, and counted by its resource."""
    report, complaints = load(written(tmp_path, "a.json", [flight(), agency(7), launch(VOSTOK_6)]))
    assert complaints == []
    assert outcomes(report) == {"spacecraft/flight": {"new": 1}, "agencies": {"new": 1}, "launch": {"new": 1}}
    assert SpacecraftFlight.objects.get(pk=1).launch_id == VOSTOK_1
    assert {Agency.objects.count(), Launch.objects.count()} == {2}


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    """Neither in the same run nor in another: all is the same, and the journal has no new entry."""
    file = written(tmp_path, "a.json", page(flight(), agency(7), pad(), launch(VOSTOK_6)))
    load(file)
    entries = Entry.objects.count()
    report, _ = load(file, file)
    assert {outcome for counts in outcomes(report).values() for outcome in counts} == {"same"}
    assert Entry.objects.count() == entries


def test_outcomes_are_new_changed_and_same(tmp_path: Path) -> None:
    """Of the object with all that is nested in it."""
    load(written(tmp_path, "a.json", [agency(1), agency(2)]), observed_at=EARLY)
    report, _ = load(written(tmp_path, "b.json", [agency(1), agency(2, name="Other"), agency(3)]), observed_at=LATE)
    assert outcomes(report) == {"agencies": {"same": 1, "changed": 1, "new": 1}}


@pytest.mark.parametrize("older_first", [True, False])
def test_a_smaller_shape_erases_nothing(tmp_path: Path, older_first: bool) -> None:
    """Whichever of the two was observed first, and whichever is loaded first."""
    large = written(tmp_path, "large.json", agency(), EARLY if older_first else LATE)
    small = written(tmp_path, "small.json", agency_mini(name="Small"), LATE if older_first else EARLY)
    for files in ([large, small], [small, large]):
        load(*files)
        row = Agency.objects.get(pk=66)
        assert (row.name, row.abbrev) == ("Small" if older_first else "Soviet Space Program", "CCCP")


def test_a_reply_is_as_new_as_the_user_says(tmp_path: Path) -> None:
    """--observed-at overrides all other times."""
    load(written(tmp_path, "a.json", launch(last_updated="2026-01-01T00:00:00Z")), observed_at=EARLY)
    assert Launch.objects.get().observed_at == EARLY


def test_a_page_is_as_new_as_its_newest_update(tmp_path: Path) -> None:
    """All of its objects, with all that is nested in them, have one time."""
    old, new = launch(last_updated="2023-01-01T00:00:00Z"), launch(VOSTOK_6, last_updated="2025-01-01T00:00:00Z")
    load(written(tmp_path, "a.json", page(old, new)))
    assert set(Launch.objects.values_list("observed_at", flat=True)) == {LATE}


def test_an_object_is_as_new_as_its_own_newest_update(tmp_path: Path) -> None:
    """Also in an array, and also if only the nested launch has one."""
    old, new = launch(last_updated="2023-01-01T00:00:00Z"), flight(launch=launch(VOSTOK_6, last_updated="2025-01-01T00:00:00Z"))
    load(written(tmp_path, "a.json", [old, new]))
    assert Launch.objects.get(pk=VOSTOK_1).observed_at == EARLY
    assert SpacecraftFlight.objects.get().observed_at == LATE


@pytest.mark.parametrize("body", [agency(), page(agency()), [agency()]], ids=["object", "page", "array"])
def test_a_reply_without_a_time_is_as_new_as_its_file(tmp_path: Path, body: Any) -> None:
    """The last source of a time."""
    load(written(tmp_path, "a.json", body))
    row = Agency.objects.get()
    assert (row.observed_at, row.source) == (FILE_TIME, "file:a.json")


def test_no_file_is_newer_than_now(tmp_path: Path) -> None:
    """A clock that was wrong once must not block later replies."""
    load(written(tmp_path, "a.json", agency(), datetime(9000, 1, 1, tzinfo=UTC)))
    observed_at = Agency.objects.get().observed_at
    assert observed_at is not None
    assert observed_at.timestamp() <= time.time()


def test_an_older_file_overwrites_nothing(tmp_path: Path) -> None:
    """Though it is loaded last. Values that only it has are stored."""
    load(written(tmp_path, "new.json", agency_mini(name="New"), LATE))
    report, _ = load(written(tmp_path, "old.json", agency(name="Old"), EARLY))
    row = Agency.objects.get()
    assert (row.name, row.abbrev) == ("New", "CCCP")
    assert outcomes(report) == {"agencies": {"changed": 1}}


def test_of_equal_times_the_last_wins(tmp_path: Path) -> None:
    """Of two copies that disagree in one file, such as a log that replies were appended to, however often it is loaded."""
    file = written(tmp_path, "a.json", page(agency_mini(name="First"), agency_mini(name="Second")))
    for _ in range(2):
        load(file)
        assert Agency.objects.get().name == "Second"
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_batches_change_no_outcome(tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An object in two batches has the same result as in one."""
    monkeypatch.setattr(receiving, "BATCH_OBJECTS", batch)
    bodies = [flight(), agency_mini(name="First"), agency_mini(7), agency(), agency_mini(name="Second")]
    report, _ = load(written(tmp_path, "a.json", page(*bodies)))
    assert Agency.objects.get(pk=66).name == "Second"
    assert sum(sum(counts.values()) for counts in outcomes(report).values()) == len(bodies)


@pytest.mark.parametrize("limit", ["BATCH_OBJECTS", "BATCH_RECORDS", "BATCH_CHARACTERS"])
def test_batches_are_bounded(tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In objects, in rows and in size: whichever comes first ends the transaction."""
    monkeypatch.setattr(receiving, limit, 2 if limit != "BATCH_CHARACTERS" else len(json.dumps(agency())) + 5)
    load(written(tmp_path, "a.json", [agency(number) for number in range(1, 6)]))
    transactions = Counter(Entry.objects.order_by("serial").values_list("at", flat=True))
    assert list(transactions.values()) == [2, 2, 1]


def test_unknown_keys_are_stored_and_reported_once(tmp_path: Path) -> None:
    """Once for each key of each model, with how often and where first; also those of rows without an id."""
    link = {"priority": 1, "url": "https://a.example/", "colour": "red"}
    bodies = [agency(1, moons=1), agency(2, moons=2), launch(moons=3, infoURLs=[link, link])]
    report, complaints = load(written(tmp_path, "a.json", bodies))
    assert complaints == []
    place = f"{tmp_path / 'a.json'}: "
    assert report.not_understood == {
        ("Agency", "moons"): place + "$[0]",
        ("Launch", "moons"): place + "$[2]",
        ("Launch", "info_urls.colour"): place + "$[2]",
    }
    assert report.not_understood_counts == {("Agency", "moons"): 2, ("Launch", "moons"): 1, ("Launch", "info_urls.colour"): 2}
    assert Agency.objects.get(pk=2).not_understood == {"moons": 2}


def test_the_report_of_unknown_keys_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a limit they are counted together; each is stored all the same."""
    monkeypatch.setattr(reports, "MOST_KEYS", 2)
    report, _ = load(written(tmp_path, "a.json", agency(**{f"key{number}": number for number in range(5)})))
    assert report.not_understood_counts == {("Agency", "key0"): 1, ("Agency", "key1"): 1, ("Agency", reports.OTHER_KEYS): 3}
    assert len(Agency.objects.get().not_understood) == 5


def test_objects_without_an_address_are_identified_by_the_user(tmp_path: Path) -> None:
    """Choices and the details of locations have none."""
    status = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": ""}
    load(written(tmp_path, "a.json", [status]), resource="config/launchstatus")
    assert LaunchStatus.objects.get(pk=3).abbrev == "Success"


def test_objects_without_an_address_are_identified_by_their_file(tmp_path: Path) -> None:
    """By its name, or by the request line of the browsable page that it holds."""
    load(written(tmp_path, "location__12.json", {"id": 12, "name": "Cape", "pads": []}))
    load(written(tmp_path, "saved.txt", 'GET /2.2.0/location/15/\nHTTP 200 OK\n\n{\n"id": 15,\n"name": "Baikonur"\n}'))
    assert dict(Location.objects.values_list("pk", "name")) == {12: "Cape", 15: "Baikonur"}


def test_older_versions_load_as_far_as_they_go(tmp_path: Path) -> None:
    """2.0.0 showed fewer keys, other keys, and links as plain addresses."""
    body = {
        "id": VOSTOK_1,
        "url": f"https://example.org/2.0.0/launch/{VOSTOK_1}/",
        "launch_library_id": 7,
        "name": "Vostok 1",
        "vidURLs": ["https://a.example/"],
    }
    report, complaints = load(written(tmp_path, "a.json", body))
    assert complaints == []
    assert list(report.not_understood) == [("Launch", "launch_library_id")]
    assert [video.url for video in Launch.objects.get().vid_urls.all()] == ["https://a.example/"]


def test_names_of_list_mode_remove_nothing(tmp_path: Path) -> None:
    """A list that shows only the name of a relation is loaded, and the relation stays."""
    short = {"id": VOSTOK_1, "url": f"{HOST}/launch/{VOSTOK_1}/", "name": "Vostok", "pad": "1/5", "mission": None, "type": "list"}
    load(written(tmp_path, "a.json", launch(), EARLY))
    _, complaints = load(written(tmp_path, "b.json", short), observed_at=LATE)
    row = Launch.objects.get()
    assert complaints == []
    assert (row.name, row.pad_id, row.pad_name, row.not_understood) == ("Vostok", 32, "1/5", {})
    assert Pad.objects.get(pk=32).name == "1/5"


def test_standard_input_is_a_file_too() -> None:
    """Dated at the time of reading, if it has no time itself."""
    before = int(time.time())
    report, complaints = load("-", standard_input=json.dumps(page(agency(), agency(7))).encode())
    assert (complaints, outcomes(report)) == ([], {"agencies": {"new": 2}})
    row = Agency.objects.get(pk=7)
    assert row.observed_at is not None
    assert (row.source, row.observed_at.timestamp() >= before) == ("file:standard input", True)


def test_a_pipe_is_a_file_too(tmp_path: Path) -> None:
    """The pipe of a shell's `<(…)` is not seekable."""
    pipe, writer = os.pipe()
    os.write(writer, json.dumps(page(agency())).encode())
    os.close(writer)
    _, complaints = load(Path(f"/dev/fd/{pipe}"))
    os.close(pipe)
    assert complaints == []
    assert Agency.objects.get().pk == 66


def test_progress_comes_to_the_end_of_the_file(tmp_path: Path) -> None:
    """It is reported with each object, and never goes back."""
    file = written(tmp_path, "a.json", page(agency(), agency(7)))
    places: list[int] = []
    Loader(Instructions(), progress=places.append).load(file)
    assert places == sorted(places)
    assert places[-1] == file.stat().st_size
