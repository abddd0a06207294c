"""`/expeditions/{id}`: crew, spacewalks, patches, and the expeditions before and after it."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.observed import record, tell

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 1, tzinfo=UTC)
QUERIES = (
    "the document of the expedition",
    *("the sources of its values: the row's observations, and its overrides" for _ in range(2)),
    *("the expeditions before and after it" for _ in range(2)),
    *("the history: the newest serial, its entries, and the names of what they name" for _ in range(4)),
)


def _page(client: Client, path: str = "/expeditions/2") -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(path)
    assert response.status_code == 200, response.content
    return response.content.decode()


def _words(page: str) -> str:
    """The words of a page, each run of white space as one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def _take_in() -> None:
    """Three expeditions at a station, with the crew, the spacewalk and the patch of the second."""
    tell(
        record("SpaceStation", 4, name="International Space Station"),
        record("AstronautRole", 1, role="Commander"),
        record("Astronaut", 276, name="William Shepherd"),
        record("AstronautFlight", 1, astronaut=276, role=1),
        record("MissionPatch", 1, name="Expedition 2 patch", image_url="https://example.org/patch.png"),
        record("Expedition", 1, name="Expedition 1", start="2000-11-02T09:21:03", end="2001-03-19T04:32:00", spacestation=4),
        record(
            "Expedition",
            2,
            name="Expedition 2",
            start="2001-03-10T06:38:00",
            end="2001-08-22T19:24:06",
            spacestation=4,
            crew=[1],
            mission_patches=[1],
        ),
        record("Expedition", 3, name="Expedition 3", start="2001-08-12T21:42:00", spacestation=4),
        record(
            "Spacewalk", 1, name="A spacewalk", start="2001-06-08T14:21:00", end="2001-06-08T14:40:00", crew=[1], expedition=2
        ),
        record("Expedition", 2, spacewalks=[1]),
    )


def test_an_expedition_has_its_crew_and_spacewalks(client: Client) -> None:
    """With roles, and how long each lasted; as the JSON twin has them."""
    _take_in()
    page = _page(client)
    words = _words(page)
    assert re.search(r"At International Space Station\W+Source 1 for 166 d", words)
    assert "William Shepherd Commander" in words
    assert "2001-06-08 14:21 UTC A spacewalk 19 min William Shepherd" in words
    assert '<link rel="alternate" type="application/json" href="/2.2.0/expedition/2/">' in page
    assert '<a href="/stations/4">International Space Station</a>' in page
    assert 'src="https://example.org/patch.png"' in page


def test_its_neighbours_are_drawn(client: Client) -> None:
    """Those before and after it at its station, with a table behind; itself is no link."""
    _take_in()
    tell(
        record("SpaceStation", 5, name="Mir"),
        record("Expedition", 9, name="Elsewhere", start="2001-04-01T00:00:00", spacestation=5),
    )
    page = _page(client)
    drawn = page.partition("<svg viewBox")[2].partition("</svg>")[0]
    assert re.findall(r'<a href="([^"]*)">', drawn) == ["/expeditions/1", "/expeditions/3"]
    assert "Expedition 3: 2001-08-12 21:42 UTC to no end known</title>" in drawn
    table = page.partition("Expeditions at International Space Station: table")[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]*)<', table) == ["Expedition 3", "Expedition 2", "Expedition 1"]


def test_one_that_goes_on_lasts_until_now(client: Client) -> None:
    """As long as what was reported can be trusted; after that nothing is said of its end."""
    tell(
        record("SpaceStation", 4, name="ISS"),
        record("Expedition", 1, name="Expedition 73", start="2025-04-19T00:00:00", end="2025-12-09T00:00:00", spacestation=4),
        record("Expedition", 2, name="Expedition 74", start="2025-12-09T00:00:00", spacestation=4),
        record("Expedition", 3, name="Expedition 9", start="2004-04-19T00:00:00", spacestation=4),
    )
    page = _page(client)
    assert "for 235 d so far" in _words(page)
    assert "Expedition 74: 2025-12-09 00:00 UTC to now</title>" in page
    assert "so far" not in _page(client, "/expeditions/3")


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"start": "0001-01-01T00:00:00", "end": "9999-12-31T23:59:59"},
        {"start": "2026-01-01T00:00:00", "end": "2025-01-01T00:00:00"},
        {"end": "2025-01-01T00:00:00"},
        {"start": "2030-01-01T00:00:00"},
    ],
)
def test_odd_times_break_nothing(client: Client, columns: dict[str, str]) -> None:
    """No time, impossible times, and those to come; without and with a station and a neighbour."""
    tell(record("Expedition", 2, name="Odd", **columns))
    assert "Station unknown" in _words(_page(client))
    tell(
        record("SpaceStation", 4, name="ISS"),
        record("Expedition", 1, name="Expedition 1", start="2000-11-02T09:21:03", spacestation=4),
        record("Expedition", 2, spacestation=4),
    )
    assert "At ISS" in _words(_page(client))


def test_it_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many people, spacewalks and neighbours."""
    _take_in()
    _page(client)
    with CaptureQueriesContext(connection) as queries:
        _page(client)
    assert len(queries) <= len(QUERIES), queries.captured_queries


def test_what_is_not_there_is_a_page(client: Client) -> None:
    """That says so."""
    response = client.get("/expeditions/7")
    assert response.status_code == 404
    assert "number 7 is not in this catalogue" in response.content.decode()
