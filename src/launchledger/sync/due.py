"""When the news of launches and events are due: more often the nearer one of them is to its time.

Promises: the interval is a share of the allowance, so that the sweeps keep the rest. An exact time counts for more than a vague
one: a launch whose net is known to the month asks for nothing, one that is known to the day for no more than its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from launchledger.sync.state import Ahead, Allowance, News

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

# Ids of upstream's choice lists.
EXACT = frozenset({None, 0, 1, 2})  # precisions: not known, second, minute, hour
OF_A_DAY = frozenset({3, 4, 5})  # morning, afternoon, day
FINAL = frozenset({3, 4, 7})  # statuses: success, failure, partial failure


@dataclass(frozen=True, slots=True)
class Pace:
    """Intervals of the news of a list, as multiples of the time that upstream allows for one call, and their least values.

    `near` is within an hour of an exact time, `day` within a day of a time, `base` always; None for never.
    """

    near: float
    day: float
    base: float | None
    least: tuple[float, float, float] = (MINUTE, 10 * MINUTE, 30 * MINUTE)


# At 15 calls an hour one is allowed every 4 minutes: 7 min near T-0, 50 min within a day, 2 h always. Of events no more than a
# third of that. The first walks through the lists leave less.
PACES = {"launch": Pace(1.75, 12.5, 30), "event": Pace(5, 20, 30)}
FIRST_PACES = {"launch": Pace(5, 60, None), "event": Pace(10, 90, None)}


@dataclass(frozen=True, slots=True)
class Due:
    """When a call is due, and why."""

    at: float
    reason: str


def news_due(asked: float, path: str, ahead: Iterable[Ahead], allowance: Allowance, *, first: bool) -> Due | None:
    """When the news of a list are due that were asked for at `asked`; None for not at all.

    `first` is whether the first walks through the lists still go on.
    """
    pace = (FIRST_PACES if first else PACES)[path]
    spacing = 0.0 if not allowance.limit else allowance.seconds / allowance.limit
    near, day, base = (
        None if each is None else max(each * spacing, least)
        for each, least in zip((pace.near, pace.day, pace.base), pace.least, strict=True)
    )
    dues = [] if base is None else [Due(asked + base, f"asked at least every {_words(base)}")]
    for one in ahead:
        if one.path == path:
            dues += _dues(one, asked, near or 0.0, day or 0.0)
    return min(dues, key=lambda due: due.at, default=None)


def _dues(one: Ahead, asked: float, near: float, day: float) -> Iterator[Due]:
    """The next calls for one launch or event, each if it falls into its time."""
    exact, final = one.precision in EXACT, one.path == "launch" and one.status in FINAL
    if exact and not final:
        at = max(asked + near, one.at - HOUR)
        if at <= one.at + HOUR:
            yield Due(at, f"one is within an hour of its time: every {_words(near)}")
    if exact or one.precision in OF_A_DAY:
        at = max(asked + day, one.at - DAY)
        if at <= one.at + (DAY if exact else 2 * DAY):
            yield Due(at, f"one is within a day of its time: every {_words(day)}")


def planned_news(
    news: News, now: float, until: float, ahead: tuple[Ahead, ...], allowance: Allowance, *, first: bool
) -> list[float]:
    """The times at which the news of a list will be asked for, from now on, if nothing changes."""
    times: list[float] = []
    if news.asked is None and news.began is None and news.mark is None:
        return times
    asked = news.asked or 0.0
    while due := news_due(asked, news.path, ahead, allowance, first=first):
        asked = max(due.at, now)
        if asked > until:
            break
        times.append(asked)
    return times


def _words(seconds: float) -> str:
    minutes = round(seconds / MINUTE)
    return f"{minutes} min" if minutes < 2 * 60 else f"{seconds / HOUR:.3g} h"
