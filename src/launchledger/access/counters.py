"""What keeps the calls, wherever it keeps them.

Moments and waits are whole microseconds: exact on every side, and a number that Lua holds too.
"""

from __future__ import annotations

from typing import Protocol

from launchledger.conf.rates import Rate

SECOND = 1_000_000


class CountersFail(Exception):
    """The counters cannot be had; the text says why, without a secret."""


class Counters(Protocol):
    """Remembers when the calls of an identity went through. Everything raises CountersFail and nothing else.

    A clock that goes back, or differs between machines, counts as standing still: the moments of one identity never fall.
    """

    def take(self, ident: str, rate: Rate, now: int) -> int:
        """Count a call that may go through and give 0, or give how long it must wait."""

    def use(self, ident: str, rate: Rate, now: int) -> tuple[int, int]:
        """The calls in the window, and how long the next one must wait. Counts nothing."""

    def close(self) -> None:
        """Let go of what is open."""
