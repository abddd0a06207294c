"""Which state of the catalogue this process has seen, read from the database at most ten times a second.

Promises: a request that comes more than EVERY seconds after a commit, of whichever process, sees another revision than requests
before the commit, on SQLite as on PostgreSQL: the journal's newest entry is committed with the change. The same holds where
another file took the place of the database. While the state cannot be read there is no revision, and no cached reply may be
served.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic

from django.db import Error

EVERY = 0.1  # seconds


class Revision:
    def __init__(self, read: Callable[[], Hashable], clock: Callable[[], float] = monotonic) -> None:
        """`read` returns the state; `clock` returns seconds and never goes back."""
        self._read = read
        self._clock = clock
        self._ask_at = -math.inf
        self._state: Hashable = None
        self._count = 0
        self._known = 0
        self._turn = Lock()

    def now(self) -> int:
        """The revision: a number that grows with each change of the state, 0 while the state cannot be read.

        A return to an earlier state (a restored backup) is a change too.
        """
        now = self._clock()
        return self._known if now < self._ask_at else self._read_state(now)

    def _read_state(self, began: float) -> int:
        with self._turn:
            if began < self._ask_at:  # another thread has read it meanwhile
                return self._known
            try:
                state = self._read()
            except Error:
                self._known = 0
                # A database that is slow to refuse is read less often: each request queries it once more itself.
                self._ask_at = began + max(EVERY, 2 * (self._clock() - began))
                return 0
            self._count += state != self._state
            self._state = state
            self._known = self._count
            # A commit during the read may or may not be seen, so the time counts from before it. Other threads wait meanwhile.
            self._ask_at = began + EVERY
            return self._known
