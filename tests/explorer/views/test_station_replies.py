"""`/stations/{id}` against replies that upstream sent: all that they have of a station is on its page."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import take_in

pytestmark = [pytest.mark.django_db, needs_upstream]

NOW = datetime(2026, 7, 20, tzinfo=UTC)  # a week after the newest of these replies


def _stations(name: str) -> list[dict[str, Any]]:
    found: Any = json.loads((REPLIES / "2.2.0" / name).read_text(encoding="utf-8"))
    return list(found) if isinstance(found, list) else list(found["results"])


def _docked(body: dict[str, Any]) -> dict[str, str]:
    """The vehicle at each port that has one."""
    ports = (port for port in body["docking_location"] if port["docked"])
    return {port["name"]: port["docked"]["flight_vehicle"]["spacecraft"]["name"] for port in ports}


@pytest.mark.parametrize("name", ["spacestation__results__1.json", "spacestation__results__3.json"])
def test_all_of_a_reply_is_on_the_page(client: Client, name: str) -> None:
    """Owners, people aboard, ports with what is docked there, and the docking chart with a bar that ends now for each."""
    bodies = _stations(name)
    take_in("SpaceStation", bodies)
    for body in bodies:
        with time_machine.travel(NOW, tick=False):
            page = html.unescape(client.get(f"/stations/{body['id']}").content.decode())
        people = [member["astronaut"]["name"] for each in body["active_expeditions"] for member in each["crew"]]
        aboard = page.partition('id="aboard"')[2].partition("</section>")[0]
        assert sorted(re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+)', aboard)) == sorted(set(people))
        for owner in body["owners"]:
            assert owner["name"] in page
        table = page.partition('id="docked"')[2].partition("</section>")[0]
        for port in body["docking_location"]:
            assert port["name"] in table
        chart = page.partition("<svg viewBox")[2].partition("</svg>")[0]
        for port, vehicle in _docked(body).items():
            assert re.search(rf"{re.escape(vehicle)}, {re.escape(port)}: [0-9: -]+ UTC to now", chart), (port, vehicle)
        assert (chart != "") == bool(_docked(body))


def test_the_facts_are_those_of_the_reply(client: Client) -> None:
    """Of the ISS, with their units; what no reply has is not made up."""
    take_in("SpaceStation", [body for body in _stations("spacestation__results__1.json") if body["id"] == 4])
    page = client.get("/stations/4").content.decode()
    facts = dict(re.findall(r"<dt>([^<]*)</dt>\s*<dd>([^<&]*)", page))
    assert facts == {
        "Type": "Government",
        "Orbit": "Low Earth Orbit",
        "Founded": "1998-11-20",
        "Crew aboard": "7",
        "Docked vehicles": "6",
        "Height": "72.8 m",
        "Width": "108.5 m",
        "Mass": "419.7 t",
        "Volume": "931 m³",
    }
    assert "Reported to be empty: deorbited" in page
