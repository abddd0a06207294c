"""`/spacecraft/{id}`: a single spacecraft and its flights."""

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

from launchledger.explorer.views.spacecraft import MOST
from tests.support.bodies import flight, launch
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db

PAGE = "/spacecraft/100"
QUERIES = (
    *("the beginning of the snapshot", "the end of it"),
    *("the document of the spacecraft", "the sources of its values", "its overrides"),
    *("the newest entry of the journal", "the numbers of its entries", "these entries", "the names in them"),
)


def _flight(number: int, year: int, **changes: Any) -> dict[str, Any]:
    """The flight of a year, which lasts two days."""
    up = launch(uuid(number), name=f"Launch {number}", slug=f"launch-{number}", net=f"{year}-02-01T00:00:00Z")
    return flight(number, launch=up, **{"mission_end": f"{year}-02-03T00:00:00Z", "landing": None, **changes})


def _flights(client: Client, path: str = PAGE) -> list[list[str]]:
    """The cells of each flight, without tags."""
    page = client.get(path).content.decode()
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.DOTALL)
    return [[html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows]


def test_flights_have_launch_time_and_landing(client: Client) -> None:
    """The latest first, numbered from the first one on."""
    take_in("SpacecraftFlight", [flight(1), _flight(2, 1962)])
    assert _flights(client) == [
        ["2", "Launch 2", "1962-02-01 00:00 UTC", "Low Earth Orbit", "1962-02-03 00:00 UTC", "2 d", ""],
        [
            *("1", "Vostok-K | Vostok 1", "1961-04-12 06:07 UTC", "Low Earth Orbit", "1961-04-12 07:55 UTC"),
            *("1 h 48 min", "landed: Parachute Landing"),
        ],
    ]
    page = client.get(PAGE).content.decode()
    assert '<a href="/launches/vostok-k-vostok-1">' in page
    assert '<a href="/vehicles/spacecraft/27">Vostok</a>' in page


def test_a_flight_that_goes_on_is_in_space(client: Client) -> None:
    """As long as the wire says so; its time in space is to the minute, because pages last a minute."""
    body = flight(1, mission_end=None, landing=None, launch_crew=[], landing_crew=[])
    for column in ("in_space", "time_in_space"):
        del body["spacecraft"][column]  # so that the catalogue computes them
    del body["spacecraft"]["status"]
    with time_machine.travel("1961-04-14T06:10:30Z", tick=False):
        take_in("SpacecraftFlight", [body])
        page = client.get(PAGE).content.decode()
        assert _flights(client)[0][5] == "in space"
    assert re.search(r'<span class="status">In space</span>', page)
    assert re.search(r"<dt>Time in space</dt>\s*<dd>2 d&", page)


def test_times_that_cannot_be_are_not_counted(client: Client) -> None:
    """A flight that ended before it began has no length; nor has one without an end."""
    take_in("SpacecraftFlight", [_flight(1, 1996, mission_end="1966-01-20T07:41:00Z"), _flight(2, 1997, mission_end=None)])
    assert [row[5] for row in _flights(client)] == ["", ""]


def test_a_placeholder_has_no_numbers(client: Client) -> None:
    """It stands for many craft, so its flights are not a sequence."""
    body = _flight(1, 1962)
    body["spacecraft"] = {**body["spacecraft"], "is_placeholder": True}
    take_in("SpacecraftFlight", [body])
    assert _flights(client)[0][:2] == ["flight", "Launch 1"]
    assert "A placeholder: it stands for craft that are not known yet." in client.get(PAGE).content.decode()


def test_flights_have_no_numbers_where_some_are_missing(client: Client) -> None:
    """Upstream counts five; the only one here may be any of them."""
    body = _flight(1, 1962)
    body["spacecraft"] = {**body["spacecraft"], "flights_count": 5}
    take_in("SpacecraftFlight", [body])
    assert _flights(client)[0][:2] == ["flight", "Launch 1"]


def test_many_flights_are_bounded(client: Client) -> None:
    """The page has the latest, and leads to all."""
    take_in("SpacecraftFlight", [_flight(number, 1900 + number) for number in range(1, MOST + 6)])
    flights = _flights(client)
    assert (len(flights), flights[0][0], flights[-1][0]) == (MOST, str(MOST + 5), "6")
    page = client.get(PAGE).content.decode()
    assert f"The latest {MOST} flights" in page
    address = html.unescape(re.findall(r'<a href="([^"]*)">All its launches', page)[0])
    assert f"of {MOST + 5}<" in client.get(address).content.decode()


def test_a_spacecraft_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many flights it has."""
    take_in("SpacecraftFlight", [_flight(number, 1950 + number) for number in range(1, 20)])
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{PAGE}?again")
    assert len(queries) <= len(QUERIES), queries.captured_queries


@needs_upstream
def test_a_real_spacecraft(client: Client) -> None:
    """Endeavour flew 25 times; STS-134, the last, from 2011-05-16 12:56 to 2011-06-01 06:35."""
    take_in("Spacecraft", [json.loads((REPLIES / "2.2.0" / "spacecraft__40__1.json").read_bytes())])
    flights = _flights(client, "/spacecraft/40")
    assert [row[0] for row in flights] == [str(number) for number in range(25, 0, -1)]
    assert flights[0][2:6] == ["2011-05-16 12:56 UTC", "International Space Station", "2011-06-01 06:35 UTC", "15 d 18 h"]
    assert "STS-49" in flights[-1][1]
    assert "OV-105" in client.get("/spacecraft/40").content.decode()
