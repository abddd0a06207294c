"""The allowance as arithmetic: when a call fits into the sliding window, and when it leaves room for calls that are more urgent.

Promises: a call at the time given is never more than the limit in any window, whatever the calls before it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence

from launchledger.sync.state import Allowance

RESERVED = 6  # one of so many calls is left for what nobody foresees: a call that fails, a launch that comes earlier
MOST_RESERVED = 2


def free_at(at: float, allowance: Allowance) -> float:
    """The first time, not before `at`, at which one more call fits."""
    if allowance.limit is None:
        return at
    if allowance.limit <= 0:
        return at + allowance.window
    if len(allowance.calls) < allowance.limit:
        return at
    return max(at, sorted(allowance.calls)[-allowance.limit] + allowance.window)


def room_at(at: float, allowance: Allowance, planned: Sequence[float]) -> float:
    """The first time, not before `at`, at which one more call fits and keeps none of the planned calls waiting.

    Calls only leave the window as they become old enough, so these times are tried. If the planned calls alone fill the window,
    it is the last of them: then they wait a little, but nothing waits for ever.
    """
    if allowance.limit is None:
        return at
    reserved = min(MOST_RESERVED, allowance.limit // RESERVED)
    limit = max(allowance.limit - reserved, 1)
    earliest = free_at(at, allowance)
    calls = sorted(allowance.calls)
    times = [earliest, *(time + allowance.window for time in calls if time + allowance.window > earliest)]
    return next((time for time in times if _fits(time, calls, planned, allowance.window, limit)), times[-1])


def _fits(at: float, calls: Sequence[float], planned: Sequence[float], window: float, limit: int) -> bool:
    """Whether no window that ends with this call or a planned one has more calls than the limit."""
    merged = sorted([*calls, *(time for time in planned if time < at + window)])
    insort(merged, at)
    first = bisect_right(merged, at) - 1
    return all(position + 1 - bisect_right(merged, merged[position] - window) <= limit for position in range(first, len(merged)))
