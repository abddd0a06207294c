"""How often and how far launches slipped, from the observed states of their net.

Promises: the same figures whatever the order in which replies were loaded. A slip is a move of net to later than its precision
left open: a launch that moves within the day, month or year that it was announced for has not slipped. A scrub is a slip that was
first seen within the 24 hours before the net. Nothing is claimed for times at which nothing was observed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any

from django.db.models import QuerySet

from launchledger.catalogue.choices import EXACT, LEFT
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.queries.history import Seen, Step, states_of, steps_of_all
from launchledger.catalogue.queries.listing import stored_values
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.formats.times import parse_date_time

BEFORE = (1, 7, 30, 90, 365)  # days before a net
_DAY = timedelta(days=1)
_LATEST = datetime.max.replace(tzinfo=UTC)

GROUPS: Mapping[str, str] = {
    "provider": "launch_service_provider",
    "configuration": "configuration",
    "pad": "pad",
    "year": "net",
}
"""The column of a launch by which each grouping puts launches together."""

# In which of so many equal parts of a year, or in which multiple of years, a precision leaves the net open, by its id.
_PARTS_OF_YEAR = {7: 12, **dict.fromkeys((8, 9, 10, 11), 4), **dict.fromkeys((12, 13), 2), **dict.fromkeys((14, 15), 1)}
_WEEK, _DECADE = 6, 16


@dataclass(frozen=True, slots=True)
class Slips:
    """What was observed of one launch's net: its steps, the oldest first (none if no reply of a known time had it), and in days
    how far it moved from the first net to the last; None where either is not known."""

    steps: Sequence[Step]
    slips: int
    scrubs: int
    days_moved: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """Of launches that flew: how many days after a net they flew that they had when it was so many days away.

    `launches` were watched at that time, the first of them since `watched_since`.
    """

    days_before: int
    launches: int
    watched_since: datetime
    median: float
    percentile_90: float


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    figures: list[Figure]


def slips_of(keys: Collection[str]) -> dict[str, Slips]:
    """The slips of each of these launches of which any state is known, in one query."""
    return {key: _slips(steps) for key, steps in states_of(Launch.kind, keys).items()}


def _slips(steps: Sequence[Step]) -> Slips:
    known = [step for step in steps if step.value.get("net")]
    slips = scrubs = 0
    for before, now in pairwise(known):
        net = parse_date_time(before.value["net"])
        if parse_date_time(now.value["net"]) > open_until(net, before.value.get("net_precision")):
            slips += 1
            scrubs += timedelta(0) <= net - now.first_seen <= _DAY
    moved = _days(parse_date_time(known[-1].value["net"]) - parse_date_time(known[0].value["net"])) if known else None
    return Slips(steps, slips, scrubs, moved)


def open_until(net: datetime, precision: int | None) -> datetime:
    """The last time that a net of this precision may mean: an exact one, or one of an unknown precision, means itself."""
    if precision is None or precision in EXACT:
        return net
    day = net.replace(hour=0, minute=0, second=0, microsecond=0)
    if precision == _DECADE:
        return _begin_of_month(net.year // 10 * 10 + 10, 1)
    if parts := _PARTS_OF_YEAR.get(precision):
        months = 12 // parts
        last = (net.month - 1) // months * months + months
        return _begin_of_month(net.year + last // 12, last % 12 + 1)
    return day + min((7 if precision == _WEEK else 1) * _DAY, _LATEST - day)


def _begin_of_month(year: int, month: int) -> datetime:
    return datetime(min(year, datetime.max.year), month, 1, tzinfo=UTC)


def groups(launches: QuerySet[Any], by: str) -> list[Group]:
    """The figures of these launches, put together by a key of GROUPS; by name, years by number.

    Only launches that flew count, each once for each time before its net: for the first net that was observed at that time. In
    three queries, or four where a reply without a `last_updated` had one of them.
    """
    column = GROUPS[by]
    rows = stored_values(launches.filter(status__in=LEFT, net__isnull=False).order_by(), "pk", "net", column)
    flown = {key: (net.replace(tzinfo=UTC), net.year if by == "year" else group) for key, net, group in rows}
    slips: dict[Any, dict[int, list[tuple[float, datetime]]]] = defaultdict(lambda: defaultdict(list))
    for key, steps in steps_of_all(Launch.kind, "net", flown):
        net, group = flown[key]
        for days, slip in _slips_at(steps, net):
            slips[group][days].append((slip, steps[0].first_seen))
    slips.pop(None, None)
    names = {year: str(year) for year in slips} if by == "year" else _names(column, slips)
    found = [
        Group(group, names.get(group, ""), [_figure(days, some) for days, some in sorted(of_group.items())])
        for group, of_group in slips.items()
    ]
    return sorted(found, key=lambda group: (group.name, group.id))


def _slips_at(steps: Sequence[Seen], flown: datetime) -> Iterator[tuple[int, float]]:
    """For each time before net, by how many days the launch flew later than the net that was first observed at that time."""
    missing = list(BEFORE)
    for step in steps:
        if not missing:
            return
        if not step.value:
            continue
        net = datetime.fromisoformat(step.value)  # written by ourselves; `parse_date_time` checks what comes from outside
        longest = (net - step.first_seen) / _DAY
        if longest < missing[0]:
            continue
        shortest = (net - step.last_seen) / _DAY
        place = bisect_left(missing, shortest)
        while place < len(missing) and missing[place] <= longest:
            yield missing.pop(place), _days(flown - net)


def _figure(days: int, some: Sequence[tuple[float, datetime]]) -> Figure:
    values = sorted(slip for slip, _ in some)
    return Figure(
        days_before=days,
        launches=len(values),
        watched_since=min(since for _, since in some),
        median=round(median(values), 2),
        percentile_90=values[ceil(0.9 * len(values)) - 1],
    )


def _names(column: str, keys: Collection[Any]) -> dict[Any, str]:
    field: Any = Launch._meta.get_field(column)
    return {key: name or "" for key, name in rows_by_id(field.related_model.kind, ("name",), keys)}


def _days(span: timedelta) -> float:
    return round(span / _DAY, 2)
