"""Until when the reply that is being made is fresh, where that depends on the clock and not only on the catalogue.

Code inside a request says with `expires_at` when what it makes may become wrong; the nearest moment counts. A reply about which
nothing is said is fresh until the catalogue changes. Where nothing is recorded, nothing is stored.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

FAR = 253_402_300_799.0  # the end of the calendar: for what only a clock that is set back can make wrong


class Freshness:
    """The moment, in seconds since 1970, from which on what was made while recording may be wrong; infinity for never."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = math.inf


_recorded: ContextVar[Freshness | None] = ContextVar("recorded", default=None)


def is_recorded() -> bool:
    """Whether the freshness is recorded: finding it out may cost a query."""
    return _recorded.get() is not None


def expires_at(moment: float) -> None:
    """Say that what is being made may be wrong at this moment (seconds since 1970) and after it."""
    freshness = _recorded.get()
    if freshness is not None and moment < freshness.until:
        freshness.until = moment


@contextmanager
def recording() -> Iterator[Freshness]:
    """Record the freshness of what is made inside. An outer recording gets it too, when the inner one is done."""
    freshness = Freshness()
    token = _recorded.set(freshness)
    try:
        yield freshness
    finally:
        _recorded.reset(token)
        expires_at(freshness.until)
