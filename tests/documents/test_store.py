"""Documents are stored only while they are right; in a server, by a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError

from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.documents import store as module
from launchledger.documents.models import Document, Use
from launchledger.documents.reading import documents_of
from launchledger.documents.store import Rendered, StoreThread, store
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import AT, take_in
from tests.support.bodies import agency

SOON = 20.0  # seconds in which a thread has surely done its work


def _render(*keys: int) -> Rendered:
    rendered = Rendered()
    with snapshot():
        assert len(documents_of(WIRE.shapes["Agency"], keys, rendered)) == len(keys)
    return rendered


def _stored() -> set[str]:
    return set(Document.objects.values_list("key", flat=True))


@pytest.fixture
def agencies(transactional_db: None) -> None:
    for key in (1, 2, 3):
        take_in("Agency", agency(key))


@pytest.fixture
def thread(agencies: None) -> Iterator[StoreThread]:
    thread = StoreThread(period=0)
    yield thread
    thread.stop()


@pytest.mark.usefixtures("agencies")
def test_what_changed_since_is_not_stored_and_all_else_is() -> None:
    """Of two documents of one snapshot, the one whose object changed since is wrong by now."""
    rendered = _render(1, 2)
    take_in("Agency", agency(2, name="Renamed"), AT + timedelta(days=1))
    assert store(rendered) == 1
    assert _stored() == {"1"}


@pytest.mark.usefixtures("agencies")
def test_nothing_is_stored_after_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a load it costs more to find out which documents are right than to render them again."""
    rendered = _render(1)
    monkeypatch.setattr(module, "MOST_ENTRIES", 1)
    for key in (4, 5):
        take_in("Agency", agency(key))
    assert store(rendered) == 0


@pytest.mark.usefixtures("agencies")
def test_nothing_is_stored_after_the_journal_went_back() -> None:
    """A document of a later serial than the newest was rendered from another catalogue."""
    rendered = _render(1)
    rendered.newest = rendered.newest._replace(serial=rendered.newest.serial + 1)
    assert store(rendered) == 0


@pytest.mark.usefixtures("agencies")
def test_nothing_is_stored_in_another_catalogue() -> None:
    """Where the document's entry has another time, newest or not, it was rendered from another catalogue."""
    rendered = _render(1)
    newest = rendered.newest
    for replaced in (newest._replace(at="another"), newest._replace(serial=newest.serial - 1)):
        rendered.newest = replaced
        assert store(rendered) == 0
    rendered.newest = newest
    assert store(rendered) == 1


def test_the_thread_stores_what_is_added(thread: StoreThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """`store` does not wait; soon all documents are there with their references, each once."""
    both = [_render(1, 2), _render(2, 3)]  # both first: SQLite in memory refuses a thread that writes beside one that reads
    monkeypatch.setattr(module, "_store_thread", thread)
    assert [store(rendered) for rendered in both] == [0, 0]
    assert thread.wait_until_stored(SOON)
    assert _stored() == {"1", "2", "3"}
    assert set(Use.objects.values_list("document", flat=True)) == set(Document.objects.values_list("pk", flat=True))


def test_the_queue_is_bounded(agencies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that come when the queue is full are not stored."""
    thread = StoreThread(period=SOON)
    first, second = _render(1), _render(2)
    monkeypatch.setattr(module, "MOST_BYTES", sum(len(built.content.body) for built in first.documents.values()))
    thread.add(first)
    thread.add(second)
    thread.stop()
    assert _stored() == {"1"}


def test_the_thread_outlives_a_database_that_is_away(thread: StoreThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that cannot be stored are dropped; later ones are stored."""

    def away(_: object) -> int:
        raise OperationalError("the server is gone")

    with monkeypatch.context() as gone:
        gone.setattr(module, "_store", away)
        thread.add(_render(1))
        assert thread.wait_until_stored(SOON)
    thread.add(_render(2))
    assert thread.wait_until_stored(SOON)
    assert _stored() == {"2"}


def test_stopping_stores_the_queue(agencies: None) -> None:
    """What was added before the end is stored, and the thread is gone."""
    thread = StoreThread(period=SOON)
    thread.add(_render(1, 2))
    thread.stop()
    assert _stored() == {"1", "2"}
    assert "document store" not in {each.name for each in threading.enumerate()}
