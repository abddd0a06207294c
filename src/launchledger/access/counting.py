"""Counting calls: may a call go through, and if not, how long must it wait?

The window slides, as in Django REST framework: a call goes through if fewer than `rate.calls` calls of its identity went through
in the last `rate.seconds`. Calls that must wait do not count.

Promises: no call is lost or counted twice, however many processes count. Needs no request, only an identity, a rate and a time.
If the counters fail, every call goes through, a warning is logged about once a minute, and the counters are not used for a
second, so that callers do not wait for them one by one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from launchledger.access.counters import SECOND, Counters, CountersFail
from launchledger.access.places import counters
from launchledger.conf.logging import OneAMinute
from launchledger.conf.rates import Rate

PAUSE = 1.0  # seconds without counting after a failure

Answer = TypeVar("Answer")

_logger = logging.getLogger("launchledger.access")
_logger.addFilter(OneAMinute())


class Use(NamedTuple):
    """How many calls are in the window, and how many seconds the next one must wait, 0 for not at all."""

    calls: int
    wait: float


def take(ident: str, rate: Rate, now: float) -> float:
    """Count a call of this identity at `now` (seconds since 1970): 0 if it may go through, else the seconds to wait."""
    return _guard.ask(lambda counters: counters.take(ident, rate, round(now * SECOND)) / SECOND, 0.0)


def use(ident: str, rate: Rate, now: float) -> Use:
    """How much of its rate an identity has used. Counts nothing."""
    calls, wait = _guard.ask(lambda counters: counters.use(ident, rate, round(now * SECOND)), (0, 0))
    return Use(calls, wait / SECOND)


class Guard:
    """Uses the counters, and pauses for a while where they fail."""

    def __init__(self) -> None:
        self._paused_until = 0.0

    def ask(self, operation: Callable[[Counters], Answer], default: Answer) -> Answer:
        if time.monotonic() < self._paused_until:
            return default
        try:
            return operation(counters())
        except CountersFail as error:
            self._paused_until = time.monotonic() + PAUSE
            _logger.warning("calls cannot be counted, so none is throttled: %s", error)
            return default


_guard = Guard()
