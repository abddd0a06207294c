"""`/flights/`: which flights it shows, and in which order."""

from __future__ import annotations

import html
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.bodies import VOSTOK_6, flight, launch
from tests.support.people import living, spacecraft
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

DURING, AFTER = "1963-06-17T00:00:00Z", "1964-01-01T00:00:00Z"
QUERIES = (
    "the state of the cached lists",
    "the keys of the page, with its count",
    "the stored documents of these keys",
    *("the state of the catalogue" for _ in range(2)),  # for the spacecraft to choose from, and for the flights in space
)


def _get(client: Client, query: str = "", now: str = AFTER) -> str:
    with time_machine.travel(now, tick=False):
        response = client.get(f"/flights/{query}")
    assert response.status_code == 200
    return response.content.decode()


def _flights(page: str) -> list[str]:
    """The addresses of the flights in the list, in its order."""
    return re.findall(r'<th scope="row"><a href="(/flights/\d+)">', page.split("<main")[1].split("<form")[1])


@pytest.fixture(autouse=True)
def _two_flights() -> None:
    later = launch(VOSTOK_6, name="Vostok-K | Vostok 6", slug="vostok-6", net="1963-06-16T09:29:52Z")
    crew = {"launch_crew": [living(3, 6, "Valentina Tereshkova")], "landing_crew": []}
    second = flight(2, launch=later, spacecraft=spacecraft(101, "Vostok 6"), destination="Orbit", landing=None, **crew)
    second["mission_end"] = "1963-06-19T08:20:00Z"
    take_in("SpacecraftFlight", [flight(), second])


def test_the_newest_comes_first(client: Client) -> None:
    """By net, unless the order of a column is asked for; the headings say which order it is."""
    page = _get(client)
    assert _flights(page) == ["/flights/2", "/flights/1"]
    assert 'href="?ordering=-mission_end"' in page
    by_end = _get(client, "?ordering=mission_end")
    assert _flights(by_end) == ["/flights/1", "/flights/2"]
    assert '<th scope="col" aria-sort="ascending"><a href="?ordering=-mission_end">' in by_end


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?spacecraft=101", ["/flights/2"]),
        ("?spacecraft=7", []),
        ("?search=vostok+6", ["/flights/2"]),
        ("?search=low+earth", ["/flights/1"]),
        ("?search=%25", []),
        ("?search=VOSTOK", ["/flights/2", "/flights/1"]),
    ],
)
def test_filters_and_search(client: Client, query: str, found: list[str]) -> None:
    """The filter of the wire, and a search of spacecraft, launch and destination, which the wire has not."""
    page = _get(client, query)
    assert _flights(page) == found
    assert ("This list as JSON" in page) is ("search" not in query)


@pytest.mark.parametrize("query", ["?spacecraft=x", f"?search={'x' * 101}", "?search=%00"])
def test_what_cannot_be_read_is_named(client: Client, query: str) -> None:
    """The page says which parameter, and why."""
    response = client.get(f"/flights/{query}")
    assert response.status_code == 400
    assert f"<code>{query[1:].partition('=')[0]}</code>: " in response.content.decode()


def test_flights_in_space_are_first(client: Client) -> None:
    """By the catalogue's rules; on the list's first page alone."""
    during = _get(client, now=DURING)
    assert "In space now: 1" in during
    assert 'href="/flights/2">Vostok 6<' in during.split("<main")[1].split("<form")[0]
    assert "In space now: 0" in _get(client)
    assert "In space now" not in _get(client, "?ordering=mission_end", now=DURING)


def test_names_stay_text(client: Client) -> None:
    """Whatever the catalogue or a stranger gives."""
    hostile = spacecraft(102, "<script>alert(1)</script>")
    take_in("SpacecraftFlight", [flight(3, spacecraft=hostile, launch=launch(VOSTOK_6))])
    page = _get(client, "?search=<script>")
    assert "<script>alert" not in page
    assert html.escape("<script>alert(1)</script>") in page


def test_the_list_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many flights; what is in space is found once a minute."""
    _get(client, now=DURING)
    with CaptureQueriesContext(connection) as queries:
        _get(client, now=DURING)
    assert len(queries) <= len(QUERIES), [query["sql"][:90] for query in queries.captured_queries]
