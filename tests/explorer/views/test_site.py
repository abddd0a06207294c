"""`/sites/{id}`: one site, its pads on maps, and its last and next launches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.shapes import SHAPES
from tests.support.bodies import VOSTOK_1, VOSTOK_6, agency, launch, location, pad
from tests.support.page_text import text_of
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import AT, take_in, uuid, whole

pytestmark = pytest.mark.django_db

NOW = "1962-01-01T00:00:00Z"
QUERIES = (
    "the stored document of the site",
    "the observations of its row",
    "its overrides",
    "the rows of its pads",
    "the agencies of these",
    "its landing locations",
    "the keys of the last launches",
    "the keys of the next launches",
    "the stored documents of these",
    "the newest serial of the journal",
    "the serials of its last entries",
    "these entries with their changes",
    "the names in them",
)


@pytest.fixture
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _names(page: str, caption: str) -> list[str]:
    """The launches in the table with this caption."""
    table = page.partition(f"<caption>{caption}</caption>")[2].partition("</table>")[0]
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)<', table)


@pytest.mark.usefixtures("_frozen")
def test_launches_are_last_or_next(client: Client) -> None:
    """By the clock, five of each: the newest first, the soonest first, with a link to all by the wire's filter."""
    flown = [launch(uuid(n), name=f"Flown {n}", slug=f"flown-{n}", net=f"1961-0{n}-01T00:00:00Z") for n in range(1, 8)]
    planned = [launch(uuid(10 + n), name=f"Planned {n}", slug=f"p-{n}", net=f"1962-0{n}-01T00:00:00Z") for n in range(2, 9)]
    elsewhere = launch(uuid(30), name="Elsewhere", slug="e", pad=pad(5, location=location(16)))
    take_in("Launch", [*flown, *planned, elsewhere])
    page = client.get("/sites/15").content.decode()
    assert _names(page, "The last launches") == [f"Flown {n}" for n in (7, 6, 5, 4, 3)]
    assert _names(page, "The next launches") == [f"Planned {n}" for n in (2, 3, 4, 5, 6)]
    assert 'href="/launches/?when=all&amp;pad__location=15">All its launches' in page
    assert '<a href="/statistics?by=status&amp;site=15">its launches by year</a>' in page
    assert "1 to 14 of 14" in client.get("/launches/?when=all&pad__location=15").content.decode()


@pytest.mark.usefixtures("_frozen")
def test_a_pad_has_its_place_on_the_page(client: Client) -> None:
    """Each with its numbers, coordinates and agency; a launch's pad leads there, and so does its mark."""
    take_in("Agency", [agency(66, name="Builder")])
    take_in("Launch", [launch(VOSTOK_1, pad=pad(32, agency_id=66))])
    page = client.get("/sites/15").content.decode()
    row = page.partition('id="pad-32"')[2].partition("</tr>")[0]
    assert "1/5" in row
    assert row.count(">487<") == 2
    assert "45.9200° N, 63.3420° E" in row
    assert '<a href="/agencies/66">Builder</a>' in row
    assert '<a href="#pad-32"><circle' in page
    assert '<a href="/sites/15#pad-32">1/5</a>' in client.get("/launches/vostok-k-vostok-1").content.decode()


@pytest.mark.usefixtures("_frozen")
def test_deleted_rows_are_not_linked(client: Client) -> None:
    """A pad whose agency is not in the catalogue has no agency."""
    take_in("Launch", [launch(VOSTOK_1, pad=pad(32, agency_id=999))])
    assert "/agencies/999" not in client.get("/sites/15").content.decode()


@pytest.mark.usefixtures("_frozen")
def test_pads_that_are_apart_have_a_plan(client: Client) -> None:
    """One pad has none."""
    take_in("Pad", [pad(1)])
    assert "Its pads, north up" not in text_of(client.get("/sites/15").content)
    take_in("Pad", [pad(2, latitude="45.99", name="31/6")])
    assert "Its pads, north up" in text_of(client.get("/sites/15").content)


def test_a_site_that_is_not_there_is_a_page(client: Client) -> None:
    """It says so."""
    response = client.get("/sites/4")
    assert (response.status_code, "number 4 is not in this catalogue" in response.content.decode()) == (404, True)


@pytest.mark.usefixtures("_frozen")
def test_odd_values_break_nothing(client: Client) -> None:
    """A site that was only named, one where everything has a value, hostile texts and right-to-left ones."""
    take_in("Location", [{"id": 1}, whole(SHAPES["LocationDetail"], 2)])
    evil = '<script>alert(1)</script>"\u202e' + "שלום " * 80
    spoiled = pad(
        9,
        name=evil,
        latitude=evil,
        longitude=evil,
        wiki_url="javascript:alert(1)",
        location=location(3, name=evil, description=evil),
    )
    take_in("Launch", [launch(VOSTOK_6, slug="", pad=spoiled, name=evil, net=None)])
    for number in (1, 2, 3):
        response = client.get(f"/sites/{number}")
        page = response.content.decode()
        assert response.status_code == 200
        assert not re.search(r"<script>|javascript:", page)
    assert "This catalogue has none of its pads." in client.get("/sites/1").content.decode()
    assert 'class="chart map"' not in client.get("/sites/3").content.decode()


@pytest.mark.usefixtures("_frozen")
def test_it_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many pads and launches."""
    take_in("Agency", [agency(66)])
    pads = [pad(n, agency_id=66, latitude=f"45.{n:02}") for n in range(10, 40)]
    take_in("Launch", [launch(uuid(n), slug=f"l-{n}", pad=each) for n, each in enumerate(pads)])
    client.get("/sites/15")
    with CaptureQueriesContext(connection) as queries:
        client.get("/sites/15")
    assert len(queries) <= len(QUERIES), [query["sql"][:150] for query in queries.captured_queries]


@needs_upstream
@pytest.mark.usefixtures("_frozen")
def test_real_pads_are_on_the_page(client: Client) -> None:
    """Kennedy Space Center, as upstream replied: four pads with their numbers; those of air launches are on the world."""
    pads = json.loads((REPLIES / "2.2.0" / "pad__results__1.json").read_text(encoding="utf-8"))
    observe([Observation(WIRE.reader.read("Pad", body), "file:pad.json", AT) for body in pads])
    text = text_of(client.get("/sites/27").content)
    assert "28.6082° N, 80.6043° W" in text
    assert "Launch Complex 39B" in text
    assert "28.6271° N, 80.6210° W" in text
    assert 'viewBox="0 0 960 384"' in client.get("/sites/20").content.decode()
