"""The allowance as arithmetic: when a call fits into the sliding window, and when it leaves room for calls that are more urgent.

Promises: a call at the time given is never more than the limit in any window, whatever the calls before it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence

from launchledger.sync.state import Allowance

AT_ONCE = 0.5  # the share of the limit that may be used as fast as upstream answers; the rest is spread over the window
SPREAD = 0.95  # of the time that the allowance gives to a call: a little less, because no call comes at the very moment


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

    Calls are spread, so that one that nobody foresaw, such as a call that failed, need not wait for the end of the window.

    Calls only leave the window as they become old enough, so these times are tried. If the planned calls alone fill the window,
    it is the last of them: then they wait a little, but nothing waits for ever.
    """
    if not allowance.limit:
        return free_at(at, allowance)
    calls = sorted(allowance.calls)
    earliest = free_at(at, allowance)
    if len(calls) >= allowance.limit * AT_ONCE:
        earliest = max(earliest, calls[-1] + SPREAD * allowance.seconds / allowance.limit)
    times = [earliest, *(time + allowance.window for time in calls if time + allowance.window > earliest)]
    return next((time for time in times if _fits(time, calls, planned, allowance.window, allowance.limit)), times[-1])


def _fits(at: float, calls: Sequence[float], planned: Sequence[float], window: float, limit: int) -> bool:
    """Whether no window that ends with this call or a planned one has more calls than the limit."""
    merged = sorted([*calls, *(time for time in planned if time < at + window)])
    insort(merged, at)
    first = bisect_right(merged, at) - 1
    return all(position + 1 - bisect_right(merged, merged[position] - window) <= limit for position in range(first, len(merged)))
