"""Until when the reply that is being made will hold, where that depends on the clock and not only on the catalogue.

Code inside a request says what it knows with `hold_until`; whoever keeps replies watches. The nearest moment wins. A reply about
which nothing is said holds until the catalogue changes. Where nobody watches, nothing is remembered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

FAR = 253_402_300_799.0  # the end of the calendar: for what only a clock that is set back can make wrong


class Hold:
    """The moment, in seconds since 1970, from which on what was made while watching may be wrong; infinity for never."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = math.inf


_watched: ContextVar[Hold | None] = ContextVar("watched", default=None)


def is_watched() -> bool:
    """Whether anyone wants to know: finding out may cost a query."""
    return _watched.get() is not None


def hold_until(moment: float) -> None:
    """Say that what is being made may be wrong at this moment (seconds since 1970) and after it."""
    hold = _watched.get()
    if hold is not None and moment < hold.until:
        hold.until = moment


@contextmanager
def watching() -> Iterator[Hold]:
    """Watch what is said inside. What an inner watcher hears the outer one hears too, when the inner one is done."""
    hold = Hold()
    token = _watched.set(hold)
    try:
        yield hold
    finally:
        _watched.reset(token)
        hold_until(hold.until)
