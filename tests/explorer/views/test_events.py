"""`/events/` and `/events/{id}`: what happens besides launches."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.shapes import SHAPES
from tests.support.page_text import text_of
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import AT, NOW, take_in, whole

pytestmark = pytest.mark.django_db

LIST_QUERIES = (
    "the keys of the page, with its count",
    "its newest serial, for the cached count of the list",
    "the stored documents of these keys",
    *("the state of the catalogue" for _ in range(3)),  # for the types, the programs and the years
)
QUERIES = (
    "the stored document of the event",
    "the observations of its row",
    "its overrides",
    "the newest serial of the journal",
    "the serials of its last entries",
    "these entries with their changes",
    "the names in them",
)


def _event(id: int = 1, **changes: Any) -> dict[str, Any]:
    return {**whole(SHAPES["Events"], 5), "id": id, "name": f"Event {id}", **changes}


def _names(client: Client, query: str = "") -> list[str]:
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/events/{query}").content.decode()
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a href="/events/[^"]*">([^<]*)<', page)]


def test_events_are_upcoming_or_past(client: Client) -> None:
    """As on the wire; the link to all has the newest first."""
    take_in("Event", [_event(1, date="1950-01-01T00:00:00Z"), _event(2, date="1970-01-01T00:00:00Z")])
    assert _names(client) == ["Event 2"]
    assert _names(client, "?when=past") == ["Event 1"]
    assert _names(client, "?when=all&ordering=-date") == ["Event 2", "Event 1"]
    assert '<a href="?when=all&amp;ordering=-date">All</a>' in client.get("/events/").content.decode()


def test_the_list_takes_the_filters_of_the_wire(client: Client) -> None:
    """Its form chooses from the types and programs of the rows."""
    take_in("Event", [_event(1, type={"id": 2, "name": "Docking"}), _event(2, type={"id": 3, "name": "EVA"})])
    assert _names(client, "?when=all&type=3") == ["Event 2"]
    page = client.get("/events/?when=all&type=3").content.decode()
    assert '<option value="3" selected>EVA</option>' in page
    assert 'href="/2.2.0/event/?type=3"' in page
    assert client.get("/events/?type=x").status_code == 400


def test_an_event_shows_what_takes_part(client: Client) -> None:
    """Its date as exactly as it is known, agencies, programs, stations, expeditions, launches, links and updates."""
    precision = {"id": 7, "name": "Month", "abbrev": "M", "description": ""}
    links: dict[str, Any] = {"news_url": "https://example.org/n", "video_url": "https://example.org/v"}
    video = {**whole(SHAPES["VidURL"], 5), "url": "https://example.org/v", "title": "The webcast"}
    take_in("Event", [_event(date="1961-05-01T00:00:00Z", date_precision=precision, vid_urls=[video], info_urls=[], **links)])
    page = client.get("/events/1").content.decode()
    text = text_of(page.encode())
    assert ">May 1961</time>" in page
    assert "Duration 1 h 48 min" in text
    assert '<a href="/agencies/5">name 005</a>' in page
    assert '<a href="/programs/5">name 005</a>' in page
    assert re.search(r"Space stations name 005 Expeditions name 005", text)
    assert '<li>News: <a href="https://example.org/n" rel="nofollow noreferrer">https://example.org/n</a></li>' in page
    assert page.count("https://example.org/v") == 1
    assert '<li>Webcast: <a href="https://example.org/v" rel="nofollow noreferrer">The webcast</a></li>' in page
    assert "comment 005" in text


def test_odd_values_break_nothing(client: Client) -> None:
    """An event that was only named, one without a date, hostile ones, and the first and last years that there are."""
    evil = "<script>alert(1)</script>" + "x" * 400
    take_in("Event", [{"id": 1}, _event(2, date=None, date_precision=None)])
    take_in("Event", [_event(3, name=evil, location=evil, news_url="javascript:alert(1)", video_url="")])
    take_in("Event", [_event(4, date="0001-01-01T00:00:00Z"), _event(5, date="9999-12-31T23:59:59Z")])
    for path in (*(f"/events/{number}" for number in range(1, 6)), "/events/?when=all", "/events/?when=past"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert not re.search('<script>|href="javascript:', response.content.decode()), path
    assert "Its date is unknown" in client.get("/events/2").content.decode()


def test_long_lists_are_bounded(client: Client) -> None:
    """25 updates, and a link to the rest."""
    update = whole(SHAPES["Update"], 5)
    take_in("Event", [_event(updates=[{**update, "id": n, "comment": f"Update {n}"} for n in range(1, 31)])])
    page = client.get("/events/1").content.decode()
    assert len(re.findall(r"Update \d+", page)) == 25
    assert 'And 5 more: <a href="/2.2.0/event/1/">' in page


@pytest.mark.parametrize(("path", "reasons"), [("/events/?when=all", LIST_QUERIES), ("/events/1", QUERIES)])
def test_pages_cost_a_fixed_number_of_queries(client: Client, path: str, reasons: tuple[str, ...]) -> None:
    """However many events."""
    take_in("Event", [_event(n) for n in range(1, 30)])
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) <= len(reasons), [query["sql"][:150] for query in queries.captured_queries]


@needs_upstream
def test_a_real_event_is_whole(client: Client) -> None:
    """The docking of Progress MS-17, as upstream replied: its launch, station and program."""
    body = json.loads((REPLIES / "2.2.0" / "event__266__1.json").read_text(encoding="utf-8"))
    observe([Observation(WIRE.reader.read("Event", body), "file:event.json", AT)])
    page = client.get("/events/266").content.decode()
    text = text_of(page.encode())
    assert "Progress MS-17 Docking 2021-07-02 00:00 UTC" in text
    assert "Soyuz 2.1a | Progress MS-17 (78P)" in text
    assert re.search(r"Programs International Space Station Space stations International Space Station", text)
    assert "Never reported: duration, webcast live, last update upstream." in text
