"""Stacked bars: named series of values over categories, such as launches a year by their outcome.

Promises: a chart of any number of categories has readable labels, because only as many are written as there is room for; the
table behind it has all. A bar without a value is not drawn. Values are not below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from launchledger.explorer.charts.axes import NumberScale, up_to
from launchledger.explorer.charts.chart import Cell, Chart, Legend
from launchledger.explorer.charts.svg import Drawing
from launchledger.explorer.html import linked_to

MOST_YEARS = 150  # on one chart

_WIDTH, _HEIGHT = 720, 280
_RIGHT, _TOP, _BOTTOM = 12, 26, 28
_LETTER = 7.2  # width of a digit, with the room that it needs
_WIDEST = 44  # a bar
_TICKS = 5
_ROUND = (1, 2, 5, 10, 20, 50, 100)


class Category(NamedTuple):
    """A place on the horizontal axis. Its bars lead to `href`, unless their series says where they lead."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one name, one for each category. `mark` is the number of its colour, from 1; `hrefs` are where its bars lead."""

    name: str
    mark: int
    values: Sequence[float]
    hrefs: Sequence[str] = ()


def bar_chart(
    name: str, title: str, categories: Sequence[Category], series: Sequence[Series], *, of: str = "Year", unit: str = "launches"
) -> Chart:
    """The chart of these series, the first at the bottom; at least one category. `of` names what the categories are."""
    totals = [sum(values) for values in zip(*(each.values for each in series), strict=True)]
    top = up_to(max(totals), _HEIGHT - _BOTTOM, _TOP)
    left = 16 + _LETTER * max(len(label) for _, label in top.ticks(_TICKS))
    drawing = Drawing(_WIDTH, _HEIGHT)
    _draw_values(drawing, top, left, unit)
    step = (_WIDTH - _RIGHT - left) / len(categories)
    _draw_labels(drawing, categories, left, step)
    for place, (category, total) in enumerate(zip(categories, totals, strict=True)):
        width = min(step * 0.82, _WIDEST)
        _draw_bars(drawing, left + step * (place + 0.5) - width / 2, width, top, category, _stack(series, place), total)
    description = _description(categories, series, totals, of, unit)
    return Chart(
        name,
        title,
        description,
        drawing.render(name, title, description),
        (of, *(each.name for each in series), *(("All",) if len(series) > 1 else ())),
        [_row(category, series, place, totals[place]) for place, category in enumerate(categories)],
        [Legend(each.mark, each.name) for each in series] if len(series) > 1 else (),
    )


def every_year(years: Iterable[int]) -> list[int]:
    """All years from the first to the last, also those between; where these are too many, only the given ones, the latest."""
    given = sorted(set(years))
    if given and given[-1] - given[0] < MOST_YEARS:
        return list(range(given[0], given[-1] + 1))
    return given[-MOST_YEARS:]


class _Bar(NamedTuple):
    series: Series
    value: float
    href: str


def _stack(series: Sequence[Series], place: int) -> list[_Bar]:
    return [_Bar(each, each.values[place], each.hrefs[place] if each.hrefs else "") for each in series if each.values[place] > 0]


def _draw_values(drawing: Drawing, top: NumberScale, left: float, unit: str) -> None:
    for place, label in top.ticks(_TICKS):
        drawing.line(left, place, _WIDTH - _RIGHT, place, "grid")
        drawing.text(left - 6, place + 4, label, "tick", anchor="end")
    drawing.text(4, 12, unit, "tick")


def _draw_labels(drawing: Drawing, categories: Sequence[Category], left: float, step: float) -> None:
    """As many labels as there is room for: every second, fifth and so on; of years those that are round."""
    longest = max(len(category.label) for category in categories)
    apart = _LETTER * min(longest, 24) + 6
    every = next((count for count in _ROUND if step * count >= apart), _ROUND[-1])
    for place, (label, _) in enumerate(categories):
        number = int(label) if label.isdecimal() and len(label) <= 9 else place
        if number % every == 0:
            short = label if len(label) <= 24 else f"{label[:23]}…"
            drawing.text(left + step * (place + 0.5), _HEIGHT - 10, short, "tick", anchor="middle")


def _draw_bars(
    drawing: Drawing, x: float, width: float, top: NumberScale, category: Category, stack: Sequence[_Bar], total: float
) -> None:
    below = 0.0
    for series, value, href in stack:
        high, low = top.place(below + value), top.place(below)
        of_all = f" of {_written(total)}" if len(stack) > 1 else ""
        tip = f"{category.label}, {series.name}: {_written(value)}{of_all}"
        drawing.bar(x, high, width, low - high, f"bar mark-{series.mark}", tip=tip, href=href or category.href)
        below += value


def _description(categories: Sequence[Category], series: Sequence[Series], totals: Sequence[float], of: str, unit: str) -> str:
    most = max(range(len(totals)), key=lambda place: totals[place])
    spread = f"{categories[0].label} to {categories[-1].label}" if len(categories) > 1 else categories[0].label
    parts = ", ".join(f"{each.name} {_written(sum(each.values))}" for each in series) if len(series) > 1 else ""
    return (
        f"{_written(sum(totals))} {unit}{f' ({parts})' if parts else ''} by {of.lower()}, {spread}; "
        f"most in {categories[most].label}: {_written(totals[most])}."
    )


def _row(category: Category, series: Sequence[Series], place: int, total: float) -> list[Cell]:
    first = linked_to(category.href, category.label)
    cells: list[Cell] = [_cell(bar.values[place], href) for bar, href in zip_longest(series, _hrefs(series, place))]
    return [first, *cells, *((_written(total),) if len(series) > 1 else ())]


def _hrefs(series: Sequence[Series], place: int) -> list[str]:
    return [each.hrefs[place] if each.hrefs else "" for each in series]


def _cell(value: float, href: str) -> Cell:
    return linked_to(href if value else "", _written(value))


def _written(value: float) -> str:
    """A value with at most one decimal."""
    return f"{value:,.1f}".removesuffix(".0")
