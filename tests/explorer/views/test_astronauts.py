"""`/astronauts/`: who is in space now, which people the list shows, and records."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.bodies import HOST, agency_mini, flight
from tests.support.people import living
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

DURING = "1961-04-12T06:37:00Z"
QUERIES = (
    "the state of the cached lists",
    "the keys of the page, with its count",
    "the stored documents of these keys",
    *("the state of the catalogue" for _ in range(6)),  # for four fields, the people in space, and the records
)


def _person(id: int, name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "url": f"{HOST}/astronaut/{id}/",
        "name": name,
        "status": {"id": 1, "name": "Active"},
        "type": {"id": 2, "name": "Government"},
        "agency": agency_mini(),
        "nationality": "Russian",
        "in_space": False,
        "time_in_space": "P0D",
        "eva_time": "P0D",
        "date_of_birth": None,
        "date_of_death": None,
        "flights_count": 0,
        **changes,
    }


def _get(client: Client, query: str = "", now: str = "2026-01-01T00:00:00Z") -> str:
    with time_machine.travel(now, tick=False):
        response = client.get(f"/astronauts/{query}")
    assert response.status_code == 200
    return response.content.decode()


def _names(page: str) -> list[str]:
    """The names in the list, in its order."""
    table = page.split('<table class="people">')[1].split("</table>")[0]
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a href="/astronauts/\d+">([^<]*)<', table)]


def _record(page: str, title: str) -> list[tuple[str, str, str]]:
    """The lines of a record: place, name, number."""
    table = page.split(f"<h3>{title}</h3>")[1].split("</table>")[0]
    return re.findall(r'<td class="place">(\d+)</td><th scope="row"><a[^>]*>([^<]*)</a></th><td class="number">([^<]*)<', table)


@pytest.fixture
def _three_people() -> None:
    other = {"nationality": "American", "agency": agency_mini(44, "NASA"), "status": {"id": 2, "name": "Retired"}}
    flown = {"flights_count": 2, "time_in_space": "P3DT4H", "eva_time": "P1DT15H54M", "date_of_birth": "1950-01-01"}
    take_in(
        "Astronaut",
        [
            _person(1, "Cosmo Naut", time_in_space="P10D", flights_count=2),
            _person(2, "Astro Naut", **other, **flown),
            _person(3, "Never Flew", nationality="French"),
            _person(4, "A Dog", type={"id": 6, "name": "Non-Human"}, time_in_space="P99D", flights_count=9),
        ],
    )


@pytest.mark.usefixtures("_three_people")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["A Dog", "Astro Naut", "Cosmo Naut", "Never Flew"]),
        ("?ordering=-time_in_space&is_human=true", ["Cosmo Naut", "Astro Naut", "Never Flew"]),
        ("?ordering=-eva_time&agency_ids=44", ["Astro Naut"]),
        ("?status=2", ["Astro Naut"]),
        ("?nationality=French", ["Never Flew"]),
        ("?type__id=6", ["A Dog"]),
        ("?search=naut", ["Astro Naut", "Cosmo Naut"]),
        ("?has_flown=false&search=never", ["Never Flew"]),
    ],
)
def test_filters_search_and_order_are_those_of_the_wire(client: Client, query: str, names: list[str]) -> None:
    """The page has the same people as its JSON twin; by name, where no order is asked for."""
    assert _names(_get(client, query)) == names
    twin = client.get(f"/2.2.0/astronaut/{query}").json()
    assert sorted(each["name"] for each in twin["results"]) == sorted(names)


@pytest.mark.usefixtures("_three_people")
def test_columns_order_the_list(client: Client) -> None:
    """A heading leads to its order, then to the reverse, and keeps the filters."""
    page = _get(client, "?search=naut")
    assert '<a href="?search=naut&amp;ordering=-time_in_space">Time in space</a>' in page
    page = _get(client, "?search=naut&ordering=-time_in_space")
    assert _names(page) == ["Cosmo Naut", "Astro Naut"]
    assert '<th scope="col" aria-sort="descending"><a href="?search=naut&amp;ordering=time_in_space">' in page
    assert '<input type="hidden" name="ordering" value="-time_in_space">' in page


@pytest.mark.usefixtures("_three_people")
def test_records(client: Client) -> None:
    """Of humans with such a number, the highest first; equal numbers share a place. Each leads to all in its order."""
    page = _get(client)
    assert _record(page, "Most time in space") == [("1", "Cosmo Naut", "10 d"), ("2", "Astro Naut", "3 d 4 h")]
    assert _record(page, "Most flights") == [("1", "Astro Naut", "2"), ("1", "Cosmo Naut", "2")]
    assert _record(page, "Most time outside") == [("1", "Astro Naut", "39 h 54 min")]
    assert 'href="?ordering=-time_in_space&amp;is_human=true"' in page
    assert "Most flights" not in _get(client, "?search=naut")


def test_who_is_in_space_comes_first(client: Client) -> None:
    """With the launch, since when, and for how long; the times run."""
    with time_machine.travel(DURING, tick=False):
        take_in("SpacecraftFlight", [flight(mission_end=None, landing=None, launch_crew=[living(1)], landing_crew=[living(2)])])
    for now, lasted in ((DURING, "30 min"), ("1961-04-12T07:07:00Z", "1 h")):
        page = _get(client, now=now)
        up = page.split("<main")[1].split("<form")[0]
        assert "In space now: 1" in up
        assert '<a href="/launches/vostok-k-vostok-1">Vostok-K | Vostok 1</a>' in up
        assert re.findall(r'<td class="number">([^<]*)</td>', up) == [lasted, lasted]


def test_nobody_in_space_is_said(client: Client) -> None:
    """And an empty catalogue has a page too."""
    page = _get(client)
    assert "In space now: 0" in page
    assert "Nobody, as far as this catalogue knows." in page
    assert "Nothing matches" in page


def test_a_total_from_before_the_stay_is_left_out(client: Client) -> None:
    """A reply's time in space that is shorter than the stay so far is not the time in all flights."""
    take_in("Astronaut", [_person(1, "Up There", in_space=True, time_in_space="P5D", last_flight="2025-12-22T00:00:00Z")])
    assert re.findall(r'<td class="number">([^<]*)</td>', _get(client).split("<main")[1].split("<form")[0]) == ["10 d", ""]
    assert re.findall(
        r'<td class="number">([^<]*)</td>', _get(client, now="2025-12-24T00:00:00Z").split("<main")[1].split("<form")[0]
    ) == [
        "2 d",
        "5 d",
    ]


def test_names_stay_text(client: Client) -> None:
    """In the list, among those in space, in records, and among the values to choose from."""
    hostile = "<script>alert(1)</script>"
    take_in("Astronaut", [_person(1, hostile, in_space=True, nationality=hostile, time_in_space="P5D")])
    page = _get(client)
    assert hostile not in page
    assert page.count(html.escape(hostile)) >= 4


@pytest.mark.usefixtures("_three_people")
def test_the_list_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many people; the fields of the form, who is in space, and records are found once a minute, or after a change."""
    _get(client)
    with CaptureQueriesContext(connection) as queries:
        _get(client)
    assert len(queries) <= len(QUERIES), [query["sql"][:90] for query in queries.captured_queries]
