"""`/vehicles/`, `/spacecraft/` and `/boosters/`: lists of vehicles, which take the parameters of the wire."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import agency, flight
from tests.support.whole import take_in, whole

pytestmark = pytest.mark.django_db

QUERIES = (
    *("the beginning of the snapshot", "the end of it", "the keys of the page, with its count", "their stored documents"),
    *("the state of the catalogue, for each field of the form that names rows" for _ in range(2)),
    *("the rows that a field chooses from, and their names" for _ in range(4)),
    "what the normal shape does not have",
)
LISTS = ("/vehicles/", "/vehicles/?kind=spacecraft", "/spacecraft/", "/boosters/")


def _rows(client: Client, path: str) -> list[list[str]]:
    """The cells of each row of a list, without tags."""
    page = client.get(path).content.decode()
    rows = re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", page, re.DOTALL)
    return [[html.unescape(re.sub("<[^>]*>", " ", cell)).strip() for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows]


def _launcher(id: int, name: str, **changes: Any) -> dict[str, Any]:
    return {"id": id, "name": name, "full_name": name, "manufacturer": agency(), **changes}


def test_launchers_have_their_record(client: Client) -> None:
    """The launches, the rate of successes with its interval at 95 %, landings and measures; what is not known is empty."""
    record = {"successful_launches": 89, "failed_launches": 4, "total_launch_count": 93, "pending_launches": 42}
    landings = {"attempted_landings": 9, "successful_landings": 7, "failed_landings": 2}
    more = {"leo_capacity": 300, "maiden_flight": "2017-05-25", "active": True}
    take_in("LauncherConfiguration", [_launcher(26, "Electron", **record, **landings, **more), _launcher(27, "New")])
    electron, new = _rows(client, "/vehicles/")
    rate = electron.pop(2).split()
    assert electron == ["Electron", "93", "42", "7 of 9", "300 kg", "2017-05-25", "yes", "Soviet Space Program"]
    assert rate == ["95.7", "%", "89.5", "to", "98.3"]
    assert new == ["New", "0", "", "", "", "", "", "no", "Soviet Space Program"]


@pytest.mark.parametrize("column", ["successful_landings", "attempted_landings", "successful_launches", "failed_launches"])
def test_a_number_that_is_not_known_is_no_error(client: Client, column: str) -> None:
    """Upstream may send null for any of them."""
    numbers = {"successful_launches": 3, "failed_launches": 1, "attempted_landings": 2, "successful_landings": 1}
    take_in("LauncherConfiguration", [_launcher(26, "Electron", **{**numbers, column: None})])
    assert _rows(client, "/vehicles/")[0][0] == "Electron"
    assert client.get("/vehicles/26").status_code == 200


def test_spacecraft_configurations_are_on_the_same_page(client: Client) -> None:
    """By a parameter of the page, which paging, the form and the links of filters keep."""
    take_in("SpacecraftFlight", [flight(1)])
    take_in("LauncherConfiguration", [_launcher(26, "Electron")])
    assert [row[0] for row in _rows(client, "/vehicles/?kind=spacecraft")] == ["Vostok"]
    assert _rows(client, "/vehicles/?kind=spacecraft")[0][1:] == [
        *("Soviet Space Program", "One person to orbit and back.", "1", "1960-05-15", "no"),
    ]
    page = client.get("/vehicles/?kind=spacecraft&human_rated=true&limit=1").content.decode()
    assert '<input type="hidden" name="kind" value="spacecraft">' in page
    assert '<li>Rated: for people <a href="?kind=spacecraft" ' in page
    assert 'href="/2.2.0/config/spacecraft/?human_rated=true&amp;limit=1"' in page


def test_single_spacecraft_have_their_time_in_space(client: Client) -> None:
    """With serial number, configuration, flights and status."""
    take_in("SpacecraftFlight", [flight(1)])
    assert _rows(client, "/spacecraft/") == [
        ["Vostok 1", "Vostok-3KA No.3", "Vostok", "1", "1 h 48 min", "no", "Single Use"],
    ]


def test_boosters_have_their_landings(client: Client) -> None:
    """With their vehicle by its full name, which the form chooses from too."""
    config = _launcher(164, "Falcon 9", full_name="Falcon 9 Block 5")
    dates = {"first_launch_date": "2021-06-03T17:29:15Z", "last_launch_date": "2026-07-09T09:25:43Z"}
    body = {"id": 101, "serial_number": "B1067", "status": "active", "flights": 36, "launcher_config": config, **dates}
    take_in("Launcher", [{**body, "attempted_landings": 36, "successful_landings": 35}])
    assert _rows(client, "/boosters/") == [
        ["B1067", "Falcon 9 Block 5", "active", "36", "35 of 36", "2021-06-03", "2026-07-09"],
    ]
    page = client.get("/boosters/?launcher_config=164").content.decode()
    assert '<option value="164" selected>Falcon 9 Block 5</option>' in page


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/vehicles/", "search=elec", 1),
        ("/vehicles/", "active=true", 1),
        ("/vehicles/", "manufacturer=66&ordering=-leo_capacity", 2),
        ("/vehicles/?kind=spacecraft&", "human_rated=false", 0),
        ("/spacecraft/", "in_space=true", 0),
        ("/spacecraft/", "spacecraft_config=27", 1),
        ("/boosters/", "flight_proven=true", 0),
    ],
)
def test_filters_are_those_of_the_wire(client: Client, path: str, query: str, found: int) -> None:
    """The page and its JSON twin have as many rows."""
    take_in("SpacecraftFlight", [flight(1)])
    take_in("LauncherConfiguration", [_launcher(26, "Electron", active=True, leo_capacity=300), _launcher(27, "New")])
    address = f"{path}{'' if '?' in path else '?'}{query}"
    assert len(_rows(client, address)) == found
    twin = re.findall(r'<a href="(/2.2.0/[^"]*)">This list as JSON', client.get(address).content.decode())
    assert client.get(html.unescape(twin[0])).json()["count"] == found


@pytest.mark.parametrize("path", ["/vehicles/?manufacturer=x", "/spacecraft/?status=x", "/boosters/?launcher_config=x"])
def test_a_value_that_cannot_be_read_is_named(client: Client, path: str) -> None:
    """The page says which parameter."""
    response = client.get(path)
    assert response.status_code == 400
    assert f"<code>{re.split('[?=]', path)[1]}</code>: " in response.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_a_fixed_number_of_queries(client: Client, path: str) -> None:
    """However many rows; the fields of the form are cached until something is written."""
    for resource in ("config/launcher", "config/spacecraft", "spacecraft", "launcher"):
        shape = WIRE.resources[resource].detail
        take_in(shape.model, [whole(shape, number) for number in range(1, 8)])
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert len(_rows(client, f"{path}{'&' if '?' in path else '?'}limit=30")) == 7
    assert len(queries) <= len(QUERIES), queries.captured_queries


@pytest.mark.parametrize("path", LISTS)
def test_empty_lists_say_so(client: Client, path: str) -> None:
    """In an empty catalogue too."""
    response = client.get(path)
    assert response.status_code == 200
    assert "Nothing matches" in response.content.decode()
