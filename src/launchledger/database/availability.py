"""One line in the log when the database goes away, and one when it is back, however many requests fail meanwhile."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

PAUSE = 60.0  # seconds before the same is logged again
RECOVERED_AFTER = 1.0  # seconds without a failure until the database counts as back

_logger = logging.getLogger("launchledger.database")


class Availability:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds and never goes back."""
        self._clock = clock
        self._turn = Lock()
        self._reason = ""  # of the current failures, "" while there are none
        self._is_logged = False
        self._failed_at = 0.0
        self._logged: dict[str, float] = {}  # when each reason was logged last

    def failed(self, reason: str, why: str) -> None:
        """A request failed because of the database. `reason` is one of a few, `why` is the database's message."""
        now = self._clock()
        with self._turn:
            self._failed_at = now
            if reason == self._reason:
                return
            self._reason = reason
            if now - self._logged.get(reason, -PAUSE) >= PAUSE:
                self._logged[reason] = now
                self._is_logged = True
                _logger.error("requests are answered with 503: %s (%s)", reason, " ".join(why.split()))

    def answered(self) -> None:
        """The database answered a query."""
        if not self._reason:
            return
        with self._turn:
            if self._reason and self._clock() - self._failed_at >= RECOVERED_AFTER:
                self._reason = ""
                if self._is_logged:
                    self._is_logged = False
                    _logger.warning("the database answers again")


availability = Availability()
