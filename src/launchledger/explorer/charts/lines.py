"""Lines: a value of each year between a lowest and a highest one, and a number that steps up and down over time.

Promises: a drawing is no larger than its width allows, however many steps there are; where several steps share a place, their
lowest and highest numbers are still drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from math import ceil, floor, log, log10
from typing import NamedTuple, Protocol

from django.utils.safestring import SafeString

from launchledger.explorer.charts.axes import NumberScale, TimeScale, up_to
from launchledger.explorer.charts.svg import Drawing

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 26, 28
_TICKS_ON_X, _TICKS_ON_Y = 8, 5
_COLUMN = 0.5  # width of what is drawn as one place
_LABEL = 44  # width of a year below the axis, with the room that it needs
_ROUND = (1, 2, 5, 10, 20, 50, 100, 1000)
_LAST_YEAR = 9998


class Scale(Protocol):
    """Numbers on the vertical axis."""

    def place(self, value: float) -> float: ...

    def ticks(self, most: int) -> list[tuple[float, str]]: ...


@dataclass(frozen=True, slots=True)
class LogScale:
    """Numbers from `least` to `top`, both above 0, in logarithms; others are moved to the nearer end."""

    least: float
    top: float
    low: float
    high: float

    def place(self, value: float) -> float:
        value = min(max(value, self.least), self.top)
        return self.low + log(value / self.least) / log(self.top / self.least) * (self.high - self.low)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Places and labels of powers of ten, and of three times these while there is room."""
        powers = range(floor(log10(self.least)), ceil(log10(self.top)) + 1)
        values = [10.0**power * factor for power in powers for factor in ((1, 3) if len(powers) <= most else (1,))]
        return [
            (self.place(value), f"{value:,g}") for value in values if self.least <= value * 1.001 and value <= self.top * 1.001
        ]


def percents() -> Scale:
    """The scale of shares, from 0 to 100 %."""
    return NumberScale(100, _HEIGHT - _BOTTOM, _TOP)


def powers(values: Iterable[float]) -> Scale:
    """The logarithmic scale of these numbers, from a hundredth on."""
    known = [max(value, 0.01) for value in values]
    lowest, highest = min(known), max(known)
    bounds = [10.0**power * factor for power in range(-2, ceil(log10(highest)) + 1) for factor in (1, 3)]
    least = max(bound for bound in bounds if bound <= lowest * 1.001)
    top = min(bound for bound in bounds if bound >= highest and bound > least)
    return LogScale(least, top, _HEIGHT - _BOTTOM, _TOP)


class Between(NamedTuple):
    """A value of a year, which lies between two others, with what it says and where it leads to."""

    year: int
    value: float
    lowest: float
    highest: float
    tip: str
    href: str = ""


def draw_between(name: str, title: str, description: str, values: Sequence[Between], scale: Scale, unit: str) -> SafeString:
    """The drawing of these values, the earliest first; at least one. Values of neighbouring years are joined."""
    drawing = Drawing(_WIDTH, _HEIGHT)
    first, last = values[0].year, values[-1].year
    x = _years(first, last)
    step = (x.high - x.low) / (last - first + 1)
    _draw_axes(drawing, scale, unit, _year_labels(x.low, step, first, last))
    places = {each.year: x.low + step * (each.year - first + 0.5) for each in values}
    for each in values:
        place = places[each.year]
        drawing.line(place, scale.place(each.lowest), place, scale.place(each.highest), "whisker")
    for run in _runs(values):
        drawing.path([(places[each.year], scale.place(each.value)) for each in run], "line thin mark-1")
    for each in values:
        drawing.dot(places[each.year], scale.place(each.value), 3.5, "dot mark-1", tip=each.tip, href=each.href)
    return drawing.render(name, title, description)


def _runs(values: Sequence[Between]) -> Iterator[list[Between]]:
    """The values of years that follow each other."""
    for _, run in groupby(enumerate(values), key=lambda numbered: numbered[1].year - numbered[0]):
        found = [each for _, each in run]
        if len(found) > 1:
            yield found


class Step(NamedTuple):
    """A number from a time on, until the next step."""

    at: datetime
    number: int


class Mark(NamedTuple):
    """A step that is marked, with what it says and where it leads to."""

    step: Step
    tip: str
    href: str


class Part(NamedTuple):
    """A part of the time, with what it says and where it leads to."""

    begin: datetime
    end: datetime
    tip: str
    href: str


def draw_steps(
    name: str,
    title: str,
    description: str,
    steps: Sequence[Step],
    end: datetime,
    marks: Sequence[Mark],
    parts: Sequence[Part],
    unit: str,
) -> SafeString:
    """The drawing of these steps, the earliest first, up to the end; at least one."""
    drawing = Drawing(_WIDTH, _HEIGHT)
    x = (
        TimeScale(steps[0].at, max(end, steps[-1].at), _LEFT, _WIDTH - _RIGHT)
        if end > steps[0].at
        else _years(end.year, end.year)
    )
    y = up_to(max(step.number for step in steps), _HEIGHT - _BOTTOM, _TOP)
    _draw_axes(drawing, y, unit, x.ticks(_TICKS_ON_X))
    drawing.path(_outline(steps, x, y), "steps")
    for part in parts:
        low, high = x.place(part.begin), x.place(part.end)
        drawing.bar(low, _TOP, high - low, _HEIGHT - _BOTTOM - _TOP, "hit", tip=part.tip, href=part.href)
    for mark in marks:
        drawing.dot(x.place(mark.step.at), y.place(mark.step.number), 3.5, "dot mark-2", tip=mark.tip, href=mark.href)
    return drawing.render(name, title, description)


def _outline(steps: Sequence[Step], x: TimeScale, y: NumberScale) -> Iterator[tuple[float, float]]:
    """The points of the line, from the axis and back to it: at each place where the number changes, its height before, the
    highest, the lowest, and after."""
    height = y.low
    for place, some in groupby(steps, key=lambda step: round(x.place(step.at) / _COLUMN) * _COLUMN):
        heights = [y.place(step.number) for step in some]
        turns = [max(heights), min(heights), heights[-1]] if len(heights) > 1 else heights
        for each in (height, *turns):
            yield place, each
        height = heights[-1]
    yield x.high, height
    yield x.high, y.low


def _years(first: int, last: int) -> TimeScale:
    """The scale of these years, from the begin of the first to the end of the last."""
    begin, end = (datetime(min(year, _LAST_YEAR), 1, 1, tzinfo=UTC) for year in (first, last))
    return TimeScale(begin, end.replace(year=end.year + 1), _LEFT, _WIDTH - _RIGHT)


def _year_labels(left: float, step: float, first: int, last: int) -> list[tuple[float, str]]:
    """Places and labels of as many round years as there is room for, each in the middle of its year."""
    every = next(count for count in _ROUND if step * count >= _LABEL or count == _ROUND[-1])
    return [(left + step * (year - first + 0.5), str(year)) for year in range(first, last + 1) if year % every == 0]


def _draw_axes(drawing: Drawing, y: Scale, unit: str, on_x: Iterable[tuple[float, str]]) -> None:
    for place, label in y.ticks(_TICKS_ON_Y):
        drawing.line(_LEFT, place, _WIDTH - _RIGHT, place, "grid")
        drawing.text(_LEFT - 6, place + 4, label, "tick", anchor="end")
    for place, label in on_x:
        drawing.text(place, _HEIGHT - 10, label, "tick", anchor="middle")
    drawing.text(4, 12, unit, "tick")
