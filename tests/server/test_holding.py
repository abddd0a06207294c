"""Requests that wait for the next entry of the journal: they are answered in time, and nobody waits for them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError

from launchledger.server.holding import Holding, Ticket
from tests.server.talking import Address, Reply, ask
from tests.support.processes import database_of_its_own, run, serving

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite_only("the journal is read by the same query as everywhere"),
]

PATIENCE = 10.0  # seconds
HEADERS = [("Content-Type", "application/json"), ("Content-Length", "5")]


class _Client:
    """Where a reply goes to."""

    def __init__(self) -> None:
        self.reply: tuple[int, list[tuple[str, str]], bytes] | None = None
        self._is_answered = threading.Event()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.reply = (status, headers, body)
        self._is_answered.set()

    @property
    def body(self) -> bytes:
        assert self._is_answered.wait(PATIENCE)
        assert self.reply is not None
        return self.reply[2]


class _Journal:
    """A journal of which only the newest serial is known; `found` is what a request finds once it is there."""

    def __init__(self) -> None:
        self.newest = 1
        self.found: bytes | None = b"found it"
        self.error: Exception | None = None

    def __call__(self) -> int:
        if self.error:
            raise self.error
        return self.newest

    def again(self, after: int, is_last: bool) -> tuple[bytes | None, int]:
        return self.found, self.newest


@pytest.fixture
def journal() -> _Journal:
    return _Journal()


@pytest.fixture
def holding(journal: _Journal) -> Iterator[Holding]:
    holding = Holding(journal, every=0.01, most=3, most_of_one=2)
    yield holding
    holding.end()


def _ticket(journal: _Journal, seconds: float = 60) -> Ticket:
    ticket = Ticket()
    ticket.hold(journal.again, journal.newest, time.monotonic() + seconds)
    return ticket


def _hold(holding: Holding, journal: _Journal, address: str = "a", seconds: float = 60) -> _Client:
    client = _Client()
    assert holding.take(_ticket(journal, seconds), address, client, HEADERS, b"empty")
    return client


def test_a_new_entry_answers_whoever_waits_for_it(holding: Holding, journal: _Journal) -> None:
    """With what the request finds then, and its length."""
    clients = [_hold(holding, journal, address) for address in "abc"]
    journal.newest = 2
    assert [client.body for client in clients] == [b"found it"] * 3
    assert clients[0].reply == (200, [("Content-Type", "application/json"), ("Content-Length", "8")], b"found it")


def test_an_entry_that_does_not_match_is_waited_past(holding: Holding, journal: _Journal) -> None:
    """The request looks on after it, until its time is up."""
    journal.found = None
    client = _hold(holding, journal)
    journal.newest = 2
    later = _hold(holding, journal, seconds=0.1)
    assert later.body == b"empty"
    assert client.reply is None
    journal.found, journal.newest = b"found it", 3
    assert client.body == b"found it"


@pytest.mark.parametrize("error", [OperationalError("gone"), RuntimeError("unexpected")])
def test_a_journal_that_cannot_be_read_ends_no_thread(holding: Holding, journal: _Journal, error: Exception) -> None:
    """Whoever waits gets the empty reply when the time is up, and others may wait again."""
    journal.error = error
    assert _hold(holding, journal, seconds=0.05).body == b"empty"
    journal.error = None
    client = _hold(holding, journal)
    journal.newest = 2
    assert client.body == b"found it"


def test_there_is_room_for_so_many_and_for_fewer_of_one_address(holding: Holding, journal: _Journal) -> None:
    """The others are answered at once, by whoever asks to hold them; an answer makes room again."""
    held = [_hold(holding, journal, "a"), _hold(holding, journal, "a")]
    assert not holding.take(_ticket(journal), "a", _Client(), HEADERS, b"empty")
    held.append(_hold(holding, journal, "b"))
    assert not holding.take(_ticket(journal), "c", _Client(), HEADERS, b"empty")
    journal.newest = 2
    assert all(client.body for client in held)
    _hold(holding, journal, "a")


def test_the_end_of_a_worker_answers_everybody(holding: Holding, journal: _Journal) -> None:
    """At once, and nobody is held any more."""
    client = _hold(holding, journal)
    holding.end()
    assert client.body == b"empty"
    assert not holding.take(_ticket(journal), "a", _Client(), HEADERS, b"empty")


def _wait_at(server: Address, since: int, seconds: int) -> tuple[float, Reply]:
    began = time.monotonic()
    reply = ask(server, f"/ledger/changes/?since={since}&wait={seconds}", "Host: a")
    return time.monotonic() - began, reply


@pytest.mark.django_db(transaction=True)
def test_a_real_server_holds_requests_and_serves_others(tmp_path: Path) -> None:
    """One worker: three wait, others are served meanwhile, and a change of another process ends the wait within two seconds."""
    with database_of_its_own(tmp_path) as url, serving(url, "--workers", "1") as running, ThreadPoolExecutor() as pool:
        server = Address.of(running.address)
        newest = ask(server, "/ledger/changes/", "Host: a").json["newest"]
        waiting = [pool.submit(_wait_at, server, newest, 30) for _ in range(3)]
        seconds, reply = _wait_at(server, newest, 1)
        assert (1 <= seconds < PATIENCE, reply.status, reply.json["results"]) == (True, 200, [])
        launch = ask(server, "/2.2.0/launch/?limit=1", "Host: a").json["results"][0]["id"]
        assert not any(each.done() for each in waiting)
        run(url, "delete", "launch", launch)
        committed = time.monotonic()
        for each in waiting:
            _, reply = each.result(PATIENCE)
            assert json.loads(reply.body)["results"][0]["action"] == "deleted"
        assert time.monotonic() - committed < 2
