"""Rate limits, as Django REST framework writes them: a number, a slash and a period, such as 15/hour.

Refuses: a limit of no calls, one without a period, and one of more calls than MOST_CALLS, because each call is stored for as
long as its period.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_CALLS = 100_000
_SECONDS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86_400, "day": 86_400}
_RATE = re.compile(r"(\d{1,9})/([a-z]+)", re.ASCII)


class Rate(NamedTuple):
    """At most this many calls within this many seconds, whenever those begin."""

    calls: int
    seconds: int


def parse_rate(text: str) -> Rate:
    """Read a rate limit. Raises ValueError."""
    found = _RATE.fullmatch(text)
    if not found or found[2] not in _SECONDS:
        raise ValueError("Is not a rate such as 15/hour; the periods are second, minute, hour and day.")
    calls = int(found[1])
    if not 1 <= calls <= MOST_CALLS:
        raise ValueError(f"Allows {calls} calls; allow from 1 to {MOST_CALLS}, or more with a shorter period.")
    return Rate(calls, _SECONDS[found[2]])
