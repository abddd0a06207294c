"""Filters that do not compare one column, on objects as real replies have them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import launch
from tests.support.whole import take_in, uuid, whole

pytestmark = pytest.mark.django_db


def _ids(client: Client, path: str, query: str) -> list[Any]:
    response = client.get(f"/2.2.0/{path}/?{query}")
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["results"]]


def test_suborbital_is_an_orbit_and_not_its_name(client: Client) -> None:
    """Orbit 15 is suborbital, also as replies of version 2.0.0 called it; a launch without an orbit stays."""
    old = {"id": 15, "name": "Sub-Orbital", "abbrev": "Sub Orbital"}
    low = {"id": 8, "name": "Low Earth Orbit", "abbrev": "LEO"}
    missions = ({"id": 1, "name": "Hop", "orbit": old}, {"id": 2, "name": "Relay", "orbit": low}, None)
    take_in("Launch", [launch(uuid(number), mission=mission) for number, mission in enumerate(missions, 1)])
    assert _ids(client, "launch", "include_suborbital=false") == [uuid(2), uuid(3)]
    assert _ids(client, "launch", "include_suborbital=true") == [uuid(1), uuid(2), uuid(3)]


def test_not_human_is_a_type_and_not_its_name(client: Client) -> None:
    """Astronaut type 6 is that of animals and dummies; someone without a type is in no list."""
    types = ((1, {"id": 6, "name": "Animal or dummy"}), (2, {"id": 2, "name": "Government"}))
    take_in("Astronaut", [{"id": id, "name": f"Somebody {id}", "type": type} for id, type in types])
    assert _ids(client, "astronaut", "is_human=true") == [2]
    assert _ids(client, "astronaut", "is_human=false") == [1]


LAUNCH_TIMES = [
    "2023-12-31T23:59:59Z",
    "2024-01-01T00:00:00Z",
    "2024-02-29T12:00:00Z",
    "2025-02-01T00:00:00Z",
    "2026-03-31T01:00:00Z",
]


@pytest.fixture(params=["launch", "event"])
def dated(request: pytest.FixtureRequest) -> str:
    """A resource with a row at each of LAUNCH_TIMES, numbered from 1."""
    path: str = request.param
    if path == "launch":
        take_in("Launch", [launch(uuid(number), net=net) for number, net in enumerate(LAUNCH_TIMES, 1)])
    else:
        take_in("Event", [{"id": number, "name": "Event", "date": date} for number, date in enumerate(LAUNCH_TIMES, 1)])
    return path


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("year=2024", [2, 3]),
        ("year=2024,2025", [2, 3, 4]),
        ("year=2024&year=2026", [2, 3, 5]),
        ("year=2024,2026&year=2023", [1, 2, 3, 5]),
        ("year=2025.0", [4]),
        ("year=2025.5", []),
        ("year=0,-1,10000", []),
        ("year=" + ",".join(str(year) for year in range(1800, 2025)), [1, 2, 3]),
        ("month=2,3", [3, 4, 5]),
        ("month=13", []),
        ("day=1,31", [1, 2, 4, 5]),
        ("day=29&month=2&year=2024", [3]),
        ("year=", [1, 2, 3, 4, 5]),
    ],
)
def test_years_months_and_days_take_lists(client: Client, dated: str, query: str, numbers: list[int]) -> None:
    """In UTC, with commas and repeated, few and many; a list of alternatives for each part, the parts joined by AND."""
    ids = [uuid(number) if dated == "launch" else number for number in numbers]
    assert _ids(client, dated, f"limit=100&{query}") == ids


def test_launches_know_the_longer_names(client: Client) -> None:
    """`net__year` and its kin mean the same as `year`."""
    take_in("Launch", [launch(uuid(number), net=net) for number, net in enumerate(LAUNCH_TIMES, 1)])
    assert _ids(client, "launch", "net__year=2024,2025&net__month=2&net__day=1,29") == [uuid(3), uuid(4)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [("date__gt=2024-01-01T00:00:00Z&date__lt=2025-02-01", [3]), ("date__gte=2024-01-01&date__lte=2024-02-29T12:00:00Z", [2, 3])],
)
def test_events_in_a_range_of_dates(client: Client, query: str, ids: list[int]) -> None:
    """As `net` on launches."""
    take_in("Event", [{"id": number, "name": "Event", "date": date} for number, date in enumerate(LAUNCH_TIMES, 1)])
    assert _ids(client, "event", query) == ids


def test_events_and_launches_by_a_video(client: Client) -> None:
    """Any of the addresses finds it, whole and exact; an event's `video_url` counts like its list."""
    one, two = "https://video.example/watch?v=1", "https://video.example/watch?v=2"
    body = {"name": "Event", "date": "2026-01-01T00:00:00Z"}
    take_in("Event", [{"id": 1, "video_url": one, **body}, {"id": 2, "vid_urls": [{"priority": 1, "url": two}], **body}])
    detail = whole(WIRE.shapes["LaunchDetailed"], 1) | {"vidURLs": [{"priority": 1, "url": one}]}
    take_in("Launch", [detail, launch(uuid(2))])
    for path, ids in (("event", {one: [1], two: [2]}), ("launch", {one: [uuid(1)], two: []})):
        for url, found in ids.items():
            assert _ids(client, path, urlencode({"video_url": url})) == found
            assert _ids(client, path, urlencode({"video_url": url[:-1]})) == []
    assert _ids(client, "event", urlencode({"video_url": f"{one},{two}"})) == [1, 2]
