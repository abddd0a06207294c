"""`/ledger/at/` over HTTP: the wire's details as they were, with addresses that stay in the time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from launchledger import clock
from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.pictures import PICTURE
from launchledger.formats.times import format_date_time
from launchledger.history import past
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, VOSTOK_6, crew_member, flight, launch
from tests.support.calls import within_the_test
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG = "x" * 2_000


@pytest.fixture(autouse=True)
def travelling() -> Iterator[time_machine.Traveller]:
    """A launch that was first known an hour after BEGIN, and changed two hours after it."""
    with time_machine.travel(BEGIN, tick=False) as found:
        found.shift(HOUR)
        _take_in("Launch", launch(image=f"http://elsewhere/{PICTURE}"))
        found.shift(HOUR)
        _take_in("Launch", launch(name="Another name", net="2026-04-01T00:00:00Z"))
        found.shift(HOUR)
        yield found


def _take_in(model: str, body: dict[str, Any]) -> None:
    observe([Observation(WIRE.reader.read(model, body), "test", clock.now())])


def _path(at: object, rest: str = f"launch/{VOSTOK_1}/") -> str:
    return f"/ledger/at/{format_date_time(at) if isinstance(at, datetime) else at}/2.2.0/{rest}"


def _leading_to(path: str, wire: bytes) -> bytes:
    """A reply of the wire with the addresses of its objects below another path; the picture stays where it is."""
    return wire.replace(b"/2.2.0/", path.encode()).replace(f"{path}{PICTURE}".encode(), f"/2.2.0/{PICTURE}".encode())


def test_a_detail_is_as_it_was(client: Client, travelling: time_machine.Traveller) -> None:
    """The bytes that the wire gave at that time, but for the addresses of objects."""
    travelling.move_to(BEGIN + 5 * HOUR)
    wire = client.get(f"/2.2.0/launch/{VOSTOK_1}/").content
    travelling.shift(HOUR)
    _take_in("Launch", launch(name="A third name", probability=50))
    travelling.shift(HOUR)
    assert client.get(_path(BEGIN + 5 * HOUR)).content == _leading_to(_path(BEGIN + 5 * HOUR, ""), wire)
    names = [client.get(_path(BEGIN + hours * HOUR)).json()["name"] for hours in (1, 2, 7)]
    assert names == ["Vostok-K | Vostok 1", "Another name", "A third name"]


def test_addresses_stay_in_the_time_and_keep_the_format(client: Client) -> None:
    """Each leads to an object as it was, in whatever zone the time was written; the picture is where it is."""
    body = client.get(_path("2026-03-01T15:30:00+02:00"), {"format": "json"}).json()
    base = f"http://testserver{_path('2026-03-01T13:30:00Z', '')}"
    assert body["url"] == f"{base}launch/{VOSTOK_1}/?format=json"
    assert body["image"] == f"http://testserver/2.2.0/{PICTURE}"
    for url in (body["url"], body["pad"]["url"], body["launch_service_provider"]["url"]):
        assert client.get(url).json()["url"] == url


@pytest.mark.parametrize(
    "path",
    [
        _path(BEGIN),
        _path("1957-10-04T19:28:34Z"),
        *(_path(BEGIN + HOUR, rest) for rest in (f"launch/{VOSTOK_6}/", "launch/x/", "rocket/1/", "launch/", "pad/1/history/")),
        *(
            _path(BEGIN + HOUR, rest)
            for rest in ("dashboard/starship/", "schema/", f"launch/{LONG}/", "pad/9223372036854775808/")
        ),
        _path(BEGIN + HOUR).replace("2.2.0", "2.3.0"),
    ],
)
def test_what_was_not_there_is_not_found(client: Client, path: str) -> None:
    """Before the first entry, ids that nothing had, and what is no detail of a served version."""
    response = client.get(path)
    assert (response.status_code, list(response.json())) == (404, ["detail"])


@pytest.mark.parametrize("time", ["yesterday", "2026-02-30", "0001-01-01T00:00:00+23:00", "%00", "2026", LONG])
def test_hostile_times_are_refused_by_name(client: Client, time: str) -> None:
    """As for the parameters of the ledger: a short text, and no query."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(_path(time))
    assert (response.status_code, list(response.json())) == (400, ["time"])
    assert len(response.content) < 300
    assert not queries


