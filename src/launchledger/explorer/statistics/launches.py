"""Launches a year, stacked by who or what launched them, or by how they went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from launchledger.catalogue.queries.counts import LaunchCount
from launchledger.explorer.charts.bars import Category, Series, bar_chart, every_year
from launchledger.explorer.charts.svg import MARKS
from launchledger.explorer.statistics.addresses import LaunchLists
from launchledger.explorer.statistics.choices import GROUPINGS, Choices
from launchledger.explorer.statistics.counted import UNKNOWN, Launches, chosen, counted_launches
from launchledger.explorer.statistics.plot import Plot

OTHERS = "others"

_OTHERS_MARK = 7  # grey
_MARKS = [mark for mark in range(1, MARKS + 1) if mark != _OTHERS_MARK]

# The order and the colours of statuses: success, partial failure, failure, payload deployed, in flight.
_STATUS_MARKS = {3: 3, 7: 5, 4: 2, 9: 6, 6: 1}


class _Grouping(NamedTuple):
    """By what launches are put together: the group of a count, the name of a group, and the filter that finds its launches, with
    the column of a count that it compares."""

    group: Callable[[LaunchCount], int | str]
    name: Callable[[int | str], str]
    filter: str
    column: str


def launches_plot(choices: Choices) -> Plot:
    """The plot of these choices."""
    counted = counted_launches()
    counts = chosen(counted.counts, choices)
    years = every_year({count.year for count in counts})
    if years:
        counts = [count for count in counts if years[0] <= count.year <= years[-1]]
    notes = _notes(choices, counted)
    if not counts:
        return Plot(None, notes)
    grouping = _grouping(choices, counted)
    totals: Counter[int | str] = Counter()
    for count in counts:
        totals[grouping.group(count)] += count.number
    groups, has_others = _largest(totals, choices.by)
    cells = _cells(counts, grouping, groups)
    names = [grouping.name(group) for group in groups] + ([OTHERS] if has_others else [])
    lists = LaunchLists(choices)
    series = [
        _series(name, _mark(choices.by, place, group), years, cells[group], lists, grouping)
        for place, (name, group) in enumerate(zip(names, [*groups, OTHERS], strict=False))
    ]
    categories = [Category(str(year), lists.left(year)) for year in years]
    chart = bar_chart("launches", f"Launches a year by {GROUPINGS[choices.by]}", categories, series)
    return Plot(chart, notes)


def _notes(choices: Choices, counted: Launches) -> list[str]:
    notes = [
        "Counts launches that left: successes, partial failures and failures, and those in flight or with their payload deployed."
    ]
    if choices.by == "country":
        notes.append("The country is that of the provider, as the catalogue has it.")
    if choices.by == "vehicle":
        notes.append("Vehicles are families of launcher configurations; a configuration without a family stands for itself.")
    if counted.by_name:
        notes.append(f"{counted.by_name:,} more left of which only the names of provider, pad and vehicle are known.")
    return notes


def _grouping(choices: Choices, counted: Launches) -> _Grouping:
    match choices.by:
        case "country":
            return _Grouping(lambda count: counted.countries.get(count.provider, UNKNOWN), str, "lsp__ids", "provider")
        case "vehicle":
            return _Grouping(
                lambda count: counted.vehicles.get(count.configuration, UNKNOWN), str, "launcher_config__id", "configuration"
            )
        case "status":
            return _Grouping(lambda count: count.status, lambda key: counted.statuses.get(int(key), UNKNOWN), "", "status")
    return _Grouping(lambda count: count.provider, lambda key: counted.providers.get(int(key), UNKNOWN), "lsp__id", "provider")


def _largest(totals: Mapping[int | str, int], by: str) -> tuple[list[int | str], bool]:
    """The groups that have a colour of their own, and whether there are others."""
    if by == "status":
        return [status for status in _STATUS_MARKS if status in totals], False
    ranked = sorted(totals, key=lambda group: (-totals[group], str(group)))
    return ranked[: len(_MARKS)], len(ranked) > len(_MARKS)


def _mark(by: str, place: int, group: int | str) -> int:
    if by == "status":
        return _STATUS_MARKS[int(group)]
    return _MARKS[place] if place < len(_MARKS) else _OTHERS_MARK


class _Cell:
    """The launches of a group in a year: how many, and the keys that the filter of the group compares."""

    __slots__ = ("keys", "number")

    def __init__(self) -> None:
        self.number = 0
        self.keys: set[int] = set()


def _cells(
    counts: Sequence[LaunchCount], grouping: _Grouping, groups: Sequence[int | str]
) -> Mapping[int | str, Mapping[int, _Cell]]:
    own = set(groups)
    column = LaunchCount._fields.index(grouping.column)
    found: dict[int | str, dict[int, _Cell]] = defaultdict(lambda: defaultdict(_Cell))
    for count in counts:
        group = grouping.group(count)
        cell = found[group if group in own else OTHERS][count.year]
        cell.number += count.number
        cell.keys.add(count[column])
    return found


def _series(
    name: str, mark: int, years: Sequence[int], cells: Mapping[int, _Cell], lists: LaunchLists, grouping: _Grouping
) -> Series:
    values = [cells[year].number if year in cells else 0 for year in years]
    hrefs = [_address(year, cells[year], lists, grouping) if year in cells else "" for year in years]
    return Series(name, mark, values, hrefs)


def _address(year: int, cell: _Cell, lists: LaunchLists, grouping: _Grouping) -> str:
    return lists.left(year, grouping.filter, cell.keys) if grouping.filter else lists.of_status(year, cell.keys)
