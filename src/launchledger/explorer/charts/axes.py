"""Scales and their ticks: from times and numbers to places on a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, floor, log10

_DAY = timedelta(days=1)
_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # with room for ticks beyond both
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Times from `begin` to `end`, which are at `low` and `high` on the drawing; others are moved to the nearer end."""

    begin: datetime
    end: datetime
    low: float
    high: float

    def place(self, at: datetime) -> float:
        share = (min(max(at, self.begin), self.end) - self.begin) / (self.end - self.begin)
        return self.low + share * (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Places and labels of at most about `most` round times: hours, days, months or years."""
        return [(self.place(at), label) for at, label in _round_times(self.begin, self.end, most)]


def around(times: list[datetime], low: float, high: float) -> TimeScale:
    """The scale of these times, with a little room at both ends. It ends at the years 1000 and 9000."""
    begin, end = (min(max(at, _FIRST), _LAST) for at in (min(times), max(times)))
    room = max((end - begin) * 0.03, timedelta(hours=2))
    return TimeScale(begin - room, end + room, low, high)


def _round_times(begin: datetime, end: datetime, most: int) -> Iterator[tuple[datetime, str]]:
    span = end - begin
    for hours in (1, 3, 6, 12):
        if span / timedelta(hours=hours) <= most:
            return _every(begin, end, timedelta(hours=hours), "%b %-d, %H:%M")
    for days in (1, 2, 7, 14):
        if span / timedelta(days=days) <= most:
            return _every(begin, end, timedelta(days=days), "%Y-%m-%d")
    for months in _MONTHS:
        if span / (_DAY * 30.4 * months) <= most:
            return _months(begin, end, months)
    years = next((years for years in _YEARS if span / (_DAY * 365.25 * years) <= most), _YEARS[-1])
    return _years(begin, end, years)


def _every(begin: datetime, end: datetime, step: timedelta, form: str) -> Iterator[tuple[datetime, str]]:
    zero = datetime(begin.year, 1, 1, tzinfo=UTC)
    at = zero + ceil((begin - zero) / step) * step
    while at <= end:
        yield at, f"{at:{form}}"
        at += step


def _months(begin: datetime, end: datetime, step: int) -> Iterator[tuple[datetime, str]]:
    month = -(-(begin.year * 12 + begin.month - 1) // step) * step
    while (at := datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)) <= end:
        if at >= begin:
            yield at, f"{at:%Y-%m}"
        month += step


def _years(begin: datetime, end: datetime, step: int) -> Iterator[tuple[datetime, str]]:
    for year in range(begin.year // step * step + step, end.year + 1, step):
        at = datetime(year, 1, 1, tzinfo=UTC)
        if begin <= at <= end:
            yield at, str(year)


@dataclass(frozen=True, slots=True)
class NumberScale:
    """Numbers from 0 to `top`, which are at `low` and `high` on the drawing."""

    top: float
    low: float
    high: float

    def place(self, value: float) -> float:
        return self.low + value / self.top * (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Places and labels of at most `most` round numbers, 0 among them."""
        step = _round_step(self.top / most)
        return [(self.place(place * step), f"{place * step:,g}") for place in range(floor(self.top / step) + 1)]


def up_to(highest: float, low: float, high: float) -> NumberScale:
    """The scale from 0 to the round number above the highest."""
    step = _round_step(max(highest, 1) / 5)
    return NumberScale(ceil(max(highest, 1) / step) * step, low, high)


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below `least`, and at least 1."""
    power: int = 10 ** floor(log10(max(least, 1)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
