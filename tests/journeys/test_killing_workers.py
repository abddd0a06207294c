"""A worker that is killed under load: another takes its place, and only the requests in flight are lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest

from benchmarks.processes import Tree
from launchledger.catalogue.actions import Observation
from tests.journeys.asking import Asker
from tests.journeys.load import CONNECTIONS, load, needs_wrk
from tests.support.beside import Call, beside, faults, observed, rendered
from tests.support.observed import NOW, launch, record, uuid
from tests.support.processes import Server, database_of_its_own, digest, serving

KILLS = 4
LAUNCHES = 60
PATIENCE = 30.0  # seconds for what must happen at once, on however busy a machine

pytestmark = [pytest.mark.django_db(transaction=True), needs_wrk]


def _workers(server: Server) -> list[int]:
    """The workers: the children of the first process."""
    return Tree(server.process.pid).pids()[1:]


def _our_sockets(server: Server) -> dict[str, int]:
    """The server's ends of open connections by the links to them (see proc(5)), each with the port of the other end."""
    ours = int(server.address.rpartition(":")[2])
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    is_open = "01"
    return {
        f"socket:[{words[9]}]": int(words[2][-4:], 16)
        for words in lines
        if int(words[1][-4:], 16) == ours and words[3] == is_open
    }


def _worker_behind(asker: Asker, server: Server) -> int:
    """Which process holds the other end of a connection, as the system tells it."""
    port = asker.connection.sock.getsockname()[1]
    socket = next(link for link, other in _our_sockets(server).items() if other == port)
    return next(pid for pid in _workers(server) if socket in _open_files(pid))


def _open_files(pid: int) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            found.add(str(file.readlink()))
    return found


def _queues_move() -> bool:
    """Whether connections that wait for a dying process move to another one, which some systems do if configured.

    Elsewhere a client that was cut off, and connects again at once, may be cut off once more: it may still be put into the queue
    of the dying process, whose connections are closed before its queue is.
    """
    return Path("/proc/sys/net/ipv4/tcp_migrate_req").read_text().strip() == "1"


@contextmanager
def _a_connection_to_each(server: Server) -> Iterator[list[Asker]]:
    """Connections, one to each worker."""
    found: dict[int, Asker] = {}
    others = []
    end = time.monotonic() + PATIENCE
    while len(found) < len(_workers(server)):
        assert time.monotonic() < end, "some worker takes no connection"
        asker = Asker(server.address)
        asker.ask("/2.2.0/")
        others.append(asker)
        found.setdefault(_worker_behind(asker, server), asker)
    try:
        yield [*found.values()]
    finally:
        for asker in others:
            asker.connection.close()


class Killed(NamedTuple):
    """How many connections the worker had, each with a request in flight, and the process that took its place."""

    connections: int
    successor: int


def _kill(server: Server, victim: int) -> Killed:
    """Under load, kill a worker, and wait until another is in its place and answers."""
    with _a_connection_to_each(server):  # both answer
        others = {*_workers(server)} - {victim}
    end = time.monotonic() + PATIENCE
    while len(_our_sockets(server)) < CONNECTIONS:
        assert time.monotonic() < end, "the load does not begin"
    connections = len(_open_files(victim) & _our_sockets(server).keys())
    os.kill(victim, signal.SIGKILL)
    end = time.monotonic() + PATIENCE
    while victim in (now := {*_workers(server)}) or len(now) <= len(others):
        assert time.monotonic() < end, f"{victim} was killed, and there are {now}"
    with _a_connection_to_each(server):
        (successor,) = now - others
    return Killed(connections, successor)


def _some_launches(call: Call) -> list[str]:
    """Launches that share what they are made of; gives addresses of them."""
    records = [record("Agency", key, name=f"Agency {key}") for key in (1, 2)] + [record("Pad", 1, name="Site 1")]
    records += [
        launch(number, f"2024-01-{1 + number % 28:02}T00:00:00", launch_service_provider=1 + number % 2, pad=1)
        for number in range(1, LAUNCHES + 1)
    ]
    call(observed, [Observation([record("LaunchStatus", 3, name="Success"), *records], "test", NOW)])
    details = [f"/2.2.0/launch/{uuid(number)}/" for number in range(1, LAUNCHES + 1)]
    return [*details, "/2.2.0/launch/?limit=5&mode=detailed", "/2.2.0/agencies/1/", "/2.2.0/pad/?ordering=-id"]


@contextmanager
def _edited(call: Call) -> Iterator[None]:
    """Someone changes the agencies of all launches again and again, so that workers always have documents to write."""
    done = Event()

    def edit() -> None:
        number = 0
        while not done.is_set():
            number += 1
            records = [record("Agency", key, name=f"Agency {key}, {number}") for key in (1, 2)]
            call(observed, [Observation(records, "test", NOW + timedelta(minutes=number))])
            done.wait(0.02)

    editor = Thread(target=edit)
    editor.start()
    try:
        yield
    finally:
        done.set()
        editor.join()


@pytest.mark.parametrize("edited", [False, True], ids=["kept", "edited"])
def test_a_worker_killed_under_load_loses_what_was_in_flight(tmp_path: Path, edited: bool) -> None:
    """Killed one after the other while wrk asks without a pause, what is kept as well as what must be made: each time another
    process takes the place, and no more is lost than the one request of each connection that the worker had. Then both give the
    right bytes, and all that is stored is whole."""
    with database_of_its_own(tmp_path) as url, beside(url) as call, serving(url, "--empty", "--workers", "2") as server:
        addresses = _some_launches(call)
        before = digest(url)
        newest = 0
        for _ in range(KILLS):
            with load(server, addresses, tmp_path) as wrk, _edited(call) if edited else nullcontext():
                # Not the one that has just begun: a worker that dies twice within seconds is taken for one that cannot live.
                killed = _kill(server, next(pid for pid in _workers(server) if pid != newest))
                newest = killed.successor
            assert wrk.counted.requests > CONNECTIONS
            assert wrk.counted.lost <= killed.connections * (1 if _queues_move() else 2), (killed, wrk.counted)
            assert call(faults) == []
        assert (digest(url) == before) != edited
        right = call(rendered, addresses)
        with _a_connection_to_each(server) as askers:
            for asker in askers:
                assert {address: asker.ask(address) for address in addresses} == right
    assert "Traceback" not in server.said
