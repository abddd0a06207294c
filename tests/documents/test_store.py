"""Documents are stored only while they are right, and in a server by a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError

from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.documents import store as module
from launchledger.documents.models import Document, Use
from launchledger.documents.reading import show
from launchledger.documents.store import Rendered, StoreThread, store
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import AT, take_in
from tests.support.bodies import agency

SOON = 20.0  # seconds in which a thread has surely done its work


def _made(*keys: int) -> Rendered:
    fresh = Rendered()
    with snapshot():
        assert len(show(WIRE.shapes["Agency"], keys, fresh)) == len(keys)
    return fresh


def _stored() -> set[str]:
    return set(Document.objects.values_list("key", flat=True))


@pytest.fixture
def agencies(transactional_db: None) -> None:
    for key in (1, 2, 3):
        take_in("Agency", agency(key))


@pytest.fixture
def keeper(agencies: None) -> Iterator[StoreThread]:
    made = StoreThread(period=0)
    yield made
    made.stop()


@pytest.mark.usefixtures("agencies")
def test_what_changed_since_is_not_stored_and_all_else_is() -> None:
    """Of two documents of one moment, the one whose object was written since is wrong by now."""
    fresh = _made(1, 2)
    take_in("Agency", agency(2, name="Renamed"), AT + timedelta(days=1))
    assert store(fresh) == 1
    assert _stored() == {"1"}


@pytest.mark.usefixtures("agencies")
def test_who_would_have_to_look_far_back_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a load it costs more to find out what is right than to make it again."""
    fresh = _made(1)
    monkeypatch.setattr(module, "MOST_ENTRIES", 1)
    for key in (4, 5):
        take_in("Agency", agency(key))
    assert store(fresh) == 0


@pytest.mark.usefixtures("agencies")
def test_a_catalogue_that_went_back_takes_nothing() -> None:
    """A document of a later serial than the newest was made from another catalogue."""
    fresh = _made(1)
    fresh.newest = fresh.newest._replace(serial=fresh.newest.serial + 1)
    assert store(fresh) == 0


@pytest.mark.usefixtures("agencies")
def test_a_catalogue_that_was_replaced_takes_nothing() -> None:
    """A document was made from another catalogue where the entry of then has another time, be it the newest or not."""
    fresh = _made(1)
    newest = fresh.newest
    for replaced in (newest._replace(at="another"), newest._replace(serial=newest.serial - 1)):
        fresh.newest = replaced
        assert store(fresh) == 0
    fresh.newest = newest
    assert store(fresh) == 1


def test_a_keeper_stores_what_it_was_given(keeper: StoreThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps does not wait; soon everything is there with its uses, what several made only once."""
    made = [_made(1, 2), _made(2, 3)]  # both first: SQLite in memory refuses a thread that writes beside one that reads
    monkeypatch.setattr(module, "_keeper", keeper)
    assert [store(fresh) for fresh in made] == [0, 0]
    assert keeper.settle(SOON)
    assert _stored() == {"1", "2", "3"}
    assert set(Use.objects.values_list("document", flat=True)) == set(Document.objects.values_list("pk", flat=True))


def test_no_more_than_some_bytes_wait(agencies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes when too much waits already is not stored, and made again one day."""
    keeper = StoreThread(period=SOON)
    first, second = _made(1), _made(2)
    monkeypatch.setattr(module, "MOST_BYTES", sum(len(built.written.body) for built in first.built.values()))
    keeper.take(first)
    keeper.take(second)
    keeper.stop()
    assert _stored() == {"1"}


def test_a_keeper_outlives_a_database_that_is_away(keeper: StoreThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be stored is dropped, and what comes later is stored."""

    def away(_: object) -> int:
        raise OperationalError("the server is gone")

    with monkeypatch.context() as gone:
        gone.setattr(module, "_store", away)
        keeper.take(_made(1))
        assert keeper.settle(SOON)
    keeper.take(_made(2))
    assert keeper.settle(SOON)
    assert _stored() == {"2"}


def test_who_is_stopped_stores_what_waits(agencies: None) -> None:
    """What was given before the end is stored, and the thread is gone."""
    keeper = StoreThread(period=SOON)
    keeper.take(_made(1, 2))
    keeper.stop()
    assert _stored() == {"1", "2"}
    assert "keeper" not in {thread.name for thread in threading.enumerate()}
