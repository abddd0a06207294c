"""The Starship dashboard: computed from the catalogue, and loaded from a reply like anything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import launch
from tests.support.whole import AT, take_in, uuid, whole

pytestmark = pytest.mark.django_db

ADDRESS = "/2.2.0/dashboard/starship/"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAST, SOON, LATER = "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
STARSHIP: dict[str, Any] = {"id": 1, "name": "SpaceX Starship"}  # as real replies name it
OTHER: dict[str, Any] = {"id": 501, "name": "Starship"}


@pytest.fixture(autouse=True)
def _in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _ids(objects: list[dict[str, Any]]) -> list[Any]:
    return [each["id"] for each in objects]


def test_it_is_empty_where_nothing_is_known(client: Client) -> None:
    """Every list is there and empty, in the order of the contract."""
    body = client.get(ADDRESS).json()
    assert list(body) == [field.key for field in WIRE.shapes["StarshipDashboard"].fields]
    nothing: dict[str, Any] = {"launches": [], "events": []}
    assert {key: value for key, value in body.items() if value} == {"upcoming": nothing, "previous": nothing}


def test_launches_and_events_are_the_programs(client: Client) -> None:
    """The program is found by its id, whatever it is called. Events run forward, upcoming launches too."""
    times = {1: LATER, 2: SOON, 3: PAST, 4: "2025-01-01T00:00:00Z"}
    take_in("Launch", [launch(uuid(number), net=net, program=[STARSHIP]) for number, net in times.items()])
    take_in("Event", [{"id": number, "date": date, "program": [STARSHIP]} for number, date in times.items()])
    take_in("Launch", [launch(uuid(9), net=SOON, program=[OTHER])])
    take_in("Event", [{"id": 9, "date": SOON, "program": [OTHER]}])
    body = client.get(ADDRESS).json()
    assert _ids(body["upcoming"]["launches"]) == [uuid(2), uuid(1)]
    assert _ids(body["upcoming"]["events"]) == [2, 1]
    assert _ids(body["previous"]["launches"]) == [uuid(3), uuid(4)]
    assert _ids(body["previous"]["events"]) == [4, 3]
    assert {item["type"] for item in body["upcoming"]["launches"]} == {"normal"}


def test_past_launches_run_by_their_rockets_ids(client: Client) -> None:
    """The highest id first, whatever the nets; those without an id follow, the latest first."""
    times = {1: PAST, 2: "2025-03-01T00:00:00Z", 3: "2025-02-01T00:00:00Z", 4: "2025-12-01T00:00:00Z"}
    launches = [launch(uuid(number), net=net, program=[STARSHIP]) for number, net in times.items()]
    for body, rocket in zip(launches, (7, 9, None, None), strict=True):
        body["rocket"] = {"id": rocket, "configuration": {"id": 1}}
    take_in("Launch", launches)
    assert _ids(client.get(ADDRESS).json()["previous"]["launches"]) == [uuid(2), uuid(1), uuid(4), uuid(3)]


def test_the_ten_newest_updates(client: Client) -> None:
    """Updates of the program's launches, the newest first; those of its events alone are left out, as upstream leaves them."""
    updates = [{"id": number, "created_on": f"2026-01-{number:02}T00:00:00Z"} for number in range(1, 13)]
    for number, listed in ((1, updates[:6]), (2, updates[6:])):
        take_in("Launch", [whole(WIRE.shapes["LaunchDetailed"], number) | {"program": [STARSHIP], "updates": listed}])
    other = {"program": [OTHER], "updates": [{"id": 98, "created_on": SOON}]}
    take_in("Launch", [whole(WIRE.shapes["LaunchDetailed"], 3) | other])
    take_in("Event", [{"id": 1, "program": [STARSHIP], "updates": [{"id": 99, "created_on": SOON}]}])
    assert _ids(client.get(ADDRESS).json()["updates"]) == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]


def test_vehicles_are_those_of_the_programs_configurations(client: Client) -> None:
    """By serial number, and none of another program's configurations."""
    ours, others = {"id": 1, "program": [STARSHIP]}, {"id": 2, "program": [OTHER]}
    take_in("LauncherConfiguration", [ours, others])
    take_in(
        "Launcher",
        [
            {"id": 1, "serial_number": "SN9", "launcher_config": {"id": 1}},
            {"id": 2, "serial_number": "BN1", "launcher_config": {"id": 1}},
            {"id": 3, "serial_number": "B1062", "launcher_config": {"id": 2}},
        ],
    )
    assert _ids(client.get(ADDRESS).json()["vehicles"]) == [2, 1]


