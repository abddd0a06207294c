"""Counting calls: may this one go through, and if not, how long must it wait?

What counts is a sliding window, as Django REST framework has it: a call goes through if fewer than `rate.calls` calls of its
identity went through in the last `rate.seconds`. Calls that must wait do not count.

Promises: no call is lost or counted twice, however many processes count. Callable without a request, with an identity, a rate and
a moment. If the counters fail, every call goes through, a warning is logged about once a minute, and the counters are left alone
for a second, so that callers do not wait for them one by one.
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
    """How many calls stand in the window, and for how many seconds the next one must wait, 0 for not at all."""

    calls: int
    wait: float


def take(ident: str, rate: Rate, now: float) -> float:
    """Count a call of this identity at this moment (seconds since 1970): 0 if it may go through, else the seconds to wait."""
    return _guard.ask(lambda counters: counters.take(ident, rate, round(now * SECOND)) / SECOND, 0.0)


def use(ident: str, rate: Rate, now: float) -> Use:
    """How much of its rate an identity has used. Counts nothing."""
    calls, wait = _guard.ask(lambda counters: counters.use(ident, rate, round(now * SECOND)), (0, 0))
    return Use(calls, wait / SECOND)


class Guard:
    """Asks the counters, and goes on without them for a while where they fail."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def ask(self, question: Callable[[Counters], Answer], otherwise: Answer) -> Answer:
        if time.monotonic() < self._silent_until:
            return otherwise
        try:
            return question(counters())
        except CountersFail as error:
            self._silent_until = time.monotonic() + PAUSE
            _logger.warning("Calls are not counted, so none is throttled: %s", error)
            return otherwise


_guard = Guard()
