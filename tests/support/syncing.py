"""Syncing with a real server over HTTP, the sandbox, on a clock that goes along with ours; and whether both serve the same."""

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

import time_machine
from django.db import connection
from django.test import Client

from launchledger.catalogue.actions import refresh
from launchledger.pytest_plugin import LL2
from launchledger.sync.running import Made, Syncer
from launchledger.sync.upstream import Upstream

START = datetime(2026, 11, 29, tzinfo=UTC)
_RUNNING = re.compile(rb'"time_(in_space|docked)":"[^"]*"')
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


@contextmanager
def syncing(ll2: LL2, *, journal: bool) -> Iterator[Syncer]:
    """A syncer of the sandbox, which has the lease. Without `journal` it walks through lists, as with upstream itself."""
    syncer = Syncer(Upstream(ll2.url), journal=journal)
    with syncer.running():
        yield syncer


def sync_once(ll2: LL2, together: Together, *, journal: bool = False) -> list[Made]:
    """Sync once; returns the calls."""
    made: list[Made] = []
    with syncing(ll2, journal=journal) as syncer:
        syncer.sync_once(together.wait, made.append)
    return made


def crawl(start: str, get: Callable[[str], bytes]) -> dict[str, bytes]:
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


def theirs(address: str) -> bytes:
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


def assert_same(ll2: LL2, *, running: bool = True) -> int:
    """Assert that every reply of a crawl is the same there and here; returns how many there are.

    Without `running`, durations that go on are not compared: a mirror has them as they were when it saw them.
    """
    refresh()
    found = crawl(ll2.url, theirs)
    compared = (lambda body: body) if running else (lambda body: _RUNNING.sub(b"", body))
    different = [address for address, body in found.items() if compared(_ours(address)) != compared(body)]
    assert different == []
    return len(found)


def results_of(ll2: LL2, path: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(theirs(ll2.url + path))["results"]
    return found
