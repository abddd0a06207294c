"""The history of an object's watched columns: which values they had, from when to when.

Promises: the same steps whatever the order in which replies were loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, starmap
from operator import attrgetter, lt
from typing import Any, NamedTuple

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import Row, rows_of, time_of
from launchledger.formats.encoding import decode


@dataclass(frozen=True, slots=True)
class Step:
    """A value in wire form, from the first to the last time at which it was observed, with no other value between."""

    value: Any
    first_seen: datetime
    last_seen: datetime
    source: str


class Seen(NamedTuple):
    """A step without its source."""

    value: Any
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class _Stretch:
    state: dict[str, Any]
    begin: datetime
    end: datetime
    source: str


class _Row(NamedTuple):
    """A stored state (`models.history`), with its state as JSON."""

    key: str
    since: datetime
    is_dated: bool
    state: str
    first: datetime
    last: datetime
    source: str


_ABSENT = object()
# SQLite gives the expressions as the texts that are stored; converting all columns of times would take twice as long.
_VALUES = {
    "sqlite": '"key", +"since", +"is_dated", "state", +"first", +"last", "source"',
    "postgresql": '"key", "since", "is_dated", "state", "first", "last", "source"',
}
_SOME = 'SELECT {values} FROM "catalogue_observedstate" WHERE "kind" = %s AND "key" {among}'
# All states in a row for each object: a row for each state would cost twice as much to fetch. Any order of the states will do, as
# long as the three columns have the same one.
_TOGETHER = {
    "sqlite": """min("is_dated"), group_concat("since"), group_concat("last"), group_concat("state", char(10))""",
    "postgresql": """bool_and("is_dated"), array_agg("since" ORDER BY "since", "id"), array_agg("last" ORDER BY "since", "id"),
        array_agg("state" ORDER BY "since", "id")""",
}
_ALL = 'SELECT "key", {together} FROM "catalogue_observedstate" WHERE "kind" = %s GROUP BY "key"'


def steps_of(kind: str, key: str) -> dict[str, list[Step]]:
    """The steps of each watched column of an object, the oldest first; a column that no reply had is left out."""
    return _steps_by_column(_read(_rows_of(kind, [key])))


def _steps_by_column(rows: Sequence[_Row]) -> dict[str, list[Step]]:
    steps: dict[str, list[Any]] = defaultdict(list)
    for at, stretch in _points(_stretches(rows)):
        for column, value in stretch.state.items():
            of_column = steps[column]
            if of_column and of_column[-1][0] == value:
                of_column[-1][2] = at
            else:
                of_column.append([value, at, at, stretch.source])
    return {column: list(starmap(Step, of_column)) for column, of_column in steps.items()}


def states_of(kind: str, keys: Collection[str]) -> dict[str, list[Step]]:
    """By key, the steps of all watched columns of an object together, the oldest first; their values map columns to values.

    A reply without a column says nothing of it: the step keeps the value of before. Objects of which no reply of a known time
    spoke are left out.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in _rows_of(kind, keys):
        rows[row[0]].append(row)
    return {key: _states(_read(some)) for key, some in rows.items()}


def steps_of_all(kind: str, column: str, keys: Container[str]) -> Iterator[tuple[str, list[Seen]]]:
    """The key and the steps of a column, as `steps_of` has them, of every object of a kind that is among the keys and has any.

    In two queries and some 4 microseconds for each state; a catalogue of 7,500 launches has some 70,000.
    """
    others = []
    for key, are_dated, begins, ends, states in rows_of(_ALL.format(together=_TOGETHER[connection.vendor]), [kind]):
        if key not in keys:
            continue
        if isinstance(begins, str):
            begins, ends, states = begins.split(","), ends.split(","), states.split("\n")
        # Where all have a `last_updated`, and each a later one than that before, each state ends before the next one begins.
        if not are_dated or not all(map(lt, begins, begins[1:])):
            others.append(key)
        elif steps := _steps_in_line(begins, ends, states, column):
            yield key, steps
    rows = defaultdict(list)
    for row in _rows_of(kind, others) if others else ():
        rows[row[0]].append(row)
    for key, some in rows.items():
        if steps := [Seen(step.value, step.first_seen, step.last_seen) for step in _steps_by_column(_read(some)).get(column, [])]:
            yield key, steps


def _steps_in_line(begins: Sequence[Any], ends: Sequence[Any], states: Sequence[str], column: str) -> list[Seen]:
    """The steps of a column in states of one object that are in line; times are read for the ends of steps only."""
    steps: list[Seen] = []
    cut = [*begins[1:], ends[-1]]  # when each state ends at the latest
    text, value, current, first, last = "", _ABSENT, _ABSENT, 0, 0
    for place, state in enumerate(states):
        if state != text:
            text, value = state, decode(state).get(column, _ABSENT)
        if value is _ABSENT:
            continue
        if value != current:
            if current is not _ABSENT:
                steps.append(Seen(current, time_of(begins[first]), time_of(min(ends[last], cut[last]))))
            current, first = value, place
        last = place
    if current is not _ABSENT:
        steps.append(Seen(current, time_of(begins[first]), time_of(min(ends[last], cut[last]))))
    return steps


def _rows_of(kind: str, keys: Collection[str]) -> list[Row]:
    sql = _SOME.format(values=_VALUES[connection.vendor], among=dialect().among)
    return rows_of(sql, [kind, dialect().keys(keys)])


def _read(rows: Iterable[Row]) -> list[_Row]:
    """Rows as the database gives them, with their times read."""
    return [_Row(key, time_of(a), bool(b), state, time_of(c), time_of(d), source) for key, a, b, state, c, d, source in rows]


def _states(rows: Sequence[_Row]) -> list[Step]:
    steps: list[list[Any]] = []
    for at, stretch in _points(_stretches(rows)):
        current = steps[-1][0] if steps else {}
        together = {**current, **stretch.state}
        if steps and current.items() <= together.items():
            steps[-1][0], steps[-1][2] = together, at
        else:
            steps.append([together, at, at, stretch.source])
    return list(starmap(Step, steps))


def _stretches(rows: Sequence[_Row]) -> list[_Stretch]:
    """Each state with its times. A state begins at its `last_updated` and ends, at the latest, at the next one."""
    rows = sorted(rows, key=attrgetter("since", "first", "state"))
    dated = sorted({row.since for row in rows if row.is_dated})
    ends = dict(pairwise(dated))
    return [
        _Stretch(
            decode(row.state),
            row.since if row.is_dated else row.first,
            min(row.last, ends.get(row.since, row.last)) if row.is_dated else row.last,
            row.source,
        )
        for row in rows
    ]


def _points(stretches: Sequence[_Stretch]) -> Iterator[tuple[datetime, _Stretch]]:
    """The begin and the end of each stretch by time; of equal times, the end of the stretch that began earlier comes first."""
    points = [(at, stretch.begin, place) for place, stretch in enumerate(stretches) for at in (stretch.begin, stretch.end)]
    return ((at, stretches[place]) for at, _, place in sorted(points))
