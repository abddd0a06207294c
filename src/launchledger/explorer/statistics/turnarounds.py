"""Days between the launches of a pad, by the year of the later launch; of all pads together, or of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from django.utils.html import format_html

from launchledger.catalogue.queries.counts import nets_by_pad
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.explorer.charts.bars import every_year
from launchledger.explorer.charts.chart import Cell, Chart
from launchledger.explorer.charts.lines import Between, draw_between, powers
from launchledger.explorer.html import linked_to
from launchledger.explorer.lists import Option, Options
from launchledger.explorer.state import per_state
from launchledger.explorer.statistics.addresses import LaunchLists
from launchledger.explorer.statistics.choices import Choices
from launchledger.explorer.statistics.plot import Plot, Row, Table
from launchledger.formats.spans import span
from launchledger.formats.times import format_date_time
from launchledger.history.wording import shorten

_PADS = 25  # in the table
_DAY = 86_400
_LONG = 10  # days
_NOTES = (
    "Counts the time between the nets of two launches that left one after the other from one pad, in the year of the later one.",
    "The dot is the median of a year, the whisker goes from its shortest to its longest time; the axis is logarithmic.",
)


class Turnaround(NamedTuple):
    """The time from a launch from the same pad until this one, in days."""

    at: datetime
    days: float


@dataclass(frozen=True, slots=True)
class Pads:
    """The turnarounds of each pad with two launches or more, in their order, and the names of these pads."""

    turnarounds: Mapping[int, Sequence[Turnaround]]
    names: Mapping[int, str]
    options: Options


@per_state
def pads() -> Pads:
    """In three queries."""
    found = {}
    for pad, rows in groupby(nets_by_pad(), key=itemgetter(0)):
        nets = [net for _, net in rows]
        if len(nets) > 1:
            found[pad] = [Turnaround(now, (now - before).total_seconds() / _DAY) for before, now in pairwise(nets)]
    places = rows_by_id("Pad", ("name", "location_id"), found)
    sites: dict[int, str] = dict(rows_by_id("Location", ("name",), {site for _, _, site in places if site is not None}))
    names = {pad: shorten(", ".join(filter(None, (name or f"pad {pad}", sites.get(site))))) for pad, name, site in places}
    by_site = sorted(places, key=lambda place: (str(sites.get(place[2]) or ""), str(place[1]).casefold()))
    return Pads(found, names, Options([Option(str(pad), names[pad]) for pad, _, _ in by_site]))


def turnarounds_plot(choices: Choices) -> Plot:
    """The plot of these choices."""
    known = pads()
    some = known.turnarounds if choices.pad is None else {choices.pad: known.turnarounds.get(choices.pad, ())}
    first, last = choices.first or 0, choices.last or 9999
    chosen = {pad: [each for each in theirs if first <= each.at.year <= last] for pad, theirs in some.items()}
    years: dict[int, list[float]] = defaultdict(list)
    for theirs in chosen.values():
        for each in theirs:
            years[each.at.year].append(each.days)
    shown = {year: years[year] for year in every_year(years) if year in years}
    if not shown:
        return Plot(None, _NOTES)
    name = "all pads" if choices.pad is None else known.names.get(choices.pad, f"pad {choices.pad}")
    table = _table(known, chosen, choices) if choices.pad is None else None
    return Plot(_chart(name, shown, choices), _NOTES, table)


def _chart(name: str, years: Mapping[int, list[float]], choices: Choices) -> Chart:
    title = f"Days between launches: {name}"
    every = [days for some in years.values() for days in some]
    description = (
        f"{len(every):,} times between launches of a pad, {min(years)} to {max(years)}: median {_written(median(every))}, "
        f"shortest {_written(min(every))}, longest {_written(max(every))}."
    )
    lists = LaunchLists(choices)
    values = [_between(year, some, lists) for year, some in years.items()]
    svg = draw_between("turnarounds", title, description, values, powers(every), "days")
    headers = ("Year", "Times between", "Median", "Shortest", "Longest")
    return Chart("turnarounds", title, description, svg, headers, [_row(year, some, lists) for year, some in years.items()])


def _between(year: int, some: list[float], lists: LaunchLists) -> Between:
    middle, shortest, longest = median(some), min(some), max(some)
    tip = f"{year}: median {_written(middle)} of {len(some):,}, from {_written(shortest)} to {_written(longest)}"
    return Between(year, middle, shortest, longest, tip, lists.left(year))


def _row(year: int, some: list[float], lists: LaunchLists) -> list[Cell]:
    return [
        linked_to(lists.left(year), year),
        f"{len(some):,}",
        *(_written(days) for days in (median(some), min(some), max(some))),
    ]


def _table(known: Pads, chosen: Mapping[int, Sequence[Turnaround]], choices: Choices) -> Table:
    """The pads with the most turnarounds."""
    ranked = sorted((pad for pad in chosen if chosen[pad]), key=lambda pad: (-len(chosen[pad]), known.names.get(pad, "")))
    lists, rows = LaunchLists(choices), []
    for pad in ranked[:_PADS]:
        days = [each.days for each in chosen[pad]]
        shortest = min(chosen[pad], key=lambda each: each.days)
        name = linked_to(choices.but(pad=pad).address, known.names.get(pad, f"pad {pad}"))
        when = format_html(
            '{}, <a href="{}">{}</a>',
            _written(shortest.days),
            lists.of_pad_at(pad, format_date_time(shortest.at)),
            shortest.at.date(),
        )
        rows.append(Row([name, f"{len(days):,}", _written(median(days)), when]))
    left = len(ranked) - len(rows)
    more = f"{left:,} more pads have fewer; choose one in the form." if left else ""
    return Table("Pads with the most launches", ("Pad", "Times between", "Median", "Shortest"), rows, more)


def _written(days: float) -> str:
    """A time between, to the day where it is long."""
    return span(days * _DAY, units=1 if days >= _LONG else 2)
