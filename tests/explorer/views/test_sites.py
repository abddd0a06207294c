"""`/sites/`: the map of the world, of all years or of one, and the list behind it."""

from __future__ import annotations

import gzip
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.wire.v2_2_0.shapes import SHAPES
from tests.support.bodies import VOSTOK_1, VOSTOK_6, launch, location, pad
from tests.support.page_text import text_of
from tests.support.whole import least, take_in, uuid

pytestmark = pytest.mark.django_db

NOW = "1963-01-01T00:00:00Z"  # before the second launch
BAIKONUR, CAPE = location(), location(12, name="Cape Canaveral", country_code="USA", total_launch_count=3)
QUERIES = (
    "the state of the catalogue, for the countries, the years and the map",
    *("the same" for _ in range(2)),
    "its newest serial, for the cached count of the list",
    "the keys of the list's page, with its count",
    "the stored documents of these keys",
)


@pytest.fixture
def _two_sites() -> None:
    second = {"name": "Second", "slug": "second", "net": "1963-06-16T09:29:52Z"}
    take_in(
        "Launch",
        [
            launch(VOSTOK_1),
            launch(VOSTOK_6, **second, status={"id": 1, "name": "Go", "abbrev": "Go", "description": ""}),
            launch(
                uuid(3),
                name="C",
                slug="c",
                net="1961-05-05T14:34:13Z",
                pad=pad(5, location=CAPE, latitude="28.4", longitude="-80.5"),
            ),
        ],
    )


def _page(client: Client, query: str = "") -> str:
    with time_machine.travel(NOW, tick=False):
        return client.get(f"/sites/{query}").content.decode()


def _rows(page: str) -> list[list[str]]:
    """The cells of the table behind the map."""
    table = page.partition("</details>")[0]
    return [re.findall(r"<t[hd][^>]*>(?:<a [^>]*>)?([^<]*)", row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)][1:]


@pytest.mark.usefixtures("_two_sites")
def test_all_years_are_the_reported_numbers(client: Client) -> None:
    """The catalogue may lack launches that upstream counts."""
    assert _rows(_page(client)) == [["Baikonur Cosmodrome, Republic of Kazakhstan", "1,548"], ["Cape Canaveral", "3"]]


@pytest.mark.usefixtures("_two_sites")
def test_a_year_has_its_launches_flown_and_to_come(client: Client) -> None:
    """By net, and by whether they flew; sites without one are not on the map of the year."""
    assert _rows(_page(client, "?year=1961")) == [
        ["Baikonur Cosmodrome, Republic of Kazakhstan", "1", "0", "1,548"],
        ["Cape Canaveral", "1", "0", "3"],
    ]
    page = _page(client, "?year=1963")
    assert _rows(page) == [["Baikonur Cosmodrome, Republic of Kazakhstan", "0", "1", "1,548"]]
    assert page.count('<circle class="site') == 1
    assert 'option value="1963" selected' in page
    assert _rows(_page(client, "?year=1962")) == []


@pytest.mark.usefixtures("_two_sites")
def test_marks_lead_to_sites(client: Client) -> None:
    """A dot for each place, with its name, its launches and a link."""
    page = _page(client, "?year=1961")
    assert re.search(
        r'<a href="/sites/12"><circle class="site mark-1"[^>]*><title>Cape Canaveral: 1 launch in 1961</title>', page
    )


def test_pads_far_apart_have_a_dot_each(client: Client) -> None:
    """An aircraft's launches are not in the middle between its airfields; pads of one site that are near share a dot."""
    places = (("34.7", "-120.6"), ("34.8", "-120.5"), ("13.6", "144.9"))
    take_in("Pad", [pad(number, latitude=north, longitude=east) for number, (north, east) in enumerate(places, 1)])
    assert _page(client).count('<circle class="site') == 2


def test_pads_without_coordinates_are_counted(client: Client) -> None:
    """Their launches are in the table, and the description says that they are not on the map."""
    take_in("Pad", [pad(1, latitude=None, longitude="x", total_launch_count=7)])
    page = _page(client)
    assert "<circle" not in page
    assert "7 from pads without coordinates are not on the map" in page


@pytest.mark.parametrize("year", ["1950", "2999", "x", "-1", "1961.0", "1" * 5000])
@pytest.mark.usefixtures("_two_sites")
def test_a_year_without_a_launch_is_refused(client: Client, year: str) -> None:
    """What strangers choose has a bound: the years from the first launch to the last."""
    response = client.get(f"/sites/?year={year}")
    assert (response.status_code, "<code>year</code>: " in response.content.decode()) == (400, True)


@pytest.mark.usefixtures("_two_sites")
def test_the_list_takes_the_filters_of_the_wire(client: Client) -> None:
    """And keeps the year in its form; the JSON twin has no year."""
    page = _page(client, "?year=1961&country_code=USA")
    assert '<input type="hidden" name="year" value="1961">' in page
    assert 'href="/2.2.0/location/?country_code=USA"' in page
    assert "1 to 1 of 1" in page


def test_an_empty_catalogue_has_a_map(client: Client) -> None:
    """With the land, and no dot."""
    page = _page(client)
    assert 'class="land"' in page
    assert "0 launches from 0 sites" in page


def test_odd_pads_break_nothing(client: Client) -> None:
    """A pad without a site or with nothing else, hostile names, texts that are null, and places at the ends of the world."""
    take_in(
        "Pad",
        [{"id": 3}, {"id": 5, "location": {"id": 18}}, pad(4, location=location(17, country_code=None, timezone_name=None))],
    )
    take_in(
        "Pad",
        [least(SHAPES["Pad"], 1), pad(2, latitude="90", longitude="180", location=location(16, name='"><script>' + "x" * 400))],
    )
    page = _page(client)
    assert "<script>" not in page
    assert "unnamed" in page
    assert not re.search("None<|/sites/None", page)


@pytest.mark.usefixtures("_two_sites")
def test_the_page_is_light_and_costs_a_fixed_number_of_queries(client: Client) -> None:
    """The land takes most of it. The map is kept until something is written, and for a minute at most."""
    with time_machine.travel(NOW, tick=False):
        client.get("/sites/?year=1961")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/sites/?year=1961").content
    assert len(queries) <= len(QUERIES), queries.captured_queries
    assert len(gzip.compress(page)) < 25_000
    assert "in 1961" in text_of(page)
