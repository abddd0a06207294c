"""`/astronauts/{id}`: one person, with flights, expeditions and spacewalks."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions.deleting import delete
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import HOST, VOSTOK_1, VOSTOK_6, crew_member, flight, launch
from tests.support.people import living, spacecraft
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import AT, least, take_in, whole

pytestmark = pytest.mark.django_db

PAGE = "/astronauts/270"
TO_COME = "00000000-0000-4000-8000-000000000009"
IN_FLIGHT, AFTER = "1961-04-12T06:37:00Z", "1965-01-01T00:00:00Z"
QUERIES = (
    "the stored document of the person",
    "the observations of the row",
    "its overrides",
    "the flown ones of the launches",
    "the places in crews",
    "the places in expeditions",
    "the entries of the history",
    *("the names of the rows that the history has" for _ in range(6)),
)


def _get(client: Client, path: str = PAGE, now: str = AFTER) -> str:
    with time_machine.travel(now, tick=False):
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def _words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_a_flight_is_drawn_from_launch_to_landing(client: Client) -> None:
    """A bar that leads to the flight, and a line of the table with role, spacecraft and length."""
    take_in("SpacecraftFlight", [flight()])
    page = _get(client)
    assert '<a href="/flights/1"><rect class="bar mark-1"' in page
    assert "<title>Vostok-K | Vostok 1: 1961-04-12 06:07 UTC to 1961-04-12 07:55 UTC, 1 h 48 min</title>" in page
    assert '<a href="/launches/vostok-k-vostok-1"><text' in page
    assert "Commander Vostok 1 1961-04-12 07:55 UTC 1 h 48 min" in _words(page)
    assert "Died 1968-03-27" in _words(page)


def test_somebody_in_space_is_up_until_now(client: Client) -> None:
    """The page says since when and for how long; the bar has an open end."""
    up = flight(mission_end=None, landing=None, launch_crew=[living(1)], landing_crew=[living(2)])
    take_in("SpacecraftFlight", [up])
    page = _get(client, now=IN_FLIGHT)
    assert "In space since 1961-04-12 06:07 UTC , for 30 min" in _words(page)
    assert 'class="open mark-1"' in page
    later = _get(client, now="1961-04-12T07:07:00Z")
    assert "for 1 h" in _words(later)


def test_who_came_down_with_another_spacecraft(client: Client) -> None:
    """A flight ends with the first spacecraft that the person landed with after the launch, not with the one of the launch."""
    up = flight(1, mission_end="1962-01-01T00:00:00Z", landing_crew=[])
    down = flight(2, launch=launch(VOSTOK_6, name="Vostok-K | Down", slug="down", net="1961-05-01T00:00:00Z"))
    down |= {"mission_end": "1961-05-12T06:07:00Z", "launch_crew": [], "spacecraft": spacecraft(5, "Taxi")}
    take_in("SpacecraftFlight", [up, down])
    assert "Commander Taxi 1961-05-12 06:07 UTC 30 d" in _words(_get(client))


def test_an_end_that_is_not_known_stays_so(client: Client) -> None:
    """Somebody who flew again came down in between, nobody knows when; a launch to come is planned."""
    again = launch(VOSTOK_6, name="Vostok-K | Again", slug="again", net="1963-06-16T09:29:52Z")
    first = flight(1, mission_end=None, landing_crew=[])
    second = flight(2, launch=again, mission_end="1963-06-19T08:20:00Z")
    take_in("SpacecraftFlight", [first, second])
    text = _words(_get(client))
    assert "Vostok-K | Vostok 1 1961-04-12 06:07 UTC Commander not known" in text
    assert "Vostok 1 1963-06-19 08:20 UTC 2 d 23 h" in text
    status = {"id": 1, "name": "Go for Launch", "abbrev": "Go", "description": ""}
    planned = launch(TO_COME, name="Vostok-K | To come", slug="to-come", net="1966-01-01T00:00:00Z", status=status)
    take_in("SpacecraftFlight", [flight(3, launch=planned, mission_end=None, landing=None)])
    page = _get(client)
    assert "Vostok-K | To come 1966-01-01 00:00 UTC Commander planned" in _words(page)
    assert '<circle class="dot mark-1 planned"' in page


@needs_upstream
def test_the_flights_of_robert_behnken(client: Client) -> None:
    """As his real reply has them: two flights of a shuttle, and the first with a crew of a Dragon."""
    take_in("Astronaut", [json.loads((REPLIES / "2.2.0" / "astronaut__545__1.json").read_text())])
    page = _get(client, "/astronauts/545", now="2026-01-01T00:00:00Z")
    rows = re.findall(r'<th scope="row"><a href="/launches/[^"]*">([^<]*)</a></th>(.*?)</tr>', page, re.S)
    assert [(name, _words(row)) for name, row in rows if "number" in row] == [
        (
            "Space Shuttle Endeavour / OV-105 | STS-123",
            "2008-03-11 06:28 UTC Space Shuttle Endeavour 2008-03-27 00:40 UTC 15 d 18 h",
        ),
        (
            "Space Shuttle Endeavour / OV-105 | STS-130",
            "2010-02-08 09:14 UTC Space Shuttle Endeavour 2010-02-22 03:22 UTC 13 d 18 h",
        ),
        (
            "Falcon 9 Block 5 | SpX-DM2 (Demonstration Mission 2)",
            "2020-05-30 19:22 UTC Crew Dragon Endeavour 2020-08-02 18:48 UTC 63 d 23 h",
        ),
    ]
    assert "Born 1970-07-28" in _words(page)
    assert 'href="https://en.wikipedia.org/wiki/Robert_L._Behnken"' in page


def test_spacewalks_and_expeditions(client: Client) -> None:
    """Each has a line, with the others of a spacewalk's crew, and a mark on the time line."""
    alone = [crew_member(1, 270, "Yuri Gagarin"), crew_member(9, 271, "Gherman Titov")]
    station = {"id": 4, "url": f"{HOST}/spacestation/4/", "name": "ISS", "status": {"id": 1, "name": "Active"}, "orbit": "LEO"}
    expedition = {"id": 8, "url": f"{HOST}/expedition/8/", "name": "Expedition 1", "start": "1961-04-12T06:20:00Z"}
    take_in("SpacecraftFlight", [flight()])
    walk = {
        "id": 3,
        "url": f"{HOST}/spacewalks/3/",
        "name": "EVA-1",
        "start": "1961-04-12T07:00:00Z",
        "end": "1961-04-12T07:12:00Z",
    }
    take_in("Spacewalk", [{**walk, "duration": "PT12M", "location": "Vostok 1", "crew": alone}])
    crew = [{"id": 21, "role": {"id": 5, "role": "Flight Engineer", "priority": 3}, "astronaut": {"id": 270}}]
    take_in("Expedition", [{**expedition, "end": "1961-04-12T07:30:00Z", "spacestation": station, "crew": crew}])
    page = _get(client)
    assert "EVA-1 1961-04-12 07:00 UTC Gherman Titov 12 min" in _words(page)
    assert "Expedition 1 Flight Engineer ISS 1961-04-12 06:20 UTC 1961-04-12 07:30 UTC" in _words(page)
    assert "<title>EVA-1: 1961-04-12 07:00 UTC to 1961-04-12 07:12 UTC, 12 min</title>" in page
    assert "<title>Expedition 1: 1961-04-12 06:20 UTC to 1961-04-12 07:30 UTC, 1 h 10 min</title>" in page


