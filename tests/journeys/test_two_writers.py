"""Several writers and readers at once: none fails, no reply is old, and no document is stored that a commit made wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest

from launchledger.catalogue.actions import Observation
from launchledger.http_cache.revision import EVERY
from tests.journeys.asking import CODINGS, Asker
from tests.support.beside import (
    Call,
    await_stored,
    begin_observing,
    beside,
    commit,
    documents,
    end_snapshot,
    faults,
    observed,
    read_documents,
    rendered,
    store,
    store_in_thread,
)
from tests.support.observed import record, uuid
from tests.support.processes import Server, database_of_its_own, serving

pytestmark = pytest.mark.django_db(transaction=True)

ENOUGH = 15  # states of the launch that every reader has seen when all stop
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
LAUNCH, AGENCY = f"/2.2.0/launch/{uuid(1)}/", "/2.2.0/agencies/1/"
ADDRESSES = (
    LAUNCH,
    AGENCY,
    "/2.2.0/launch/?mode=detailed",
    "/2.2.0/launch/upcoming/",
    "/2.2.0/agencies/?search=of",
    f"{LAUNCH}?format=api",
)


class Writer(Thread):
    """Commits one version after another of what is its own: the launch's hashtag, or the name of the launch's agency."""

    def __init__(self, call: Call, model: str, done: Event) -> None:
        super().__init__()
        self.committed = [-1.0]  # the moment after the commit of each version
        self.failure: Exception | None = None
        self._call = call
        self._model = model
        self._done = done

    def run(self) -> None:
        try:
            while not self._done.is_set():
                self.committed.append(self._call(observed, [version(self._model, len(self.committed))]))
        except Exception as failure:
            self.failure = failure


def version(model: str, number: int) -> Observation:
    at = BEGIN + timedelta(minutes=number)
    if model == "Launch":
        return Observation([record("Launch", uuid(1), hashtag=f"Launch of {number}.")], "test", at)
    return Observation([record("Agency", 1, name=f"Agency of {number}.")], "test", at)


def beginning() -> Observation:
    net = (datetime.now(UTC) + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%S")
    records = [
        record("LaunchStatus", 1, name="Go"),
        record("Agency", 1, name="Agency of 0."),
        record("Agency", 2, name="Another"),
        record("Launch", uuid(1), name="Soyuz", hashtag="Launch of 0.", net=net, status=1, launch_service_provider=1),
    ]
    return Observation(records, "test", BEGIN)


class Seen(NamedTuple):
    """When a reader began to ask, where, and the version of each kind that the reply shows."""

    asked: float
    address: str
    versions: dict[str, int]


class Reader(Thread):
    """Requests everything from one worker, again and again, in one coding."""

    def __init__(self, server: Server, coding: str) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self.failure: Exception | None = None
        self._server, self._coding = server, coding

    def run(self) -> None:
        try:
            with Asker(self._server.address) as asker:
                patience = time.monotonic() + 60
                while len({frozenset(each.versions.items()) for each in self.seen if each.address == LAUNCH}) < ENOUGH:
                    assert time.monotonic() < patience, "nothing new comes"
                    for address in ADDRESSES:
                        self._ask(asker, address)
        except Exception as failure:
            self.failure = failure

    def _ask(self, asker: Asker, address: str) -> None:
        asked = time.monotonic()
        reply = asker.ask(address, self._coding)
        assert reply.status == 200, (address, reply)
        self.seen.append(Seen(asked, address, _versions(reply.body)))


def _versions(body: bytes) -> dict[str, int]:
    found = set(re.findall(r"(Launch|Agency) of (\d+)\.", body.decode()))
    assert len({kind for kind, _ in found}) == len(found), "a reply shows one state of the catalogue"
    return {kind: int(number) for kind, number in found}


@contextmanager
def _running(threads: Sequence[Writer] | Sequence[Reader], then: Callable[[], None] = lambda: None) -> Iterator[None]:
    """They run while the block does, and to their end after it; an exception in one of them is raised here."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        then()
        for thread in threads:
            thread.join()
    for thread in threads:
        if thread.failure:
            raise thread.failure


