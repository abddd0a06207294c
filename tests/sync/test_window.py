"""The sliding window: never too many calls, and room for those that are planned."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from launchledger.sync.state import Allowance
from launchledger.sync.window import free_at, room_at

TIMES = st.lists(st.floats(0, 3_600), max_size=10).map(sorted)
LIMITS = st.integers(1, 20)


def _most(times: list[float], window: float) -> int:
    return max(sum(end - window < time <= end for time in times) for end in times)


def test_a_full_window_is_waited_for() -> None:
    """With 15 calls in the last hour, the next comes when the oldest is an hour and the margin old."""
    calls = tuple(1_000.0 + second for second in range(15))
    assert free_at(2_000.0, Allowance(15, calls=calls)) == 1_000.0 + 3_605.0
    assert free_at(2_000.0, Allowance(16, calls=calls)) == 2_000.0
    assert free_at(2_000.0, Allowance(None, calls=calls)) == 2_000.0
    assert free_at(2_000.0, Allowance(0)) > 2_000.0


@given(limit=LIMITS, gaps=st.lists(st.floats(0, 1_000), min_size=1, max_size=40), planned=TIMES)
def test_no_window_has_more_calls_than_the_limit(limit: int, gaps: list[float], planned: list[float]) -> None:
    """However calls are asked for, urgent or not, each at the time given, no window ever has more than the limit."""
    allowance, now, calls = Allowance(limit), 0.0, list[float]()
    for position, gap in enumerate(gaps):
        now += gap
        have = Allowance(limit, calls=tuple(time for time in calls if time > now - allowance.window))
        at = free_at(now, have) if position % 2 else room_at(now, have, planned)
        assert at >= now
        now = at
        calls.append(now)
    assert _most(calls, allowance.seconds) <= limit


def test_calls_that_can_wait_leave_room_for_planned_ones() -> None:
    """With 10 calls made and 5 planned in the next half hour, a sweep waits until the first call leaves the window."""
    calls = tuple(float(minute * 60) for minute in range(10))
    planned = [1_000.0 + 300 * number for number in range(5)]
    assert room_at(900.0, Allowance(15, calls=calls), planned) == 3_605.0
    assert room_at(900.0, Allowance(15, calls=calls), planned[:1]) == 900.0


def test_calls_are_spread_once_half_of_the_window_is_used() -> None:
    """Seven calls come at once, and then one every four minutes or so."""
    calls: tuple[float, ...] = ()
    for _ in range(15):
        calls += (room_at(calls[-1] if calls else 0.0, Allowance(15, calls=calls), []),)
    assert calls[7] == 0.0
    assert {round(after - before) for before, after in pairwise(calls[7:])} == {228}


def test_planned_calls_that_fill_the_window_do_not_block_others_for_ever() -> None:
    """Where the news alone need more than the allowance, sweeps still come."""
    planned = [float(second) for second in range(0, 20_000, 100)]
    assert room_at(0.0, Allowance(15, calls=(0.0,)), planned) <= 3_605.0
