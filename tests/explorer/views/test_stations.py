"""`/stations/` and `/expeditions/`: which rows they show, in which order, and what their parameters mean."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

QUERIES = (
    "the keys of the page, with its count",
    "the stored documents of these keys",
    *("the state of the catalogue" for _ in range(3)),  # one for each field of the form
    "the newest serial, which names the cached list",
)


def _names(client: Client, path: str) -> list[str]:
    """The names of the rows of a list, in its order."""
    page = client.get(path).content.decode()
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)<', page)]


def test_every_station_is_listed_with_its_facts(client: Client) -> None:
    """Those of the JSON twin, each with a link to its page; those in service first, and of these the newest."""
    names = _names(client, "/stations/")
    assert set(names) == {each["name"] for each in client.get("/2.2.0/spacestation/?limit=25").json()["results"]}
    assert names[:2] == ["Tiangong space station", "International Space Station"]
    assert {"Mir", "Salyut 6", "Skylab"} <= set(names)
    page = client.get("/stations/?name=Mir").content.decode()
    assert '<th scope="row"><a href="/stations/5">Mir</a>' in page
    assert '<td class="short">1986-02-20</td>' in page
    assert '<td class="short">2001-03-23</td>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=1", {"International Space Station", "Tiangong space station"}),
        ("search=salyut+6", {"Salyut 6"}),
        ("type=2&search=skylab", {"Skylab"}),
        ("owners=27", {"International Space Station"}),
    ],
)
def test_stations_are_filtered_as_on_the_wire(client: Client, query: str, found: set[str]) -> None:
    """The page and its twin find the same."""
    assert set(_names(client, f"/stations/?{query}")) == found
    twin = client.get(f"/2.2.0/spacestation/?{query}").json()["results"]
    assert {each["name"] for each in twin} == found


def test_expeditions_are_filtered_by_station_and_crew(client: Client) -> None:
    """By the fields of the form, and by name."""
    assert _names(client, "/expeditions/?space_station=6") == ["Skylab 2"]
    assert _names(client, "/expeditions/?name=Expedition+1") == ["Expedition 1"]
    at_mir = _names(client, "/expeditions/?space_station=5")
    assert {"Mir EO-18", "Mir EO-19"} <= set(at_mir)
    page = client.get("/expeditions/?space_station=5").content.decode()
    assert '<option value="5" selected>Mir</option>' in page


def test_the_newest_expeditions_come_first(client: Client) -> None:
    """Unless another order is asked for, by a parameter of the wire."""
    assert _names(client, "/expeditions/")[:2] == ["Shenzhou 23", "Expedition 74"]
    assert _names(client, "/expeditions/")[-1] == "Soyuz 11"
    assert _names(client, "/expeditions/?ordering=start")[0] == "Soyuz 11"


@pytest.mark.parametrize("path", ["/stations/?status=x", "/expeditions/?start__gte=soon"])
def test_a_value_that_cannot_be_read_is_named(client: Client, path: str) -> None:
    """The page says which parameter, and why."""
    response = client.get(path)
    assert response.status_code == 400
    assert f"<code>{path.partition('?')[2].partition('=')[0]}</code>: " in response.content.decode()


@pytest.mark.parametrize("path", ["/stations/", "/expeditions/"])
def test_a_list_costs_a_fixed_number_of_queries(client: Client, path: str) -> None:
    """However many rows; the fields of the form are cached until something is written."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) <= len(QUERIES), queries.captured_queries