def test_orbiters_are_the_spacecraft_of_the_program(client: Client) -> None:
    """Those of its launches, and the others of their configurations; a name alone makes none."""
    configuration: dict[str, Any] = {"id": 500, "name": "Ship"}
    flown: dict[str, Any] = {"id": 2, "name": "Ship 1", "spacecraft_config": configuration}
    planned: dict[str, Any] = {"id": 1, "name": "Ship 24", "spacecraft_config": configuration}
    take_in("Spacecraft", [planned, {"id": 3, "name": "Starship", "spacecraft_config": {"id": 2, "name": "Starship"}}])
    take_in("SpacecraftFlight", [{"id": 1, "spacecraft": flown, "launch": launch(uuid(1), program=[STARSHIP])}])
    assert _ids(client.get(ADDRESS).json()["orbiters"]) == [2, 1]


def test_a_dashboards_own_updates_and_vehicles_stay(client: Client) -> None:
    """Those that the newest dashboard listed are shown, although nothing else relates them to the program."""
    update = {"id": 5, "created_on": PAST}
    first = {"updates": [{"id": 4, "created_on": PAST}, update], "vehicles": [{"id": 9, "serial_number": "BN0"}], "orbiters": []}
    second = {"updates": [update], "vehicles": [{"id": 7, "serial_number": "BN1"}], "orbiters": [{"id": 8, "name": "Ship 20"}]}
    for sent, at in ((second, NOW), (first, AT)):
        observe([Observation(WIRE.reader.read("StarshipDashboard", sent), "test", at)])
    body = client.get(ADDRESS).json()
    assert (_ids(body["updates"]), _ids(body["vehicles"]), _ids(body["orbiters"])) == ([5], [7], [8])


def test_what_only_a_dashboard_contains_comes_back(client: Client) -> None:
    """Streams, closures, notices and vehicles of a loaded dashboard are shown as they were sent; past ones are not."""
    closure = {"title": "Primary Date", "status": {"id": 1, "name": "Scheduled"}, "window_start": SOON, "window_end": LATER}
    notice = {"id": 1, "type": {"id": 1, "name": "TFR"}, "url": "https://example.org/tfr", "date": SOON}
    stream = {"title": "Starbase", "description": "Cameras", "image": "", "url": "https://example.org/live"}
    sent = {
        "updates": [],
        "upcoming": {
            "launches": [launch(uuid(1), net=SOON, program=[whole(WIRE.shapes["Program"], 1) | STARSHIP])],
            "events": [],
        },
        "previous": {"launches": [], "events": []},
        "live_streams": [stream],
        "road_closures": [{"id": 1, **closure}, {"id": 2, **closure, "window_start": PAST, "window_end": PAST}],
        "notices": [notice, {**notice, "id": 2, "date": PAST}],
        "vehicles": [],
        "orbiters": [],
    }
    take_in("StarshipDashboard", [sent])
    body = client.get(ADDRESS).json()
    assert _ids(body["upcoming"]["launches"]) == [uuid(1)]
    assert body["live_streams"] == [stream]
    assert body["road_closures"] == [{"id": 1, **closure}]
    assert body["notices"] == [notice]


@pytest.mark.parametrize("query", ["?mode=list", "?mode=detailed", "?mode=nonsense"])
def test_the_mode_changes_nothing(client: Client, query: str) -> None:
    """Clients send a mode; its effect upstream is unknown."""
    take_in("Launch", [launch(uuid(1), net=SOON, program=[STARSHIP])])
    assert client.get(ADDRESS + query).content == client.get(ADDRESS).content


def test_it_is_a_page_and_has_the_forms_of_any_reply(client: Client) -> None:
    """A suffix and `format` choose the form; addresses within follow it; without the last slash it redirects."""
    take_in("Launch", [launch(uuid(1), net=SOON, program=[STARSHIP])])
    for query, end in ((".json", ".json"), ("/?format=json", "/?format=json")):
        (item,) = client.get(f"/2.2.0/dashboard/starship{query}").json()["upcoming"]["launches"]
        assert item["url"] == f"http://testserver/2.2.0/launch/{uuid(1)}{end}"
    assert client.get("/2.2.0/dashboard/starship?mode=list").headers["Location"] == f"{ADDRESS}?mode=list"
    assert "Starship dashboard" in client.get(f"{ADDRESS}?format=api").content.decode()


def test_it_costs_the_same_however_much_is_in_it(client: Client) -> None:
    """A query for the keys of each of nine lists, and what it costs to render each list that is not empty."""
    with CaptureQueriesContext(connection) as empty:
        client.get(ADDRESS)
    assert len(empty) == 1 + 9, "the row with the streams; the keys of nine lists"
    counts = []
    for numbers in (range(1, 2), range(2, 30)):
        take_in("Launch", [launch(uuid(number), net=SOON, program=[STARSHIP]) for number in numbers])
        with CaptureQueriesContext(connection) as full:
            client.get(ADDRESS)
        counts.append(len(full))
    assert counts[0] == counts[1]
