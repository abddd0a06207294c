"""Landings of first stages a year, by how they went."""

from __future__ import annotations

from collections import defaultdict

from launchledger.explorer.charts.bars import Category, Series, bar_chart, every_year
from launchledger.explorer.statistics.addresses import LaunchLists
from launchledger.explorer.statistics.choices import Choices
from launchledger.explorer.statistics.counted import chosen, counted_landings
from launchledger.explorer.statistics.plot import Plot

_TITLE = "Landings of first stages a year"
_OUTCOMES = ((True, "succeeded", 3), (False, "failed", 2), (None, "outcome unknown", 7))
_NOTES = (
    "Counts the first stages of launches that left which tried to land; three of one launch count three times.",
    "A bar leads to the launches of its year by the vehicles of which a stage tried to land.",
)


def landings_plot(choices: Choices) -> Plot:
    """The plot of these choices."""
    counts = chosen(counted_landings(), choices)
    years = every_year(count.year for count in counts)
    if not years:
        return Plot(None, _NOTES)
    numbers: dict[bool | None, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    vehicles: dict[int, set[int]] = defaultdict(set)
    for count in counts:
        numbers[count.success][count.year] += count.number
        vehicles[count.year].add(count.configuration)
    lists = LaunchLists(choices)
    categories = [
        Category(str(year), lists.left(year, "launcher_config__id", vehicles[year]) if year in vehicles else "") for year in years
    ]
    series = [
        Series(name, mark, [numbers[outcome][year] for year in years])
        for outcome, name, mark in _OUTCOMES
        if outcome in numbers or outcome is not None
    ]
    return Plot(bar_chart("landings", _TITLE, categories, series, unit="landings"), _NOTES)
