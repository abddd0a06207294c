"""The interface of the counters of calls.

Times and waits are whole microseconds: exact everywhere, and small enough for Lua's numbers.
"""

from __future__ import annotations

from typing import Protocol

from launchledger.conf.rates import Rate

SECOND = 1_000_000


class CountersFail(Exception):
    """The counters cannot be used; the text says why, without a secret."""


class Counters(Protocol):
    """Stores when the calls of an identity went through. Methods raise CountersFail and nothing else.

    A clock that goes back, or differs between machines, counts as standing still: the times of one identity never decrease.
    """

    def take(self, ident: str, rate: Rate, now: int) -> int:
        """Count a call that may go through and return 0, or return how long it must wait."""

    def use(self, ident: str, rate: Rate, now: int) -> tuple[int, int]:
        """The calls in the window, and how long the next one must wait. Counts nothing."""

    def close(self) -> None:
        """Close the connection."""
