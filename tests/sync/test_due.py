"""News are asked for more often the nearer a launch is."""

from __future__ import annotations

import pytest

from launchledger.sync.due import DAY, HOUR, MINUTE, news_due, planned_news
from launchledger.sync.state import Ahead, Allowance, News

NOW = 1_000_000.0
FIFTEEN = Allowance(15)
GO, SUCCESS = 1, 3
SECOND, OF_DAY, MONTH = 0, 5, 7


def _wait(
    away: float,
    precision: int | None = SECOND,
    status: int = GO,
    allowance: Allowance = FIFTEEN,
    *,
    path: str = "launch",
    first: bool = False,
) -> float:
    due = news_due(NOW, path, [Ahead(path, "x", NOW + away, precision, status)], allowance, first=first)
    return due.at - NOW if due else float("inf")


@pytest.mark.parametrize(
    ("away", "minutes"),
    [(30 * MINUTE, 7), (-30 * MINUTE, 7), (5 * HOUR, 50), (-5 * HOUR, 50), (3 * DAY, 120), (-3 * DAY, 120)],
)
def test_the_interval_depends_on_the_nearest_launch(away: float, minutes: float) -> None:
    """7 minutes within an hour of T-0 before and after, 50 within a day, 2 hours otherwise."""
    assert _wait(away) == minutes * MINUTE


def test_the_next_call_comes_when_a_launch_comes_near() -> None:
    """A launch in 70 minutes is asked for when it is an hour away, not only 50 minutes from now."""
    assert _wait(70 * MINUTE) == 10 * MINUTE
    assert _wait(DAY + 30 * MINUTE) == 50 * MINUTE
    assert _wait(DAY + 100 * MINUTE) == 100 * MINUTE


def test_vague_and_finished_launches_need_less() -> None:
    """A net of a month asks for nothing, a net of a day for its day, a final status for no more than the day."""
    assert _wait(30 * MINUTE, MONTH) == 2 * HOUR
    assert _wait(30 * MINUTE, OF_DAY) == 50 * MINUTE
    assert _wait(-40 * HOUR, OF_DAY) == 50 * MINUTE
    assert _wait(-30 * MINUTE, status=SUCCESS) == 50 * MINUTE
    assert _wait(30 * MINUTE, None) == 7 * MINUTE


def test_intervals_are_a_share_of_the_allowance() -> None:
    """With five calls an hour each takes three times as long; without a throttle there is a least interval."""
    assert _wait(30 * MINUTE, allowance=Allowance(5)) == 21 * MINUTE
    assert _wait(30 * MINUTE, allowance=Allowance(None)) == MINUTE
    assert _wait(3 * DAY, allowance=Allowance(None)) == 30 * MINUTE


def test_first_walks_leave_less_for_news() -> None:
    """While the lists are walked through for the first time, only what is within a day is asked for."""
    assert _wait(30 * MINUTE, first=True) == 20 * MINUTE
    assert _wait(9 * DAY, first=True) == 8 * DAY
    assert _wait(-9 * DAY, first=True) == float("inf")


def test_a_launch_is_no_news_of_events() -> None:
    """Each list has its own pace."""
    due = news_due(NOW, "event", [Ahead("launch", "x", NOW + MINUTE)], FIFTEEN, first=False)
    assert due is not None
    assert due.at == NOW + 2 * HOUR
    assert _wait(30 * MINUTE, path="event") == 20 * MINUTE


def test_planned_news_follow_the_pace() -> None:
    """The calls of the next two hours are known: sparse, and every seven minutes from an hour before T-0."""
    ahead = (Ahead("launch", "x", NOW + 90 * MINUTE, SECOND, GO),)
    planned = planned_news(News("launch", mark=NOW, asked=NOW), NOW, NOW + HOUR, ahead, FIFTEEN, first=False)
    assert [round((time - NOW) / MINUTE) for time in planned] == [30, 37, 44, 51, 58]
    assert planned_news(News("launch"), NOW, NOW + HOUR, ahead, FIFTEEN, first=False) == []
