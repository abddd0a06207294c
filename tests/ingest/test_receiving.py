"""Receiving objects that are not in a file, such as those of HTTP replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import LaunchStatus
from launchledger.ingest.receiving import Received, receive
from launchledger.ingest.reports import Complaint
from launchledger.journal.models import Entry
from tests.support.bodies import EARLY, LATE, agency

pytestmark = pytest.mark.django_db

ADDRESS = "https://ledger.example/2.2.0/agencies/?limit=100"


def of_reply(*bodies: Any, **same: Any) -> list[Received]:
    """The objects of one page, observed at one time."""
    reply = Received(None, LATE, ADDRESS, ADDRESS, **same)
    return [replace(reply, body=body, path=f"$.results[{place}]", place=place) for place, body in enumerate(bodies)]


def test_objects_need_no_file() -> None:
    """One that is bad is refused with its address and path, and the others are stored with their source and time."""
    complaints: list[Complaint] = []
    report = receive(of_reply(agency(1), agency(2, name=["x"]), agency(3)), complaints.append)
    assert {resource: dict(counts) for resource, counts in report.outcomes.items()} == {"agencies": {"new": 2, "refused": 1}}
    assert report.refusals == 1
    assert [str(each) for each in complaints] == [f"{ADDRESS}: $.results[1].name: is an array, expected text"]
    assert list(Agency.objects.order_by("pk").values_list("pk", "source", "observed_at")) == [
        (1, ADDRESS, LATE),
        (3, ADDRESS, LATE),
    ]
    assert set(Entry.objects.values_list("source", "observed_at")) == {(ADDRESS, LATE)}


def test_the_source_names_the_resource_of_objects_without_a_url() -> None:
    """As `--as` does for files; a resource that does not exist is a refusal like any other."""
    status = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": ""}
    complaints: list[Complaint] = []
    receive(of_reply(status, resource="config/launchstatus"), complaints.append)
    assert (complaints, LaunchStatus.objects.get().abbrev) == ([], "Success")
    receive([*of_reply(status), *of_reply(status, resource="config/moons")], complaints.append)
    assert [each.reason for each in complaints] == [
        "has no url that identifies it; name its resource with --as RESOURCE",
        "is loaded as config/moons, which is not a resource of version 2.2.0",
    ]


def test_of_equal_times_the_later_reply_wins() -> None:
    """The order in which replies come decides nothing: of equal times, the one saved later counts, and in it the later place."""
    bodies = [agency(1, name="First"), agency(1, name="Second")]
    receive(of_reply(*bodies, saved=LATE))
    receive(of_reply(agency(1, name="Third"), saved=EARLY))
    assert Agency.objects.get().name == "Second"


def test_whole_batches_outlive_a_source_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the source raises reaches the caller; what was stored before stays, and can be sent again."""
    monkeypatch.setattr("launchledger.ingest.receiving.BATCH_OBJECTS", 2)

    def failing() -> Iterator[Received]:
        yield from of_reply(agency(1), agency(2), agency(3))
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        receive(failing())
    assert set(Agency.objects.values_list("pk", flat=True)) == {1, 2}
    assert dict(receive(of_reply(agency(1), agency(2), agency(3))).outcomes["agencies"]) == {"same": 2, "new": 1}
