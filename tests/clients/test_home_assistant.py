"""What Home Assistant's integration `launch_library` asks, and what it needs of the answers to the starter catalogue.

It asks for the next launch that is not over and for the Starship dashboard; if either fails, or the dashboard shows no past
launch, its setup fails. Its sensors then read the fields below without looking whether they are there; a sensor whose list is
empty is unavailable, which is no fault.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import observe_starter

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py"),
]

TEXT, MOMENT, FLAG, OPTIONAL_NUMBER, OPTIONAL_TEXT = "text", "moment", "flag", "number or null", "text or null"
LAUNCH = {
    "name": TEXT,
    "launch_service_provider.name": TEXT,
    "pad.name": TEXT,
    "pad.location.name": TEXT,
    "pad.location.country_code": TEXT,
    "net": MOMENT,
    "window_start": MOMENT,
    "window_end": MOMENT,
    "webcast_live": FLAG,
    "probability": OPTIONAL_NUMBER,
    "status.name": TEXT,
    "holdreason": OPTIONAL_TEXT,
    "mission.name": TEXT,
    "mission.type": TEXT,
    "mission.orbit.name": TEXT,
    "mission.description": TEXT,
}
EVENT = {
    "name": TEXT,
    "date": MOMENT,
    "location": OPTIONAL_TEXT,
    "video_url": OPTIONAL_TEXT,
    "type.name": TEXT,
    "description": TEXT,
}


def _is(value: Any, kind: str) -> bool:
    """Whether a value is of a kind; a moment must have its zone, or Home Assistant refuses it."""
    match kind:
        case "text":
            return isinstance(value, str) and value != ""
        case "moment":
            return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        case "flag":
            return isinstance(value, bool)
        case "number or null":
            return value is None or (isinstance(value, int) and not isinstance(value, bool))
    return value is None or isinstance(value, str)


def _lacks(body: Any, needs: dict[str, str]) -> dict[str, Any]:
    """The needs that a launch or event does not meet, with what it has instead; an error where a path ends early."""
    found = {}
    for path, kind in needs.items():
        value = body
        for key in path.split("."):
            value = value[key]
        if not _is(value, kind):
            found[path] = value
    return found


def _get(client: Client, address: str) -> Any:
    reply = client.get(address, HTTP_USER_AGENT="python/pylaunches", HTTP_ACCEPT="application/json")
    assert reply.status_code == 200
    assert reply["Content-Type"] == "application/json"
    return reply.json()


@pytest.mark.parametrize("day", ["2026-11-25", "2027-06-01", "2028-06-01", "2029-06-01", "2030-06-01", "2030-12-31"])
def test_the_next_launch_fills_every_sensor(client: Client, day: str) -> None:
    """Whenever the server is started first, until the decade ends."""
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        observe_starter()
        (launch,) = _get(client, "/2.2.0/launch/upcoming/?limit=1&hide_recent_previous=True")["results"]
        assert _lacks(launch, LAUNCH) == {}
        assert datetime.fromisoformat(launch["net"]) > datetime.fromisoformat(f"{day}T12:00:00Z")


def test_every_launch_to_come_could_be_the_next(client: Client) -> None:
    """All of them meet the same needs, and every event those of events."""
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        observe_starter()
        launches = _get(client, "/2.2.0/launch/upcoming/?limit=100")["results"]
        events = _get(client, "/2.2.0/event/upcoming/?limit=100")["results"]
    assert len(launches) > 15
    assert len(events) > 15
    assert [(launch["name"], _lacks(launch, LAUNCH)) for launch in launches if _lacks(launch, LAUNCH)] == []
    assert [(event["name"], _lacks(event, EVENT)) for event in events if _lacks(event, EVENT)] == []


def test_the_starship_dashboard_sets_it_up(client: Client) -> None:
    """A past launch, or the setup fails; what is next for the Starship sensors; the vehicle that flew, and the event before."""
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        observe_starter()
        dashboard = _get(client, "/2.2.0/dashboard/starship/")
    launches, events = dashboard["previous"]["launches"], dashboard["previous"]["events"]
    assert [launch["name"] for launch in launches] == ["Starship SN15 | 10 km Flight"]
    assert [event["name"] for event in events] == ["Starship SN15 Static Fire"]
    assert [vehicle["serial_number"] for vehicle in dashboard["vehicles"]] == ["SN15"]
    assert [launch["name"] for launch in dashboard["upcoming"]["launches"]] == ["Starship | HLS Demo"]
    for launch in launches + dashboard["upcoming"]["launches"]:
        assert _lacks(launch, LAUNCH) == {}
    assert [_lacks(event, EVENT) for event in events] == [{}]
