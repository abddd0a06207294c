"""The clock: everything that depends on the date and time asks here.

Promises: `now` and `timestamp` are the same time, in UTC. Upcoming and previous, derived numbers, freshness, rate limits and the
times of entries follow from it.
Not for durations: time-outs, pauses and measurements use `time.monotonic`, which no change of the clock disturbs.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime


def timestamp() -> float:
    """The time in seconds since 1970."""
    return time.time()


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)
