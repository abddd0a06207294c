"""No reply is older than the bound: two worker processes with a cache each, readers that never pause, a writer beside them."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Condition, Thread
from typing import Any, NamedTuple

import pytest
from django.db import connection

from launchledger.http_cache.revision import EVERY
from tests.support.bodies import VOSTOK_1, agency_mini, launch
from tests.support.processes import database_of_its_own, environment, served

pytestmark = pytest.mark.django_db(transaction=True)

EDITS = 25
ADDRESSES = (
    f"/2.2.0/launch/{VOSTOK_1}/",
    "/2.2.0/launch/upcoming/?mode=detailed",
    "/2.2.0/agencies/1/",
    f"/2.2.0/launch/{VOSTOK_1}/?format=api",
)

# Tells the moment after each commit by the clock that all processes of a machine share.
_WRITE = """
import json, sys, time, django
django.setup()
from datetime import datetime
from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE

for line in sys.stdin:
    body = json.loads(line)
    observe([Observation(WIRE.reader.read("Launch", body), "test", datetime.fromisoformat(body["last_updated"]))])
    print(time.monotonic(), flush=True)
"""


class Seen(NamedTuple):
    """What a reader saw: when it began to ask, where, and the version that the reply shows."""

    asked: float
    address: str
    version: int


def _version(number: int) -> str:
    """A launch in a year's time, with its version in its own row and in that of its agency."""
    then = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    body = launch(
        name=f"Version {number}",
        net=(datetime.now(UTC) + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        last_updated=then.strftime("%Y-%m-%dT%H:%M:%SZ"),
        launch_service_provider=agency_mini(1, f"Version {number}"),
    )
    return json.dumps(body) + "\n"


class Reader(Thread):
    """Asks one address again and again, as a browser does: with the tag of what it has, compressed or not, on few connections."""

    def __init__(self, server: str, address: str, coding: str) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self.failure: Exception | None = None
        self.news = Condition()
        self._host = server.removeprefix("http://")
        self._address = address
        self._headers = {"Accept-Encoding": coding}
        self._goes_on = True

    def run(self) -> None:
        try:
            while self._goes_on:
                client = HTTPConnection(self._host, timeout=20)
                for _ in range(20):
                    self._ask(client)
                client.close()
        except Exception as failure:
            self.failure = failure
        with self.news:
            self.news.notify_all()

    def _ask(self, client: HTTPConnection) -> None:
        asked = time.monotonic()
        client.request("GET", self._address, headers=self._headers)
        response = client.getresponse()
        body = response.read()
        if response.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        assert response.status in (200, 304)
        if response.status == 200:
            versions = {int(number) for number in re.findall(rb"Version (\d+)", body)}
            assert len(versions) == 1, "a reply shows one state of the catalogue"
            self._version = versions.pop()
            self._headers["If-None-Match"] = response.headers["ETag"]
        with self.news:
            self.seen.append(Seen(asked, self._address, self._version))
            self.news.notify_all()

    def await_version(self, number: int) -> None:
        with self.news:
            met = self.news.wait_for(lambda: self.failure or (self.seen and self.seen[-1].version >= number), timeout=20)
        assert self.failure is None, self.failure
        assert met, f"version {number} never came"

    def stop(self) -> None:
        self._goes_on = False
        self.join()


@contextmanager
def _writer(url: str) -> Iterator[Any]:
    """A function that writes a version and returns the time after its commit."""
    words = [sys.executable, "-c", _WRITE]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environment(url), stdin=pipe, stdout=pipe, text=True) as process:
        to, answers = process.stdin, process.stdout
        assert to is not None
        assert answers is not None

        def write(number: int) -> float:
            to.write(_version(number))
            to.flush()
            return float(answers.readline())

        yield write
        to.close()


def test_a_request_a_tenth_of_a_second_after_a_commit_gets_the_new_version(tmp_path: Path) -> None:
    """Every reply that was asked for more than the bound after a commit shows it, from either worker, as JSON or as a page,
    compressed or not, by 200 or by 304, whatever the load: the clock begins after the commit and ends before the request."""
    with database_of_its_own(tmp_path) as url, _writer(url) as write:
        committed = {0: write(0)}
        with served(url, "--empty", "--workers", "2") as server:
            readers = [Reader(server, address, coding) for address in ADDRESSES for coding in ("identity", "gzip")]
            for reader in readers:
                reader.start()
            try:
                for number in range(EDITS):
                    if number:
                        committed[number] = write(number)
                    for reader in readers:
                        reader.await_version(number)
            finally:
                for reader in readers:
                    reader.stop()
    seen = [each for reader in readers for each in reader.seen]
    for each in seen:
        assert each.version >= max((number for number, at in committed.items() if each.asked > at + EVERY), default=0), each
    assert {each.version for each in seen} == set(range(EDITS))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a file has no server that could go away")
def test_a_database_that_went_away_is_found_again(tmp_path: Path) -> None:
    """When the database ends every connection of the server, as a restart does, the next requests are answered all the same."""
    with database_of_its_own(tmp_path) as url, served(url, "--empty") as server, ExitStack() as stack:
        client = stack.enter_context(closing(HTTPConnection(server.removeprefix("http://"), timeout=20)))
        offsets = itertools.count()

        def ask() -> int:
            client.request("GET", f"/2.2.0/pad/?offset={next(offsets)}")  # which no worker has in memory
            response = client.getresponse()
            response.read()
            return response.status

        for _ in range(3):
            assert [ask() for _ in range(3)] == [200] * 3
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = %s",
                    [url.rpartition("/")[2]],
                )
                assert cursor.fetchone()[0] > 0
        assert [ask() for _ in range(3)] == [200] * 3
