"""How many people were in space at any time, from the flights of the catalogue."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from launchledger import clock
from launchledger.catalogue.queries.counts import launches_at, not_human, went_up_in_failures
from launchledger.catalogue.statistics.stays import Stay, stays
from launchledger.explorer.charts.bars import MOST_YEARS
from launchledger.explorer.charts.chart import Cell, Chart
from launchledger.explorer.charts.lines import Mark, Part, Step, draw_steps
from launchledger.explorer.html import linked_to
from launchledger.explorer.navigation import page_of
from launchledger.explorer.statistics.addresses import LaunchLists
from launchledger.explorer.statistics.choices import Choices
from launchledger.explorer.statistics.plot import Plot, Row, Table
from launchledger.formats.times import format_date_time
from launchledger.history import wording
from launchledger.journal.reading import Newest, newest

_TITLE = "People in space"
_PERIOD = 600  # seconds that the stays are kept while nothing is written: people who are up stay up for longer
_RECORDS = 25
_time = attrgetter("at")


@dataclass(frozen=True, eq=False)
class Presence:
    """Who was up when, until `now`: the steps of their number, the net of each stay that is counted, and how many are up.

    The end of `unknown` other stays is not known.
    """

    now: datetime
    steps: Sequence[Step]
    begins: Sequence[datetime]
    up: int
    unknown: int


def presence() -> Presence:
    """As of now, to ten minutes."""
    return _presence(newest(), int(clock.timestamp()) // _PERIOD * _PERIOD)


@lru_cache(maxsize=1)
def _presence(_: Newest, timestamp: int) -> Presence:
    now = datetime.fromtimestamp(timestamp, UTC)
    mannequins, failures = not_human(), went_up_in_failures()
    found = [
        stay
        for stay in stays(None, now)
        if stay.astronaut not in mannequins and stay.begin <= now and (stay.astronaut, stay.begin) not in failures
    ]
    known = [stay for stay in found if stay.end or stay.is_up]
    return Presence(
        now,
        _steps(known, now),
        sorted(stay.begin for stay in known),
        sum(1 for stay in known if not stay.end),
        len(found) - len(known),
    )


def _steps(known: Iterable[Stay], now: datetime) -> list[Step]:
    """How many are up from each time on. Who comes down when another goes up makes no step."""
    changes: Counter[datetime] = Counter()
    for stay in known:
        changes[stay.begin] += 1
        if stay.end and stay.end <= now:
            changes[stay.end] -= 1
    number, steps = 0, []
    for at in sorted(changes):
        if changes[at]:
            number += changes[at]
            steps.append(Step(at, number))
    return steps


def people_plot(choices: Choices) -> Plot:
    """The plot of these choices. The whole one is kept as long as the stays are."""
    present = presence()
    return _whole_plot(present, get_script_prefix()) if choices.is_whole else _plot(present, choices)


@lru_cache(maxsize=1)
def _whole_plot(present: Presence, _prefix: str) -> Plot:
    return _plot(present, Choices("people"))


def _plot(present: Presence, choices: Choices) -> Plot:
    notes = _notes(present)
    if not present.steps:
        return Plot(None, notes)
    earliest = present.steps[0].at.year
    last = min(choices.last or present.now.year, present.now.year)
    first = max(choices.first or earliest, earliest, last - MOST_YEARS + 1)
    if first > last:
        return Plot(None, notes)
    begin, end = _begin(first), min(_begin(last + 1), present.now)
    steps = list(_between(present.steps, begin, end))
    years = [_year(present, year) for year in range(first, last + 1)]
    most = max(steps, key=lambda step: step.number)
    description = (
        f"The number of people in space, {first} to {last}: {most.number:,} at most, first on {most.at:%Y-%m-%d}; "
        f"{present.up:,} are up at {wording.minute(present.now)}."
    )
    records = [record for record in _records(present.steps) if begin <= record.at <= end]
    lists = LaunchLists(choices)
    marks = [
        Mark(record, f"{record.at:%Y-%m-%d}: {record.number:,}, more than ever before", _at(lists, record.at))
        for record in records
    ]
    parts = [Part(year.begin, year.end, year.tip, _crewed(lists, year.year)) for year in years]
    svg = draw_steps("people", _TITLE, description, steps, end, marks, parts, "people")
    headers = ("Year", "Went up", "Most at a time", "Fewest", "On average")
    return Plot(Chart("people", _TITLE, description, svg, headers, [_row(lists, year) for year in years]), notes, _table(records))


def _notes(present: Presence) -> list[str]:
    notes = [
        "Counts people of the launch crews of flights that have flown, from the net of the launch until the mission end of the "
        "flight whose landing crew names them, or else of the flight that they went up with. Suborbital flights count while "
        "they last; crews of failed launches, and mannequins, do not count.",
        f"Who is still up counts until {wording.minute(present.now)}.",
    ]
    if present.unknown:
        one = present.unknown == 1
        notes.append(
            f"{present.unknown:,} flight{'' if one else 's'} of a person without a known end {'is' if one else 'are'} left out."
        )
    return notes


@dataclass(frozen=True, slots=True)
class _Year:
    """A year, or the part of it until now."""

    year: int
    begin: datetime
    end: datetime
    went_up: int
    most: int
    fewest: int
    average: float

    @property
    def tip(self) -> str:
        return f"{self.year}: {self.fewest:,} to {self.most:,} people, {self.average:.1f} on average"


def _row(lists: LaunchLists, year: _Year) -> list[Cell]:
    return [
        linked_to(_crewed(lists, year.year), year.year),
        f"{year.went_up:,}",
        f"{year.most:,}",
        f"{year.fewest:,}",
        f"{year.average:.1f}",
    ]


def _year(present: Presence, year: int) -> _Year:
    begin, end = _begin(year), min(_begin(year + 1), present.now)
    steps = list(_between(present.steps, begin, end))
    numbers = [step.number for step in steps]
    times = [*(step.at for step in steps), end]
    person_seconds = sum(
        number * (after - at).total_seconds() for number, (at, after) in zip(numbers, pairwise(times), strict=True)
    )
    went_up = bisect_left(present.begins, end) - bisect_left(present.begins, begin)
    average = person_seconds / max((end - begin).total_seconds(), 1)
    return _Year(year, begin, end, went_up, max(numbers), min(numbers), average)


def _between(steps: Sequence[Step], begin: datetime, end: datetime) -> Iterator[Step]:
    """The steps in a time, the first of them at its begin."""
    place = bisect_right(steps, begin, key=_time)
    yield Step(begin, steps[place - 1].number if place else 0)
    yield from steps[place : bisect_left(steps, end, key=_time)]


def _records(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps to more people than ever before."""
    most = 0
    for step in steps:
        if step.number > most:
            most = step.number
            yield step


def _table(records: Sequence[Step]) -> Table | None:
    """The latest records, the newest first, each with the launch that made it."""
    latest = records[: -_RECORDS - 1 : -1]
    launches = launches_at({each.at for each in latest})
    rows = [Row([f"{each.number:,}", wording.minute(each.at), _launch(*launches.get(each.at, ("", "", "")))]) for each in latest]
    return Table("More people than ever before", ("People", "Since", "Launch"), rows) if rows else None


def _launch(key: str, slug: str, name: str) -> SafeString | str:
    return linked_to(page_of({"url": f"launch/{key}/", "slug": slug}), name or "unnamed") if key else "unknown"


def _begin(year: int) -> datetime:
    return datetime(min(year, datetime.max.year), 1, 1, tzinfo=UTC)


def _crewed(lists: LaunchLists, year: int) -> str:
    return lists.crewed(f"net__year={year}")


def _at(lists: LaunchLists, at: datetime) -> str:
    net = format_date_time(at)
    return lists.crewed(f"net__gte={net}&net__lte={net}")
