"""Following the journal for a cache in front: nothing is skipped, and what was purged does not come back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest
from django.db import OperationalError

from launchledger.cdn import follower
from launchledger.cdn.follower import AGAIN, FIRST_PAUSE, KNOWN, LONGEST_PAUSE, Failed, Follower
from launchledger.http_cache.revision import EVERY
from launchledger.http_cache.surrogate_keys import CATALOGUE, EVERYTHING, keys_changed_by
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from tests.support.observed import NOW, record, tell

pytestmark = pytest.mark.django_db


class _Ended(BaseException):
    """The time that a test has is over."""


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
        """What the cache is told within so many seconds from now."""
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
    assert cache.follow(2 * AGAIN) == [{EVERYTHING}] * 2
    return cache


def _rename(*numbers: int, edit: int = 1) -> set[str]:
    """Give these pads a name, and tell which keys that names."""
    before = latest_serial()
    tell(*(record("Pad", number, name=f"Site {number}, {edit}") for number in numbers), at=NOW + timedelta(seconds=edit))
    return keys_changed_by(list(Entry.objects.filter(serial__gt=before)))


def test_it_begins_with_everything() -> None:
    """Whatever happened while nobody followed; once at the beginning, and once again for what was on its way."""
    _rename(1)
    cache = Cache()
    assert cache.follow(60) == [{EVERYTHING}] * 2
    (first, _), (second, _) = cache.purged
    assert first == pytest.approx(KNOWN)
    assert second - first == pytest.approx(AGAIN, abs=0.2)


def test_a_change_is_told_when_every_worker_knows_of_it(cache: Cache) -> None:
    """Before, a worker might answer with what it has kept, and the cache would keep that; after some seconds it is told again."""
    named = _rename(1)
    seen = cache.seconds
    assert cache.follow(60) == [named] * 2
    assert CATALOGUE in named
    assert EVERYTHING not in named
    first, second = (at - seen for at, _ in cache.purged[-2:])
    assert EVERY < KNOWN <= first < KNOWN + 0.2
    assert AGAIN <= second - first < AGAIN + 0.3


def test_nothing_new_is_no_news(cache: Cache) -> None:
    """Where nothing is written the cache is left alone."""
    assert cache.follow(3600) == []


def test_every_change_is_told_twice_and_in_order(cache: Cache) -> None:
    """Changes that follow each other faster than the second telling: each is told at once, and again with its own delay."""
    named = [_rename(1)]
    assert cache.follow(2) == named
    named.append(_rename(2))
    assert cache.follow(2) == named[1:]
    assert cache.follow(60) == named


def test_a_cache_that_fails_is_told_later_with_growing_pauses(cache: Cache, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is skipped: what came meanwhile is told too. It is logged why, and when all is well again."""
    named = _rename(1)
    cache.waits.clear()
    cache.fails = [Failed(f"cache answers 50{number} at\nlast") for number in range(9)]
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
    cache.fails = [Failed("once")]
    again = _rename(3)
    cache.waits.clear()
    assert cache.follow(60) == [again] * 2
    assert FIRST_PAUSE in cache.waits, "after a success pauses begin anew"


def test_a_second_telling_that_fails_is_told_later(cache: Cache) -> None:
    """It counts as much as the first."""
    named = _rename(1)
    assert cache.follow(1) == [named]
    cache.fails = [Failed("now")]
    assert cache.follow(60) == [named]


def test_a_database_that_is_away_is_asked_again(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a cache that is away; afterwards everything that was written meanwhile is told."""
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
    """More changes than are worth naming: one telling of everything, and not thousands of keys."""
    monkeypatch.setattr(follower, "MOST_ENTRIES", 5)
    few, many = range(1, 6), range(10, 16)
    named = _rename(*few)
    assert len(Entry.objects.filter(kind="Pad")) == 5
    assert cache.follow(60)[-1] == named or cache.purged[-1][1] == {EVERYTHING}
    _rename(*many)
    assert cache.follow(60) == [{EVERYTHING}] * 2
    named = _rename(*few, edit=2)
    assert cache.follow(60) == [named] * 2


def test_a_journal_that_went_back_is_another(cache: Cache) -> None:
    """A catalogue that was brought back from a copy has other rows under serials that were told already."""
    _rename(1)
    cache.follow(60)
    Entry.objects.filter(serial=latest_serial()).delete()
    assert cache.follow(60) == [{EVERYTHING}] * 2
