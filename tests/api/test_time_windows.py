"""Upcoming and previous: which rows, by the clock, in which order, in the list and in the detail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.support.bodies import HOST, launch
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)

# Launches and events by their number: each is at NOW and so long after it.
TIMES = {1: -9 * DAY, 2: -DAY - SECOND, 3: -DAY, 4: -HOUR, 5: timedelta(0), 6: SECOND, 7: 9 * DAY, 8: 9 * DAY}


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _moment(number: int) -> str:
    return (NOW + TIMES[number]).strftime("%Y-%m-%dT%H:%M:%SZ")


def _take_in(kind: str) -> None:
    if kind == "launch":
        take_in("Launch", [launch(uuid(number), net=_moment(number)) for number in reversed(TIMES)] + [launch(uuid(9), net=None)])
    else:
        take_in("Event", [{"id": number, "date": _moment(number)} for number in reversed(TIMES)] + [{"id": 9, "date": None}])


def _numbers(client: Client, address: str) -> list[int]:
    return [int(str(item["id"])[-12:]) for item in client.get(address).json()["results"]]


@pytest.mark.parametrize("kind", ["launch", "event"])
def test_upcoming_begins_a_day_ago_and_previous_ends_now(client: Client, kind: str) -> None:
    """The last 24 hours are in both; a row without a time is in neither; upcoming runs forward and previous back."""
    _take_in(kind)
    assert _numbers(client, f"/2.2.0/{kind}/upcoming/") == [3, 4, 5, 6, 7, 8]
    assert _numbers(client, f"/2.2.0/{kind}/previous/") == [5, 4, 3, 2, 1]
    assert client.get(f"/2.2.0/{kind}/").json()["count"] == 9


@pytest.mark.parametrize("kind", ["launch", "event"])
@pytest.mark.parametrize(("asked", "first"), [("True", 5), ("true", 5), ("1", 5), ("False", 3), ("false", 3), ("0", 3), ("", 3)])
def test_past_rows_can_be_hidden(client: Client, kind: str, asked: str, first: int) -> None:
    """`hide_recent_previous` moves the beginning to now; clients write it as Python and as JavaScript do."""
    _take_in(kind)
    assert _numbers(client, f"/2.2.0/{kind}/upcoming/?hide_recent_previous={asked}") == list(range(first, 9))


@pytest.mark.parametrize("kind", ["launch", "event"])
def test_the_clock_moves_rows_from_one_to_the_other(client: Client, kind: str) -> None:
    """Nothing is written when a time passes, and the next reply shows it."""
    _take_in(kind)
    with time_machine.travel(NOW + SECOND, tick=False):
        assert _numbers(client, f"/2.2.0/{kind}/upcoming/") == [4, 5, 6, 7, 8]
        assert _numbers(client, f"/2.2.0/{kind}/previous/") == [6, 5, 4, 3, 2, 1]
        assert _numbers(client, f"/2.2.0/{kind}/upcoming/?hide_recent_previous=true") == [6, 7, 8]


@pytest.mark.parametrize("kind", ["launch", "event"])
@pytest.mark.parametrize(("when", "within", "beyond"), [("upcoming", (3, 5, 8), (2, 9)), ("previous", (1, 5), (6, 9))])
def test_a_detail_is_found_where_its_list_has_it(
    client: Client, kind: str, when: str, within: tuple[int, ...], beyond: tuple[int, ...]
) -> None:
    """The same rows have a detail there, the same as elsewhere; all others are 404."""
    _take_in(kind)
    for number in within + beyond:
        id = uuid(number) if kind == "launch" else number
        response = client.get(f"/2.2.0/{kind}/{when}/{id}/")
        if number in within:
            assert response.content == client.get(f"/2.2.0/{kind}/{id}/").content
        else:
            assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


def test_an_order_that_is_asked_for_wins(client: Client) -> None:
    """`ordering` takes what launches take, in their parts too."""
    _take_in("launch")
    assert _numbers(client, "/2.2.0/launch/upcoming/?ordering=-net") == [7, 8, 6, 5, 4, 3]
    assert _numbers(client, "/2.2.0/launch/previous/?ordering=net") == [1, 2, 3, 4, 5]


def test_filters_search_and_pages_work_within(client: Client) -> None:
    """What narrows launches narrows upcoming ones, and the links of a page stay on it."""
    _take_in("launch")
    page = client.get("/2.2.0/launch/upcoming/?limit=2&search=vostok&mode=list&status=3").json()
    assert (page["count"], page["previous"]) == (6, None)
    assert page["next"] == "http://testserver/2.2.0/launch/upcoming/?limit=2&mode=list&offset=2&search=vostok&status=3"
    assert _numbers(client, "/2.2.0/launch/upcoming/?lsp__ids=66&location__ids=99") == [3, 4, 5, 6, 7, 8]
    assert _numbers(client, "/2.2.0/launch/upcoming/?lsp__ids=66&location__ids=99&strict_filtering=true") == []


def test_a_launch_names_its_own_address(client: Client) -> None:
    """`url` is that of the launch, wherever it is listed."""
    _take_in("launch")
    (item, *_) = client.get("/2.2.0/launch/upcoming/").json()["results"]
    assert item["url"] == f"http://testserver/2.2.0/launch/{uuid(3)}/"


def test_a_launch_that_others_only_named_is_in_neither(client: Client) -> None:
    """A launch of which another object's detail gave the id and the net is in no list."""
    known: dict[str, Any] = {"id": uuid(1), "url": f"{HOST}/launch/{uuid(1)}/", "net": _moment(6)}
    take_in("Launch", [known])
    assert _numbers(client, "/2.2.0/launch/upcoming/") == []
    assert client.get(f"/2.2.0/launch/upcoming/{uuid(1)}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("year=2026", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("net__year=2025", []),
        ("month=2", [1, 2, 3]),
        ("net__month=3", [4, 5, 6, 7, 8]),
        ("day=28", [2, 3]),
        ("year=2026&month=3&net__day=10", [7, 8]),
        ("year=99999999999", []),
        ("month=0", []),
        ("day=-1", []),
    ],
)
def test_launches_of_a_year_month_or_day(client: Client, query: str, found: list[int]) -> None:
    """`year`, `month` and `day` are those of net in UTC; numbers that no date has find nothing."""
    _take_in("launch")
    assert _numbers(client, f"/2.2.0/launch/?{query}") == found


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00.000Z",
        "2026-03-01T12:00:00.000000%2B00:00",
        "2026-03-01T14:00:00%2B02:00",
        "2026-03-01 12:00:00",
        "2026-03-01T12:00Z",
    ],
)
def test_times_may_be_written_in_many_ways(client: Client, written: str) -> None:
    """With a zone or without (UTC then), with a fraction or without, as JavaScript and Python write them."""
    _take_in("launch")
    assert _numbers(client, f"/2.2.0/launch/?net__gte={written}") == [5, 6, 7, 8]
    assert _numbers(client, f"/2.2.0/launch/?net__lt={written}") == [1, 2, 3, 4]


def test_a_date_is_midnight(client: Client) -> None:
    """A date without a time is midnight in UTC."""
    _take_in("launch")
    assert _numbers(client, "/2.2.0/launch/?net__gte=2026-03-01") == [4, 5, 6, 7, 8]
    assert _numbers(client, "/2.2.0/launch/?net__lt=2026-02-28") == [1]
