"""Following the journal for a cache in front: nothing is skipped, and what was purged does not come back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from launchledger.cdn import follower
from launchledger.cdn.follower import FIRST_PAUSE, LONGEST_PAUSE, REPEAT_AFTER, SEEN_AFTER, Follower, PurgeFailed
from launchledger.http_cache.revision import EVERY
from launchledger.http_cache.surrogate_keys import CATALOGUE, EVERYTHING, keys_changed_by
from launchledger.journal.compacting import compact, span_before
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from tests.support.observed import NOW, record, tell

pytestmark = pytest.mark.django_db


class _Ended(BaseException):
    """The time of the test is over."""


class Cache:
    """A cache that records its purges with their times, and fails as long as it should; seconds pass when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.purged: list[tuple[float, set[str]]] = []
        self.fails: list[Exception] = []
        self.waits: list[float] = []
        self.until = 0.0
        self.follower = Follower(self.purge, lambda: self.seconds, self.wait)

    def purge(self, keys: Collection[str]) -> None:
        if self.fails:
            raise self.fails.pop()
        self.purged.append((self.seconds, set(keys)))

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds
        if self.until and self.seconds >= self.until:
            raise _Ended

    def follow(self, seconds: float) -> list[set[str]]:
        """The purges within so many seconds from now."""
        before = len(self.purged)
        self.until = self.seconds + seconds
        with pytest.raises(_Ended):
            self.follower.follow(0.1)
        self.until = 0.0
        return [keys for _, keys in self.purged[before:]]


@pytest.fixture
def cache() -> Cache:
    """One that has been purged of everything, twice."""
    cache = Cache()
    assert cache.follow(2 * REPEAT_AFTER) == [{EVERYTHING}] * 2
    return cache


def _rename(*numbers: int, edit: int = 1) -> set[str]:
    """Rename these pads; returns the keys of the change."""
    before = latest_serial()
    tell(*(record("Pad", number, name=f"Site {number}, {edit}") for number in numbers), at=NOW + timedelta(seconds=edit))
    return keys_changed_by(list(Entry.objects.filter(serial__gt=before)))


def test_it_begins_with_everything() -> None:
    """Changes before the start are unknown: everything is purged once, and again for replies that were on their way."""
    _rename(1)
    cache = Cache()
    assert cache.follow(60) == [{EVERYTHING}] * 2
    (first, _), (second, _) = cache.purged
    assert first == pytest.approx(SEEN_AFTER)
    assert second - first == pytest.approx(REPEAT_AFTER, abs=0.2)


def test_a_change_is_purged_when_every_worker_has_seen_it(cache: Cache) -> None:
    """Earlier, a worker might send a cached reply, and the cache would store that; after some seconds it is purged again."""
    named = _rename(1)
    seen = cache.seconds
    assert cache.follow(60) == [named] * 2
    assert CATALOGUE in named
    assert EVERYTHING not in named
    first, second = (at - seen for at, _ in cache.purged[-2:])
    assert EVERY < SEEN_AFTER <= first < SEEN_AFTER + 0.2
    assert REPEAT_AFTER <= second - first < REPEAT_AFTER + 0.3


def test_without_a_change_nothing_is_purged(cache: Cache) -> None:
    """While nothing is written the cache gets no request."""
    assert cache.follow(3600) == []


def test_every_change_is_purged_twice_and_in_order(cache: Cache) -> None:
    """Of changes that follow each other fast, each is purged at once, and again after its own delay."""
    named = [_rename(1)]
    assert cache.follow(2) == named
    named.append(_rename(2))
    assert cache.follow(2) == named[1:]
    assert cache.follow(60) == named


def test_a_purge_that_fails_is_retried_with_growing_pauses(cache: Cache, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is skipped: changes that came meanwhile are purged too. The reason is logged, and the recovery."""
    named = _rename(1)
    cache.waits.clear()
    cache.fails = [PurgeFailed(f"cache answers 50{number} at\nlast") for number in range(9)]
    caplog.set_level("INFO")
    cache.until = cache.seconds + 40
    with pytest.raises(_Ended):
        cache.follower.follow(0.1)
    pauses = [wait for wait in cache.waits if wait >= FIRST_PAUSE]
    assert pauses[:7] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE]
    warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert warnings[0] == "purge failed, retrying in 0.5 s: cache answers 508 at last"
    named |= _rename(2)
    assert cache.follow(200) == [named] * 2
    assert "purging recovered" in [each.getMessage() for each in caplog.records]
    cache.fails = [PurgeFailed("once")]
    again = _rename(3)
    cache.waits.clear()
    assert cache.follow(60) == [again] * 2
    assert FIRST_PAUSE in cache.waits, "after a success pauses begin anew"


def test_a_second_purge_that_fails_is_retried(cache: Cache) -> None:
    """It matters as much as the first."""
    named = _rename(1)
    assert cache.follow(1) == [named]
    cache.fails = [PurgeFailed("now")]
    assert cache.follow(60) == [named]


def test_a_database_that_is_away_is_tried_again(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a cache that is away; afterwards everything that was written meanwhile is purged."""
    closed = []
    errors = [OperationalError("the server closed the connection")] * 3

    def serial() -> int:
        if errors:
            raise errors.pop()
        return latest_serial()

    monkeypatch.setattr(follower, "latest_serial", serial)
    monkeypatch.setattr("launchledger.cdn.follower.connection.close", lambda: closed.append(True))
    named = _rename(1)
    assert cache.follow(60) == [named] * 2
    assert len(closed) == 3


def test_a_load_is_everything(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """More changes than are worth naming: one purge of everything, and not thousands of keys."""
    monkeypatch.setattr(follower, "MOST_ENTRIES", 5)
    few, many = range(1, 6), range(10, 16)
    named = _rename(*few)
    assert len(Entry.objects.filter(kind="Pad")) == 5
    assert cache.follow(60)[-1] == named or cache.purged[-1][1] == {EVERYTHING}
    _rename(*many)
    assert cache.follow(60) == [{EVERYTHING}] * 2
    named = _rename(*few, edit=2)
    assert cache.follow(60) == [named] * 2


def test_entries_that_a_compaction_dropped_are_everything(cache: Cache) -> None:
    """A follower that was behind for long cannot know what they changed."""
    _rename(1)
    _rename(2)
    _rename(2, edit=2)
    for _ in compact(span_before(datetime(2100, 1, 1, tzinfo=UTC)), {}):
        pass
    assert cache.follow(60) == [{EVERYTHING}] * 2
    named = _rename(3, edit=3)
    assert cache.follow(60) == [named] * 2


def test_a_journal_that_went_back_is_another(cache: Cache) -> None:
    """A restored catalogue has other entries under serials that were purged already."""
    _rename(1)
    cache.follow(60)
    Entry.objects.filter(serial=latest_serial()).delete()
    assert cache.follow(60) == [{EVERYTHING}] * 2
