"""The sandbox's control: the clock, the reset, changes and the record of requests, on a real process."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from launchledger.pytest_plugin import LL2, SandboxError

NOON = datetime(2031, 4, 12, 12, tzinfo=UTC)


def _get(ll2: LL2, path: str) -> Any:
    with urllib.request.urlopen(ll2.url + path, timeout=20) as response:
        return json.loads(response.read())


def _status(ll2: LL2, path: str) -> int:
    try:
        with urllib.request.urlopen(ll2.url + path, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def _control(ll2: LL2, name: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """The status and the body of a call to the control."""
    address = ll2.url.removesuffix("2.2.0/") + name
    request = urllib.request.Request(address, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def _next_launch(ll2: LL2) -> str:
    found = _get(ll2, "launch/upcoming/?limit=1&mode=list&hide_recent_previous=true")["results"]
    return str(found[0]["name"]) if found else ""


def test_everything_follows_the_clock(ll2: LL2) -> None:
    """Upcoming launches, the numbers that count flown ones, and the `Date` of replies, forwards and backwards."""
    ll2.at(NOON - timedelta(minutes=1))
    pad = _get(ll2, "pad/?limit=1")["results"][0]["id"]
    before = _get(ll2, f"pad/{pad}/")["total_launch_count"]
    name = "Falcon 9 | Noon"
    net = {"net": "2031-04-12T12:00:00Z", "net_precision": {"id": 0, "name": "Second"}}
    ll2.change("launch", create={"name": name, "status": 1, "pad": pad, **net})
    assert (_next_launch(ll2), _get(ll2, f"pad/{pad}/")["total_launch_count"]) == (name, before)
    ll2.move(timedelta(minutes=2))
    assert (_next_launch(ll2) != name, _get(ll2, f"pad/{pad}/")["total_launch_count"]) == (True, before + 1)
    with urllib.request.urlopen(ll2.url + "launch/?limit=1", timeout=20) as response:
        assert parsedate_to_datetime(response.headers["Date"]) == NOON + timedelta(minutes=1)
    ll2.at(NOON - timedelta(days=1))
    assert (_next_launch(ll2), _get(ll2, f"pad/{pad}/")["total_launch_count"]) == (name, before)


def test_a_clock_that_was_set_stands_still_or_runs(ll2: LL2) -> None:
    """At speed 0 two questions get the same time; at any other speed the time goes on."""
    ll2.at(NOON)
    assert ll2.now == ll2.now == NOON
    ll2.at(NOON, speed=1000)
    assert ll2.now < ll2.now


def test_a_change_is_in_the_next_reply(ll2: LL2) -> None:
    """A slip, also where the clock stands long before the last observation; `last_updated` is the time of the change."""
    ll2.at("1969-07-01T00:00:00Z")
    launch = _get(ll2, "launch/upcoming/?limit=1&mode=list")["results"][0]["id"]
    for net in ("1969-07-17T13:32:00Z", "1969-07-18T13:32:00Z"):  # of two changes at the same time the later one wins
        ll2.change("launch", launch, set={"net": net, "status": 2})
        found = _get(ll2, f"launch/{launch}/")
        assert (found["net"], found["status"]["abbrev"], found["last_updated"]) == (net, "TBD", "1969-07-01T00:00:00Z")


def test_objects_are_created_and_deleted(ll2: LL2) -> None:
    """New objects get an id of our own unless they have one, are in the list, and are gone once they are deleted."""
    before = _get(ll2, "agencies/")["count"]
    agency = ll2.change("agencies", create={"name": "Society for Space Travel", "abbrev": "VfR", "country_code": "DEU"})
    assert isinstance(agency, int)
    assert agency > 1_000_000_000
    assert _get(ll2, f"agencies/{agency}/")["name"] == "Society for Space Travel"
    assert ll2.change("event", create={"id": 4711, "name": "Rollout", "date": "2026-12-01T00:00:00Z"}) == 4711
    assert _get(ll2, "agencies/")["count"] == before + 1
    ll2.change("agencies", agency, delete=True)
    assert (_status(ll2, f"agencies/{agency}/"), _get(ll2, "agencies/")["count"]) == (404, before)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"resource": "rockets", "id": 1, "set": {}}, "resource is 'rockets'"),
        ({"resource": "agencies", "id": 44, "set": {"nmae": "NASA"}}, "has no key 'nmae'"),
        ({"resource": "agencies", "id": 44, "set": {"name": 1}}, "name: is an integer"),
        ({"resource": "agencies", "id": 987654, "set": {"name": "None"}}, "agencies/987654/ does not exist"),
        ({"resource": "agencies", "create": {"id": 44, "name": "NASA"}}, "agencies/44/ exists already"),
        ({"resource": "launch", "id": "44", "delete": True}, "a UUID"),
        ({"resource": "agencies", "id": True, "delete": True}, "is a number"),
        ({"resource": "agencies", "id": 44}, "one of set, create and delete"),
        ({"resource": "agencies", "id": 44, "delete": True, "set": {}}, "one of set, create and delete"),
        ([], "A change is an object"),
    ],
)
def test_a_wrong_change_changes_nothing(ll2: LL2, change: Any, reason: str) -> None:
    """The reply says what is wrong, and the catalogue stays as it was."""
    before = _get(ll2, "agencies/?limit=100")
    status, body = _control(ll2, "sandbox/change/", "POST", json.dumps(change).encode(), **{"Content-Type": "application/json"})
    assert (status, reason in body["detail"]) == (400, True), body
    assert _get(ll2, "agencies/?limit=100") == before


def test_a_reset_returns_to_the_first_state(ll2: LL2) -> None:
    """The catalogue, the clock, the faults and the requests."""
    began = ll2.now
    before = _get(ll2, "launch/?limit=100&ordering=id")
    launch = before["results"][0]["id"]
    ll2.change("launch", launch, set={"name": "Renamed"})
    ll2.change("launch", before["results"][1]["id"], delete=True)
    ll2.fail("launch", status=500, times=5)
    ll2.at("2000-01-01T00:00:00Z")
    ll2.reset()
    assert ll2.requests == []
    assert _get(ll2, "launch/?limit=100&ordering=id") == before
    assert abs(ll2.now - began) < timedelta(minutes=5)


def test_each_test_begins_in_the_first_state(request: pytest.FixtureRequest) -> None:
    """Whatever the last one left, and however long ago that was."""
    sandbox: LL2 = request.getfixturevalue("_ll2_sandbox")
    sandbox.reset()
    agencies = _get(sandbox, "agencies/?limit=100")
    sandbox.change("agencies", agencies["results"][0]["id"], set={"name": "Renamed"})
    sandbox.at("2000-01-01T00:00:00Z")
    ll2: LL2 = request.getfixturevalue("ll2")
    assert (ll2.now.year > 2000, ll2.requests) == (True, [])
    assert _get(ll2, "agencies/?limit=100") == agencies


def test_requests_are_recorded(ll2: LL2) -> None:
    """What was asked of the API, with its time and status; not what was asked of the control."""
    ll2.at("2026-07-20T14:00:00Z")
    ll2.fail("agencies", fault="reset")
    _get(ll2, "launch/?limit=1")
    _status(ll2, "launch/nothing/")
    with pytest.raises(ConnectionResetError):
        _get(ll2, "agencies/")
    found = [(each.at, each.method, each.path, each.query, each.status) for each in ll2.requests]
    assert found == [
        ("2026-07-20T14:00:00Z", "GET", "/2.2.0/launch/", "limit=1", 200),
        ("2026-07-20T14:00:00Z", "GET", "/2.2.0/launch/nothing/", "", 404),
        ("2026-07-20T14:00:00Z", "GET", "/2.2.0/agencies/", "", None),
    ]


def test_calls_are_limited_by_its_clock(ll2: LL2) -> None:
    """As upstream limits them, from the moment on which a test says so, until the sandbox's own clock has gone on or back."""

    def statuses() -> list[int]:
        return [_status(ll2, "agencies/44/") for _ in range(3)]

    ll2.at("2026-07-20T14:00:00Z")
    assert statuses() == [200, 200, 200]
    ll2.limit("2/hour")
    assert statuses() == [200, 200, 429]
    assert _get(ll2, "api-throttle/")["current_use"] == 2
    ll2.move(timedelta(hours=1))
    assert statuses() == [200, 200, 429]
    ll2.move(timedelta(days=-1))
    assert statuses() == [200, 200, 429]
    ll2.limit(None)
    assert statuses() == [200, 200, 200]
    with pytest.raises(SandboxError, match="not a rate such as 15/hour"):
        ll2.limit("fast")
    ll2.limit("1/hour")
    ll2.reset()
    assert statuses() == [200, 200, 200]


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ({}, '"now" (a time) or "move"'),
        ({"now": "tomorrow"}, "is not a date-time"),
        ({"now": "2300-01-01T00:00:00Z"}, "from 1900 to 2200"),
        ({"move": "P99999999D"}, "too far"),
        ({"move": "PT1H", "now": "2026-01-01T00:00:00Z"}, '"now" (a time) or "move"'),
        ({"speed": -1}, "speed is a number"),
        ({"speed": True}, "speed is a number"),
        ({"time": 1}, "There is no key 'time'"),
        ("noon", "JSON object"),
    ],
)
def test_a_wrong_time_is_refused(ll2: LL2, clock: Any, reason: str) -> None:
    """The clock goes on as before, and the reply says what is wrong."""
    ll2.at("2026-07-20T14:00:00Z")
    status, body = _control(ll2, "sandbox/clock/", "POST", json.dumps(clock).encode(), **{"Content-Type": "application/json"})
    assert (status, reason in body["detail"]) == (400, True), body
    assert ll2.now == datetime(2026, 7, 20, 14, tzinfo=UTC)


def test_the_control_refuses_what_a_browser_could_send(ll2: LL2) -> None:
    """A page of another origin can send forms, and no JSON; unknown paths and methods are told apart."""
    assert _control(ll2, "sandbox/reset/", "POST", b"a=1")[0] == 415
    assert _control(ll2, "sandbox/reset/", "POST", b"{", **{"Content-Type": "application/json"})[0] == 400
    assert _control(ll2, "sandbox/reset/")[0] == 405
    assert _control(ll2, "sandbox/nothing/")[0] == 404
    status, index = _control(ll2, "sandbox/")
    assert (status, index["/sandbox/clock/"]) == (200, ["GET", "POST"])


def test_the_fixture_says_what_was_wrong(ll2: LL2) -> None:
    """Its exceptions have the text of the control."""
    with pytest.raises(SandboxError, match="expected one of 429, 403, 500"):
        ll2.fail("launch", fault="flood")
    with pytest.raises(SandboxError, match="has no key 'nmae'"):
        ll2.change("agencies", 44, set={"nmae": "NASA"})
    with pytest.raises(TypeError, match="one of status and fault"):
        ll2.fail("launch")
