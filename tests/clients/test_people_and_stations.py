"""What programs ask about people in space and stations, and need of the answers: counts, crews and names."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import observe_starter

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py"),
]


def test_who_is_in_space(client: Client) -> None:
    """Displays show a number, and for each person a name, an agency, a nationality and a picture if there is one."""
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        observe_starter()
        page = client.get("/2.2.0/astronaut/?in_space=true&limit=100&mode=normal").json()
    assert page["count"] == len(page["results"]) > 0
    for person in page["results"]:
        assert person["in_space"] is True
        assert all((person["name"], person["nationality"], person["agency"]["name"])), person["name"]
        assert person["time_in_space"].startswith("P")
        assert person["profile_image"] is None or person["profile_image"].startswith("http")


def test_stations_with_their_crews_and_ports(client: Client) -> None:
    """Displays show a picture, the crew of every expedition that goes on, and what is docked where."""
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        observe_starter()
        stations = client.get("/2.2.0/spacestation/?status=1").json()["results"]
        assert [station["name"] for station in stations] == ["International Space Station", "Tiangong space station"]
        for station in stations:
            body = client.get(station["url"]).json()
            assert body["image_url"].startswith("http://testserver/")
            crew = [seat for expedition in body["active_expeditions"] for seat in expedition["crew"]]
            assert body["onboard_crew"] == len(crew) > 0
            assert all(seat["astronaut"]["name"] and seat["role"]["role"] for seat in crew)
            assert all(port["name"] for port in body["docking_location"])