def test_too_much_is_refused_with_the_reason(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left out where a bound is reached."""
    monkeypatch.setattr(past, "MOST_ENTRIES", 0)
    response = client.get(_path(BEGIN + HOUR))
    assert (response.status_code, response.json()) == (
        400,
        {"time": ["It and its parts changed more than 0 times since then."]},
    )


def test_a_time_to_come_is_now(client: Client, travelling: time_machine.Traveller) -> None:
    """The reply is that of the wire, and expires with the next minute, in which durations go on."""
    _take_in("SpacecraftFlight", flight(launch=launch(net="2026-03-01T12:00:00Z"), mission_end=None))
    ahead = _path("2999-01-01T00:00:00Z", "")
    for path in (f"launch/{VOSTOK_1}/", "spacecraft/flight/1/", "astronaut/270/"):
        assert client.get(f"{ahead}{path}").content == _leading_to(ahead, client.get(f"/2.2.0/{path}").content)
    with within_the_test():
        served = Served()
        travelling.move_to(BEGIN + 5 * HOUR + timedelta(seconds=20))
        assert served.ask(f"{ahead}launch/{VOSTOK_1}/").headers["cache-control"].endswith("max-age=40")
        assert served.ask(_path(BEGIN + HOUR)).headers["cache-control"].endswith("max-age=60")


def test_durations_ran_up_to_the_time(client: Client, travelling: time_machine.Traveller) -> None:
    """Of who was in space: up to its last whole minute, although the flight ended long ago."""
    member = crew_member(1, 270, "Yuri Gagarin")
    member["astronaut"] |= {"status": {"id": 1, "name": "Active"}, "date_of_death": None}
    del member["astronaut"]["time_in_space"], member["astronaut"]["in_space"]
    body = flight(
        launch=launch(net="2026-03-01T14:00:00Z"), launch_crew=[member], landing_crew=[], landing=None, mission_end=None
    )
    _take_in("SpacecraftFlight", body)
    at = clock.now() + timedelta(minutes=90, seconds=30)
    travelling.move_to(at)
    then = client.get("/2.2.0/astronaut/270/").json()
    assert then["in_space"] is True
    travelling.shift(HOUR)
    _take_in("SpacecraftFlight", {**body, "mission_end": "2026-03-01T17:00:00Z"})
    assert client.get("/2.2.0/astronaut/270/").json()["in_space"] is False
    was = client.get(_path(at, "astronaut/270/")).json()
    assert (was["in_space"], was["time_in_space"]) == (True, then["time_in_space"])


def test_modes_of_details_are_as_on_the_wire(client: Client) -> None:
    """The one that an astronaut has gives launches in their small shape."""
    _take_in("SpacecraftFlight", flight())
    now, rest = format_date_time(clock.now()), "astronaut/270/"
    for mode in ("launchlist", "nonsense"):
        wire = client.get(f"/2.2.0/{rest}", {"mode": mode}).json()
        assert wire.keys() == client.get(_path(now, rest), {"mode": mode}).json().keys()
        assert wire["flights"][0].keys() == client.get(_path(now, rest), {"mode": mode}).json()["flights"][0].keys()


def test_the_habits_of_the_wire(client: Client) -> None:
    """Methods, CORS, unknown formats, keys, the browsable page, and a 304 for an ETag from the memory of replies."""
    path = _path(BEGIN + HOUR)
    assert client.options(path).headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.post(path).status_code == 405
    assert client.get(path, {"format": "xml"}).status_code == 404
    assert client.get(path, headers={"authorization": "Token"}).status_code == 401
    page = client.get(path, {"format": "api"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert f"{path}?format=api".encode() in page.content
    ours, wire = client.get(path).headers, client.get("/2.2.0/pad/").headers
    for name in ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary", "Allow", "X-Content-Type-Options"):
        assert ours[name] == wire[name]
    with within_the_test():
        served = Served()
        first = served.ask(path)
        assert json.loads(first.body)["name"] == "Vostok-K | Vostok 1"
        with served.django.asked(0):
            assert served.ask(path, headers={"if-none-match": first.headers["etag"]}).status == 304


@pytest.mark.parametrize("prefix", ["/ledger", "/space"])
def test_below_a_prefix(settings: Settings, prefix: str) -> None:
    """Addresses have the prefix, and lead back."""
    settings.PATH_PREFIX = prefix
    with within_the_test():
        served = Served()
        path = _path(BEGIN + HOUR)
        url = json.loads(served.ask(f"{prefix}{path}").body)["url"]
        assert url == f"http://ledger.example{prefix}{path}"
        assert served.ask(url.removeprefix("http://ledger.example")).status == 200
