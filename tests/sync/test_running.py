"""Syncing with a real server over HTTP: the sandbox, whose clock goes along with ours."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client

from launchledger.catalogue.actions import refresh
from launchledger.journal.models import Entry
from launchledger.pytest_plugin import LL2
from launchledger.sync import running
from launchledger.sync.models import Call, KeptReply
from launchledger.sync.running import Made, Syncer
from launchledger.sync.upstream import Upstream

# They commit, as syncing does: within one transaction PostgreSQL would keep each version of the rows that every call updates.
pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 11, 29, tzinfo=UTC)
_ADDRESS = re.compile(rb'"(http://[^"]*)"')


class Together:
    """Our clock and the sandbox's, which move together; waiting moves both, and takes no time.

    Every wait moves them by a whole number of milliseconds, rounded up: less than a microsecond would not move them at all.
    """

    def __init__(self, ll2: LL2, ours: time_machine.Traveller) -> None:
        self._ll2, self._ours = ll2, ours
        self.now = START

    def wait(self, seconds: float) -> bool:
        if seconds > 0:
            self.now += timedelta(milliseconds=ceil(seconds * 1000))
            self._ours.move_to(self.now)
            self._ll2.at(self.now)
        return True


@pytest.fixture
def together(ll2: LL2, monkeypatch: pytest.MonkeyPatch) -> Iterator[Together]:
    """Both clocks at the start. A wait is not cut into pieces, each of which would be a call to the sandbox."""
    monkeypatch.setattr(running, "LONGEST_WAIT", running.LONGEST_WITHOUT_PLAN)
    ll2.at(START)
    with time_machine.travel(START, tick=False) as ours:
        yield Together(ll2, ours)


@contextmanager
def _syncer(ll2: LL2) -> Iterator[Syncer]:
    syncer = Syncer(Upstream(ll2.url))
    with syncer.running():
        yield syncer


def _sync_once(ll2: LL2, together: Together) -> list[Made]:
    made: list[Made] = []
    with _syncer(ll2) as syncer:
        syncer.sync_once(together.wait, made.append)
    return made


def _crawl(start: str, get: Callable[[str], bytes]) -> dict[str, bytes]:
    """Every reply that links lead to, from the root on; of each list also its longest pages.

    On PostgreSQL the longest pages alone; a reply has the same bytes on both databases (tests/wire/test_same_bytes.py).
    """
    found: dict[str, bytes] = {}
    waiting = [start]
    deep = connection.vendor == "sqlite"
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        found[address] = body = get(address)
        links = [link.decode() for link in _ADDRESS.findall(body)]
        if deep:
            waiting += [link for link in links if link.startswith(start) and not link.endswith(".png")]
        if address == start:
            waiting += [f"{link}?mode=detailed&limit=100" for link in links if link.startswith(start)]
    return found


def _theirs(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return bytes(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return b"%d %s" % (error.code, error.read())


def _ours(address: str) -> bytes:
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    response = Client().get(parts.path + query, HTTP_HOST=parts.netloc)
    return response.content if response.status_code == 200 else b"%d %s" % (response.status_code, response.content)


def _assert_same(ll2: LL2) -> int:
    """Assert that every reply of a crawl is the same there and here; returns how many there are."""
    refresh()
    theirs = _crawl(ll2.url, _theirs)
    different = [address for address, body in theirs.items() if _ours(address) != body]
    assert different == []
    return len(theirs)


def test_every_reply_is_the_same_after_a_sync(ll2: LL2, together: Together) -> None:
    """Byte for byte, for every address of a crawl, after one sync with a server that does not throttle."""
    _sync_once(ll2, together)
    assert _assert_same(ll2) > (500 if connection.vendor == "sqlite" else 40)


def test_changes_without_a_date_and_deletions_are_seen(ll2: LL2, together: Together) -> None:
    """The next sync brings an edit that has no `last_updated`, a slip, a new object, and that objects are gone."""
    _sync_once(ll2, together)
    together.wait(3600)
    ll2.change("astronaut", 4, set={"name": "Edwin Aldrin", "status": 1})
    ll2.change("agencies", 63, set={"abbrev": "RKA"})
    launch, slipped = (each["id"] for each in _results(ll2, "launch/upcoming/?limit=2&mode=list"))
    ll2.change("launch", slipped, set={"net": "2030-05-01T00:00:00Z", "status": 2})
    ll2.change("launch", launch, delete=True)
    ll2.change("event", _results(ll2, "event/?limit=1")[0]["id"], delete=True)
    made = _sync_once(ll2, together)
    assert sum(each.taken.deleted for each in made if each.taken) == 2
    _assert_same(ll2)


def test_what_is_gone_stays_gone_although_others_show_it(ll2: LL2, together: Together) -> None:
    """A spacecraft flight of a deleted launch shows it still; that revives nothing, until the launch has an address again."""
    _sync_once(ll2, together)
    flight = json.loads(_theirs(f"{ll2.url}spacecraft/flight/?limit=1"))["results"][0]
    launch = flight["launch"]["id"]
    together.wait(3600)
    ll2.change("launch", launch, delete=True)
    made = _sync_once(ll2, together)
    assert sum(each.taken.deleted for each in made if each.taken) == 1
    together.wait(3600)
    ll2.change("spacecraft/flight", flight["id"], set={"destination": "Elsewhere"})
    made = _sync_once(ll2, together)
    assert f'"{launch}"'.encode() in _theirs(f"{ll2.url}spacecraft/flight/{flight['id']}/")
    assert sum(each.taken.deleted for each in made if each.taken) == 0
    entries = Entry.objects.filter(key=launch, action__in=("deleted", "revived"))
    assert list(entries.values_list("action", flat=True)) == ["deleted"]
    _assert_same(ll2)
    ll2.reset()
    together.wait(3600)
    _sync_once(ll2, together)
    _assert_same(ll2)


def _results(ll2: LL2, path: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(_theirs(ll2.url + path))["results"]
    return found


def test_an_upstream_that_throttles_is_never_asked_too_often(ll2: LL2, together: Together) -> None:
    """At 15 calls an hour no call is refused, and nothing is missing in the end; only the times in space have gone on."""
    ll2.limit("15/hour")
    until = START + timedelta(hours=4)
    with _syncer(ll2) as syncer:
        syncer.sync(together.wait, lambda made: None, until)
    calls = [request for request in ll2.requests if "api-throttle" not in request.path]
    assert {call.status for call in calls} == {200}
    assert 40 <= len(calls) <= 4 * 15
    ll2.limit(None)
    made = _sync_once(ll2, together)
    assert sum(each.taken.report.outcomes[path]["new"] for each in made if each.taken for path in each.taken.report.outcomes) == 0
    _assert_same(ll2)


def test_faults_are_waited_out(ll2: LL2, together: Together) -> None:
    """A third of all calls fail, each in one of all ways, and nothing is lost or wrong in the end."""
    for seed, fault in enumerate(("429", "403", "500", "reset", "cut", "invalid", "count", "moved", "repeated", "empty")):
        ll2.fail(fault=fault, share=0.04, seed=seed, seconds=30)
    _sync_once(ll2, together)
    ll2.reset()
    together.wait(7200)
    _sync_once(ll2, together)  # what was given up, or missed on pages that moved, comes with the next sync
    _assert_same(ll2)


def test_a_reply_that_was_kept_is_taken_in_at_the_next_start(
    ll2: LL2, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends between a reply and its objects costs no call."""
    with _syncer(ll2) as syncer, monkeypatch.context() as patch:
        patch.setattr(Syncer, "_take_in", _killed)
        with pytest.raises(KeyboardInterrupt):
            syncer.sync_once(together.wait, lambda made: None)
    asked = Call.objects.count()
    assert KeptReply.objects.filter(done_at=None).count() == 1
    with _syncer(ll2):
        assert KeptReply.objects.filter(done_at=None).count() == 0
    assert Call.objects.count() == asked == 1
    _sync_once(ll2, together)
    requests = [(request.path, request.query) for request in ll2.requests if "api-throttle" not in request.path]
    assert requests.count(requests[0]) <= 2  # the second is that of a whole sync


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
