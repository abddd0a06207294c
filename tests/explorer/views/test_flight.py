"""`/flights/{id}`: one flight of a spacecraft, from launch to its end."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions.deleting import delete
from launchledger.explorer.crews import MOST
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_6, crew_member, docking_event, flight, launch
from tests.support.people import living
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import AT, least, take_in, whole

pytestmark = pytest.mark.django_db

PAGE = "/flights/1"
IN_FLIGHT, AFTER = "1961-04-12T06:37:00Z", "1962-01-01T00:00:00Z"
QUERIES = (
    "the stored document of the flight",
    "the observations of its row",
    "its overrides",
    "the state of the catalogue, for the flights in space",
    "whether its launch has flown",
    "the other flights of the spacecraft",
    "the entries of its history",
    *("the names of the rows that its history has" for _ in range(6)),
)


def _get(client: Client, path: str = PAGE, now: str = AFTER) -> str:
    with time_machine.travel(now, tick=False):
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def _words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_a_flight_that_is_over_is_drawn_from_launch_to_end(client: Client) -> None:
    """With each person in the crews of its launch and its landing, who are links."""
    take_in("SpacecraftFlight", [flight()])
    page = _get(client)
    assert "Over Launched 1961-04-12 06:07 UTC , flew for 1 h 48 min" in _words(page)
    assert "<title>Flight: 1961-04-12 06:07 UTC to 1961-04-12 07:55 UTC, 1 h 48 min</title>" in page
    assert "<title>Yuri Gagarin: 1961-04-12 06:07 UTC to 1961-04-12 07:55 UTC, 1 h 48 min</title>" in page
    assert re.search(
        r'<th scope="row"><a href="/astronauts/270">Yuri Gagarin</a></th>.*?<td>Commander</td>\s*<td></td>\s*<td>Commander</td>',
        page,
        re.S,
    )
    assert ">now</text>" not in page


def test_a_flight_in_space_ends_at_now(client: Client) -> None:
    """Its bar and those of the people aboard have open ends, and the page says for how long it is up."""
    take_in("SpacecraftFlight", [flight(mission_end=None, landing=None, launch_crew=[living(1)], landing_crew=[living(2)])])
    page = _get(client, now=IN_FLIGHT)
    assert "In space since 1961-04-12 06:07 UTC , for 30 min" in _words(page)
    assert page.count('class="open mark-') == 2
    assert "<title>Flight: 1961-04-12 06:07 UTC to now, 30 min</title>" in page


def test_a_planned_flight_has_no_time_line(client: Client) -> None:
    """Nothing of it has happened; its launch is as exact as it is known."""
    status = {"id": 2, "name": "To Be Determined", "abbrev": "TBD", "description": ""}
    month = {"id": 7, "name": "Month", "abbrev": "M", "description": ""}
    planned = launch(status=status, net="1963-05-31T00:00:00Z", net_precision=month)
    landing = {**flight()["landing"], "success": None}
    take_in("SpacecraftFlight", [flight(launch=planned, mission_end=None, landing=landing)])
    page = _get(client)
    assert "Planned Launch: May 1963" in _words(page)
    assert "A landing is planned, Parachute Landing." in _words(page)
    assert "<figure" not in page


def test_an_end_that_cannot_be_is_said(client: Client) -> None:
    """Upstream has an end of a flight thirty years before its launch (STS-72): no time is made of it."""
    take_in("SpacecraftFlight", [flight(mission_end="1931-04-12T07:55:00Z", docking_events=[docking_event(departure=None)])])
    page = _get(client)
    assert "Launched 1961-04-12 06:07 UTC ; its mission end is before its launch" in _words(page)
    assert "<title>Flight: 1961-04-12 06:07 UTC</title>" in page


@needs_upstream
def test_the_flight_of_progress_3(client: Client) -> None:
    """As its real reply has it: fifteen days, of these eleven docked at a port of Salyut 6, and no crew."""
    body = json.loads((REPLIES / "2.2.0" / "spacecraft-flight__567__1.json").read_text())
    take_in("SpacecraftFlight", [body])
    page = _get(client, "/flights/567", now="2026-01-01T00:00:00Z")
    text = _words(page)
    assert "Progress 3 with Soyuz U | Progress 3" in text
    assert "flew for 15 d 18 h" in text
    assert "<title>Salyut-6 aft: 1978-08-09 23:59 UTC to 1978-08-21 15:42 UTC, 11 d 16 h</title>" in page
    assert "Salyut-6 aft Salyut 6 1978-08-09 23:59 UTC 1978-08-21 15:42 UTC 11 d 16 h" in text
    assert "No crew is known." in text
    assert "No landing was tried." in text
    assert "Mission end 1978-08-23 16:45 UTC" in text


@needs_upstream
def test_the_flight_of_axiom_4_before_it_flew(client: Client) -> None:
    """As its real reply has it: planned to the month, with the roles of four people on the way up and down."""
    take_in("SpacecraftFlight", [json.loads((REPLIES / "2.2.0" / "spacecraft-flight__671__1.json").read_text())])
    page = _get(client, "/flights/671", now="2025-03-22T04:00:00Z")
    text = _words(page)
    assert "Crew Dragon C213 with Falcon 9 Block 5 | Axiom Space Mission 4 Planned Launch: May 2025" in text
    assert re.findall(r'<th scope="row"><a href="/astronauts/(\d+)">([^<]*)<', page) == [
        ("513", "Peggy Whitson"),
        ("804", "Shubhanshu Shukla"),
        ("805", "Sławosz Uznański"),
        ("806", "Tibor Kapu"),
    ]
    assert "Shubhanshu Shukla Indian Space Research Organization Pilot Pilot" in text
    assert "A landing is planned: Pacific Ocean, Parachute Landing." in text
    assert re.search(r"Reported to be empty: mission end\W*Source 1", text)


def test_a_docking_of_a_flight_in_space_goes_on(client: Client) -> None:
    """Only the last one without a departure; of an earlier one the end is not known."""
    first = docking_event(1, docking="1961-04-12T06:10:00Z", departure=None)
    last = docking_event(2, docking="1961-04-12T06:20:00Z", departure=None)
    nobody: dict[str, Any] = {"launch_crew": [], "landing_crew": []}
    take_in("SpacecraftFlight", [flight(mission_end=None, landing=None, docking_events=[last, first], **nobody)])
    text = _words(_get(client, now=IN_FLIGHT))
    assert (
        "Salyut-6 aft Salyut 6 1961-04-12 06:10 UTC not known Salyut-6 aft Salyut 6 1961-04-12 06:20 UTC docked now 17 min"
        in text
    )


def test_other_flights_of_the_spacecraft_are_links(client: Client) -> None:
    """Newest first, with this one among them; one that was deleted is not there, nor has it a page."""
    again = launch(VOSTOK_6, name="Vostok-K | Again", slug="again", net="1961-06-16T09:29:52Z")
    take_in("SpacecraftFlight", [flight(), flight(2, launch=again, mission_end="1961-06-19T08:20:00Z"), flight(3, launch=again)])
    delete("SpacecraftFlight", 3, AT + timedelta(days=1), "test")
    page = _get(client)
    assert "Its flights: 2" in page
    assert re.findall(r'<th scope="row">(?:<a href="(/flights/\d)">)?(Vostok-K[^<]*)<', page) == [
        ("/flights/2", "Vostok-K | Again"),
        ("", "Vostok-K | Vostok 1 (this flight)"),
    ]
    assert client.get("/flights/3").status_code == 404
    assert client.get("/flights/99").status_code == 404


def test_odd_flights_have_pages(client: Client) -> None:
    """One with its id alone, one of which everything is known, and one with more people than a page shows."""
    shape = WIRE.resources["spacecraft/flight"].detail
    crowd = [crew_member(number, number, "ש<b>" * 100) for number in range(1000, 1000 + MOST + 20)]
    whole_one = whole(shape, 5)
    take_in("SpacecraftFlight", [least(shape, 4), whole_one, {"id": 6}, flight(7, launch_crew=crowd)])
    for key in (4, 5, 6, 7):
        page = _get(client, f"/flights/{key}")
        assert page.count("<h1>") == 1
        assert "<b>" not in page.split("<main")[1]
    assert "And 21 more: see" in page  # twenty of the crowd, and who came down


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_times_at_the_ends_of_the_calendar(client: Client, year: str) -> None:
    """A launch, a docking and an end in the first or the last year are shown like others."""
    net, end = f"{year}-01-01T00:00:00Z", f"{year}-12-31T23:59:59Z"
    docking = docking_event(docking=net, departure=end)
    take_in("SpacecraftFlight", [flight(launch=launch(net=net), mission_end=end, docking_events=[docking])])
    text = _words(_get(client))
    assert f"{int(year)}-12-31 23:59 UTC" in text
    assert text.count("366 d") + text.count("365 d") + text.count("364 d") >= 1
    assert _get(client, "/astronauts/270").count("<h1>") == 1
    with time_machine.travel(AFTER, tick=False):
        assert client.get("/flights/").status_code == client.get("/astronauts/").status_code == 200


def test_values_have_their_sources(client: Client) -> None:
    """Each says where it was seen; one that was never reported is told apart."""
    body = flight()
    del body["destination"]
    take_in("SpacecraftFlight", [body])
    text = _words(_get(client))
    assert re.search(r"Mission end 1961-04-12 07:55 UTC\W*Source 1", text)
    assert "Never reported: destination." in text


def test_the_page_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many crews, dockings and flights there are."""
    crowd = [crew_member(number, number, f"P {number}") for number in range(1000, 1040)]
    dockings = [docking_event(number, docking=f"1961-04-12T06:{number:02}:00Z") for number in range(10, 50)]
    take_in("SpacecraftFlight", [flight(launch_crew=crowd, docking_events=dockings)])
    _get(client)
    with CaptureQueriesContext(connection) as queries:
        _get(client)
    assert len(queries) <= len(QUERIES), [query["sql"][:90] for query in queries.captured_queries]
