"""Following the journal for a cache in front of the server: what each commit changed is purged soon after it.

Promises: every entry is purged, in order: an entry counts when the cache has confirmed its purge, and a purge that fails is
retried. No state is stored outside this process, which purges everything when it starts. No old reply comes back: a purge waits
until every worker knows of the commit, and is repeated a little later, because an old reply may have been on its way to the cache
when it was purged first.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import Error, connection

from launchledger.http_cache.revision import EVERY
from launchledger.http_cache.surrogate_keys import EVERYTHING, keys_changed_by
from launchledger.journal.compacting import complete_since
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial

MOST_ENTRIES = 500  # whose keys are purged one by one; more are a load, after which everything is purged
SEEN_AFTER = EVERY + 0.05  # seconds until every worker has seen a commit (see `revision`), and then some for their clocks
REPEAT_AFTER = 5.0  # seconds; a reply takes less on its way to the cache
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds until a purge that failed is retried; each time twice as long

_logger = logging.getLogger("launchledger.cdn")


class PurgeFailed(Exception):
    """The cache did not purge; the text is the reason."""


@dataclass(slots=True)
class Purged:
    """Up to which entry the cache was purged; None before the first purge."""

    serial: int | None = None


class Follower:
    """Follows the journal for one cache."""

    def __init__(
        self,
        purge: Callable[[Collection[str]], None],
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """`purge` purges replies with one of these keys, or raises PurgeFailed. `clock` and `wait` count seconds."""
        self._purge = purge
        self._clock = clock
        self._wait = wait
        self._first = Purged()
        self._second = Purged()
        self._due: deque[tuple[float, int]] = deque()  # when a second purge is due, and up to which entry
        self._failures = 0

    def follow(self, every: float) -> None:
        """Read the journal every so many seconds, until an exception other than a failure is raised."""
        while True:
            self._wait(self._try() or every)

    def _try(self) -> float:
        """Catch up, and return how many seconds to wait after a failure; 0 after none."""
        try:
            self.catch_up()
        except (PurgeFailed, Error) as failure:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**self._failures)
            self._failures = min(self._failures + 1, 10)
            _logger.warning("purge failed, retrying in %.1f s: %s", pause, _in_one_line(failure))
            if isinstance(failure, Error):
                connection.close()  # the next query opens another
            return pause
        if self._failures:
            _logger.info("purging recovered")
        self._failures = 0
        return 0.0

    def catch_up(self) -> None:
        """Purge what changed since; raises PurgeFailed or a database's Error where that is impossible now."""
        serial = latest_serial()
        if serial != self._first.serial:
            self._wait(SEEN_AFTER)
            self._purge_up_to(self._first, serial)
            self._due.append((self._clock() + REPEAT_AFTER, serial))
        while self._due and self._due[0][0] <= self._clock():
            self._purge_up_to(self._second, self._due[0][1])
            self._due.popleft()

    def _purge_up_to(self, purged: Purged, serial: int) -> None:
        keys = _keys_between(purged.serial, serial)
        if keys:
            self._purge(keys)
            _logger.info("purged %s, up to entry %d", "everything" if EVERYTHING in keys else f"{len(keys)} keys", serial)
        purged.serial = serial


def _keys_between(after: int | None, until: int) -> Collection[str]:
    """The keys of what changed after one entry and until another.

    That is everything where the journal went back, as that of a restored backup, or lost entries to a compaction.
    """
    if after is None or until < after:
        return [EVERYTHING]
    entries = list(Entry.objects.filter(serial__gt=after, serial__lte=until).order_by("serial")[: MOST_ENTRIES + 1])
    is_known = len(entries) <= MOST_ENTRIES and complete_since().serial <= after
    return sorted(keys_changed_by(entries)) if is_known else [EVERYTHING]


def _in_one_line(failure: Exception) -> str:
    return " ".join(str(failure).split())
