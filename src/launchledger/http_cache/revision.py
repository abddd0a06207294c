"""Which state of the catalogue this process has seen, asked of the database at most ten times a second.

Promises: a request that comes more than EVERY seconds after a commit, of whichever process, sees another revision than requests
before the commit, on SQLite as on PostgreSQL: the journal's newest entry is committed with what it tells of. The same holds where
another file took the place of the database. While the state cannot be read there is no revision, and nothing that was kept may be
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
        """`read` gives what tells one state from another; `clock` tells seconds and never goes back."""
        self._read = read
        self._clock = clock
        self._ask_at = -math.inf
        self._state: Hashable = None
        self._count = 0
        self._known = 0
        self._turn = Lock()

    def now(self) -> int:
        """The revision: a number that grows each time the state is seen to be another, 0 while the state cannot be read.

        A state that was seen before (a catalogue brought back from a copy) is another state too.
        """
        now = self._clock()
        return self._known if now < self._ask_at else self._ask(now)

    def _ask(self, began: float) -> int:
        with self._turn:
            if began < self._ask_at:  # another thread has asked meanwhile
                return self._known
            try:
                state = self._read()
            except Error:
                self._known = 0
                # A database that is slow to refuse is asked less often: each request asks it once more by itself.
                self._ask_at = began + max(EVERY, 2 * (self._clock() - began))
                return 0
            self._count += state != self._state
            self._state = state
            self._known = self._count
            # What is committed while we read may or may not be seen, so the time counts from before. Others wait until we know.
            self._ask_at = began + EVERY
            return self._known
