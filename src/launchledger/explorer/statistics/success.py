"""The success rate of a year, with how sure so few launches can make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from launchledger.catalogue.queries.counts import LaunchCount
from launchledger.catalogue.statistics.reading import FINISHED, SUCCESS
from launchledger.explorer.charts.bars import every_year
from launchledger.explorer.charts.chart import Cell, Chart
from launchledger.explorer.charts.lines import Between, draw_between, percents
from launchledger.explorer.html import linked_to
from launchledger.explorer.statistics.addresses import LaunchLists
from launchledger.explorer.statistics.choices import Choices
from launchledger.explorer.statistics.counted import chosen, counted_launches
from launchledger.explorer.statistics.plot import Plot

_Z = 1.959964  # standard deviations on either side within which 95 % of a normal distribution lie
_TITLE = "Success rate of launches a year"
_NOTES = (
    "Counts successes among launches with an outcome; a partial failure is not a success.",
    "The whisker is the 95 % interval of Wilson: the rates that so many successes of so many launches are compatible with.",
)


class Rate(NamedTuple):
    """Successes of a number of launches, at least one, as percentages: their share, and the bounds of its 95 % interval."""

    share: float
    lowest: float
    highest: float


def rate(successes: int, launches: int) -> Rate:
    """The share of successes with its Wilson score interval."""
    share, square = successes / launches, _Z * _Z
    middle = (share + square / (2 * launches)) / (1 + square / launches)
    half = _Z / (1 + square / launches) * sqrt(share * (1 - share) / launches + square / (4 * launches * launches))
    return Rate(100 * share, 100 * max(middle - half, 0), 100 * min(middle + half, 1))


class _Year(NamedTuple):
    year: int
    successes: int
    launches: int
    rate: Rate


def success_plot(choices: Choices) -> Plot:
    """The plot of these choices."""
    years = list(_years(chosen(counted_launches().counts, choices)))
    if not years:
        return Plot(None, _NOTES)
    successes, launches = sum(each.successes for each in years), sum(each.launches for each in years)
    whole = rate(successes, launches)
    description = (
        f"{successes:,} of {launches:,} launches of {_span(years)} succeeded: {_percent(whole.share)}, with a 95 % interval from "
        f"{_percent(whole.lowest)} to {_percent(whole.highest)}."
    )
    lists = LaunchLists(choices)
    values = [
        Between(each.year, each.rate.share, each.rate.lowest, each.rate.highest, _tip(each), lists.of_status(each.year, FINISHED))
        for each in years
    ]
    svg = draw_between("success", _TITLE, description, values, percents(), "% succeeded")
    headers = ("Year", "Launches", "Succeeded", "Rate", "95 % interval")
    return Plot(Chart("success", _TITLE, description, svg, headers, [_row(lists, each) for each in years]), _NOTES)


def _years(counts: Iterable[LaunchCount]) -> Iterable[_Year]:
    """Each year with a launch that has an outcome."""
    launches: dict[int, int] = defaultdict(int)
    successes: dict[int, int] = defaultdict(int)
    for count in counts:
        if count.status in FINISHED:
            launches[count.year] += count.number
            if count.status in SUCCESS:
                successes[count.year] += count.number
    for year in every_year(launches):
        if year in launches:
            yield _Year(year, successes[year], launches[year], rate(successes[year], launches[year]))


def _span(years: list[_Year]) -> str:
    first, last = years[0].year, years[-1].year
    return f"{first} to {last}" if first < last else str(first)


def _tip(year: _Year) -> str:
    found = year.rate
    return (
        f"{year.year}: {_percent(found.share)}, {year.successes:,} of {year.launches:,}; "
        f"95 % interval {_percent(found.lowest)} to {_percent(found.highest)}"
    )


def _row(lists: LaunchLists, year: _Year) -> list[Cell]:
    found = year.rate
    return [
        linked_to(lists.of_status(year.year, FINISHED), year.year),
        f"{year.launches:,}",
        linked_to(lists.of_status(year.year, SUCCESS), f"{year.successes:,}"),
        _percent(found.share),
        f"{_percent(found.lowest)} to {_percent(found.highest)}",
    ]


def _percent(share: float) -> str:
    return f"{share:.1f} %".replace(".0 %", " %")