def test_flights_that_are_only_counted_are_said(client: Client) -> None:
    """A list of people counts flights and names the last one; their launches come with other replies."""
    person = {"id": 7, "url": f"{HOST}/astronaut/7/", "name": "Counted", "in_space": True, "flights_count": 2}
    take_in("Astronaut", [{**person, "last_flight": "1964-12-22T00:00:00Z"}])
    text = _words(_get(client, "/astronauts/7"))
    assert "The launches of 2 flights, as they are counted, were never reported." in text
    assert "In space since 1964-12-22 00:00 UTC , for 10 d" in text


def test_odd_people_have_pages(client: Client) -> None:
    """One with an id alone, and one of whom everything is known; no address but of the web becomes a link."""
    shape = WIRE.resources["astronaut"].detail
    hostile = {**whole(shape, 5), "name": "א<b>" * 100, "wiki": "javascript:alert(1)", "bio": "<script>"}
    take_in("Astronaut", [least(shape, 4), hostile])
    for key in (4, 5):
        page = _get(client, f"/astronauts/{key}")
        assert page.count("<h1>") == 1
        assert "javascript:" not in page
        assert "<script>" not in page
        assert "<b>" not in page


def test_who_is_not_there_has_no_page(client: Client) -> None:
    """Neither one who never was, nor one who was deleted."""
    take_in("SpacecraftFlight", [flight()])
    delete("Astronaut", 270, AT + timedelta(days=1), "test")
    assert client.get(PAGE).status_code == client.get("/astronauts/99").status_code == 404


def test_the_page_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many flights somebody has."""
    launches = [launch(f"00000000-0000-4000-8000-{number:012}", name=f"L{number}", slug=f"l{number}") for number in range(20)]
    take_in("SpacecraftFlight", [flight(number + 1, launch=each) for number, each in enumerate(launches)])
    take_in("Launch", [launch(VOSTOK_1)])
    _get(client)
    with CaptureQueriesContext(connection) as queries:
        _get(client)
    assert len(queries) <= len(QUERIES), [query["sql"][:90] for query in queries.captured_queries]
