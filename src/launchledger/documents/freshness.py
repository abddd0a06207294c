"""Recording when a reply expires, where that depends on the clock and not only on the catalogue.

Code inside a request calls `expires_at` with the time from which its result may be wrong; the earliest time counts. A reply
without one is fresh until the catalogue changes. Outside `recording()` these calls do nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

END_OF_CALENDAR = 253_402_300_799.0  # the expiry of what only a clock that is set back can make wrong


class Freshness:
    """When the reply expires, in seconds since 1970; infinity for never."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = math.inf


_recorded: ContextVar[Freshness | None] = ContextVar("recorded", default=None)


def is_recorded() -> bool:
    """Whether expiry is recorded: finding it out may cost a query."""
    return _recorded.get() is not None


def expires_at(timestamp: float) -> None:
    """Record that the reply may be wrong from this time on (seconds since 1970)."""
    freshness = _recorded.get()
    if freshness is not None and timestamp < freshness.until:
        freshness.until = timestamp


@contextmanager
def recording() -> Iterator[Freshness]:
    """Record the expiry of what the block computes. An outer block gets it too, when the inner one ends."""
    freshness = Freshness()
    token = _recorded.set(freshness)
    try:
        yield freshness
    finally:
        _recorded.reset(token)
        expires_at(freshness.until)