def test_two_writers_and_two_workers_at_once(tmp_path: Path) -> None:
    """Two processes change a launch and its agency, which share most of their documents, as fast as they can: every reply that
    was asked for more than the bound after a commit shows it, no version comes after a later one, and in the end all is whole."""
    done = Event()
    with ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(tmp_path))
        calls = [stack.enter_context(beside(url)) for _ in range(2)]
        calls[0](observed, [beginning()])
        servers = [stack.enter_context(serving(url, "--empty", "--workers", "1")) for _ in range(2)]
        writers = {model: Writer(call, model, done) for model, call in zip(("Launch", "Agency"), calls, strict=True)}
        readers = [Reader(server, coding) for server in servers for coding in ("identity", "gzip")]
        with _running([*writers.values()], done.set), _running(readers):
            pass
        time_over = max(writer.committed[-1] for writer in writers.values()) + EVERY
        askers = [stack.enter_context(Asker(server.address)) for server in servers]
        while time.monotonic() <= time_over:
            askers[0].ask(AGENCY)
        right = calls[0](rendered, ADDRESSES)
        latest = {model: len(writer.committed) - 1 for model, writer in writers.items()}
        assert _versions(right[LAUNCH].body) == latest
        for asker in askers:
            for coding in CODINGS:
                assert {address: asker.ask(address, coding) for address in ADDRESSES} == right
        assert calls[0](faults) == []
    for server in servers:
        assert "Traceback" not in server.said
    _judge([reader.seen for reader in readers], {model: writer.committed for model, writer in writers.items()})


def _judge(readers: list[list[Seen]], committed: dict[str, list[float]]) -> None:
    for seen in readers:
        latest: dict[tuple[str, str], int] = {}
        for each in seen:
            for kind, number in each.versions.items():
                least = max(version for version, at in enumerate(committed[kind]) if each.asked > at + EVERY)
                assert number >= max(least, latest.get((each.address, kind), 0)), (each, kind, least)
                latest[each.address, kind] = number


def test_a_document_of_before_a_commit_is_not_stored_after_it(tmp_path: Path) -> None:
    """A reader that is stopped anywhere between the beginning of its snapshot and storing, while another process commits, stores
    nothing; who reads next makes the document anew, and that one is stored."""
    with _writer_and_reader(tmp_path) as (write, read):
        for number, stopped in enumerate(("before anything is made", "within the snapshot", "after the snapshot")):
            write(observed, [version("Agency", 2 * number)])
            commit_meanwhile = partial(write, observed, [version("Agency", 2 * number + 1)])
            read(read_documents, "LaunchDetailed", [])
            if stopped == "before anything is made":
                commit_meanwhile()
            assert read(read_documents, "LaunchDetailed", [uuid(1)]) == 1
            if stopped == "within the snapshot":
                commit_meanwhile()
            read(end_snapshot)
            if stopped == "after the snapshot":
                commit_meanwhile()
            assert read(store) == read(documents) == 0, stopped
            _read_undisturbed(read)


def test_a_document_rendered_during_a_write_is_not_stored(tmp_path: Path) -> None:
    """A reader neither waits for a writer nor stores what the writer is about to make wrong: the commit comes after."""
    with _writer_and_reader(tmp_path) as (write, read):
        write(begin_observing, [version("Agency", 1)])
        assert read(read_documents, "LaunchDetailed", [uuid(1)]) == 1
        read(end_snapshot)
        assert read(store) == 0  # and not after the writer's commit, which waits for this test
        write(commit)
        assert read(documents) == 0
        _read_undisturbed(read)


def test_queued_documents_are_checked_again(tmp_path: Path) -> None:
    """A server stores in a thread, which waits for writers: a document that a commit made wrong meanwhile is not stored."""
    with _writer_and_reader(tmp_path) as (write, read):
        assert read(read_documents, "LaunchDetailed", [uuid(1)]) == 1
        assert read(read_documents, "Agency", [2]) == 1
        read(end_snapshot)
        write(begin_observing, [version("Agency", 1)])
        read(store_in_thread)
        write(commit)
        assert read(await_stored)
        assert read(documents) == 1, "that of the agency that nobody changed"
        assert read(faults) == []


@contextmanager
def _writer_and_reader(folder: Path) -> Iterator[tuple[Call, Call]]:
    with database_of_its_own(folder) as url, beside(url) as write, beside(url) as read:
        write(observed, [beginning()])
        yield write, read


def _read_undisturbed(read: Call) -> None:
    read(read_documents, "LaunchDetailed", [uuid(1)])
    read(end_snapshot)
    assert read(store) == read(documents) == 1
    assert read(faults) == []
