"""`/boosters/{id}`: a single first stage, its flights and how fast it flew again."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import delete
from launchledger.explorer.stage_flights import MOST
from tests.support.bodies import launch
from tests.support.whole import AT, take_in, uuid

pytestmark = pytest.mark.django_db

PAGE = "/boosters/101"
GO = {"id": 1, "name": "Go for Launch", "abbrev": "Go", "description": ""}
LANDING = {
    "id": 1,
    "attempt": True,
    "success": True,
    "location": {"id": 1, "name": "Just Read the Instructions", "abbrev": "JRTI"},
}
QUERIES = (
    *("the beginning of the snapshot", "the end of it"),
    *("the document of the booster", "the sources of its values", "its overrides", "its flights"),
    *("the newest entry of the journal", "the numbers of its entries", "these entries", "the names in them"),
)


def _launch(number: int, net: str, landing: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A launch of booster 101."""
    body = launch(uuid(number), name=f"Launch {number}", slug=f"launch-{number}", net=net, **changes)
    launcher = {"id": 101, "serial_number": "B1067", "status": "active", "details": "", "flight_proven": True}
    body["rocket"] = {**body["rocket"], "launcher_stage": [{"id": number, "launcher": launcher, "landing": landing}]}
    return body


def _flights(client: Client) -> list[list[str]]:
    """The cells of each flight, without tags."""
    page = client.get(PAGE).content.decode()
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.DOTALL)
    return [[html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows]


def _text(client: Client) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", client.get(PAGE).content.decode())).split())


def test_flights_have_turnarounds_and_landings(client: Client) -> None:
    """Numbered by net, the latest first; a turnaround is from net to net."""
    take_in(
        "Launch",
        [
            _launch(1, "2021-01-01T12:00:00Z", LANDING),
            _launch(2, "2021-02-01T18:00:00Z", {**LANDING, "id": 2, "success": False}),
            _launch(3, "2021-02-11T18:00:00Z", {"id": 3, "attempt": False, "success": None}),
            _launch(4, "2031-03-01T00:00:00Z", {**LANDING, "id": 4, "success": None}, status=GO),
        ],
    )
    place = "Just Read the Instructions"
    assert _flights(client) == [
        ["4", "Launch 4", "2031-03-01 00:00 UTC", "Go", "3669 d 6 h", f"planned: {place}"],
        ["3", "Launch 3", "2021-02-11 18:00 UTC", "Success", "10 d", "none tried"],
        ["2", "Launch 2", "2021-02-01 18:00 UTC", "Success", "31 d 6 h", f"failed: {place}"],
        ["1", "Launch 1", "2021-01-01 12:00 UTC", "Success", "", f"landed: {place}"],
    ]
    assert "20 d 15 h is its median turnaround, 10 d the shortest, of 2 in this catalogue." in _text(client)


def test_it_says_what_it_flew_as(client: Client) -> None:
    """Replies of launches do not name the configuration of a first stage: its launches do."""
    take_in("Launch", [_launch(1, "2021-01-01T12:00:00Z")])
    assert 'Booster of <a href="/vehicles/451">Vostok-K 8K72K</a>' in " ".join(client.get(PAGE).content.decode().split())


def test_a_placeholder_has_no_turnaround(client: Client) -> None:
    """It stands for many boosters."""
    first, second = _launch(1, "2021-01-01T12:00:00Z"), _launch(2, "2021-01-02T12:00:00Z")
    stage = second["rocket"]["launcher_stage"][0]
    take_in(
        "Launch", [first, {**second, "rocket": {**second["rocket"], "launcher_stage": [{**stage, "turn_around_time_days": 1}]}}]
    )
    assert "median turnaround" in _text(client)
    take_in("Launcher", [{"id": 101, "is_placeholder": True}])
    text = _text(client)
    assert "median turnaround" not in text
    assert "A placeholder: it stands for boosters that are not known yet." in text


def test_only_listed_launches_are_flights(client: Client) -> None:
    """Not deleted ones, and none that others only named."""
    take_in("Launch", [_launch(1, "2021-01-01T12:00:00Z"), _launch(2, "2021-02-01T12:00:00Z")])
    delete("Launch", uuid(2), AT.replace(year=2027), "command:delete")
    take_in("FirstStage", [{"id": 3, "launcher": {"id": 101}}])
    assert [row[1] for row in _flights(client)] == ["Launch 1"]


def test_many_flights_are_bounded(client: Client) -> None:
    """The page has the latest, and leads to all."""
    take_in("Launch", [_launch(number, f"{1900 + number}-01-01T00:00:00Z") for number in range(1, MOST + 3)])
    assert [row[1] for row in (*_flights(client)[:1], *_flights(client)[-1:])] == [f"Launch {MOST + 2}", "Launch 3"]
    page = client.get(PAGE).content.decode()
    assert f"The latest {MOST} flights" in page
    address = html.unescape(re.findall(r'<a href="([^"]*)">All its launches', page)[0])
    assert f"of {MOST + 2}<" in client.get(address).content.decode()


def test_a_booster_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many flights it has."""
    take_in("Launch", [_launch(number, f"{1950 + number}-01-01T00:00:00Z") for number in range(1, 20)])
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{PAGE}?again")
    assert len(queries) <= len(QUERIES), queries.captured_queries
