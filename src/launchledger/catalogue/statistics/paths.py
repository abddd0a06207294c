"""Dependencies of numbers: from rows that changed to the rows whose numbers the change may alter.

A path leads from the row that has a number to a column that the number depends on. Its steps are separated by dots:

    spacecraft                  to the row that this relation, or the rows that this list, leads to
    Launch:pad                  to the launches whose pad is this row
    launch_crew__astronaut      several relations, followed in one query
    ?                           the rest matters only while this row has not ended (see `OPEN_ENDED`)
    net@now                     the number depends on whether this time has passed, too

Promises: every relation and column on a path is watched, and the way back is found from each row on it. What several paths need
is looked up once, and every lookup is by an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, Q

from launchledger.catalogue.models.base import Link
from launchledger.catalogue.statistics.flying import OPEN_ENDED, not_passed
from launchledger.catalogue.statistics.reading import Key, chunks, rows_of

CHUNK = 500
CLOCK = "@now"
Table = type[Model]
Declared = tuple[Table, Iterable[str]]


class _Lookup(NamedTuple):
    """A query of `over`, for the rows whose `relation` leads to those given. `not_passed` is a time that must not have passed."""

    over: Table
    relation: str
    not_passed: str


class _Edge(NamedTuple):
    """A lookup, and its column that leads on."""

    lookup: _Lookup
    end: str


# The edges from a row back to the row that has the number, and at last its model.
_Way = tuple[Any, ...]


class _Rows:
    """Rows with the same ways back: `lookups` are the next queries from them, `ends` the models whose numbers they have.

    `rank` is higher than that of all rows that they lead to; 0 while it is not known.
    """

    def __init__(self, ways: frozenset[_Way]) -> None:
        self.ways = ways
        self.ends = [way[0] for way in ways if len(way) == 1]
        self.lookups: defaultdict[_Lookup, dict[str, _Rows]] = defaultdict(dict)
        self.rank = 0
        self._covered: dict[_Rows, bool] = {}

    def cover(self, others: _Rows) -> bool:
        """Whether these rows have all ways of the others."""
        if others not in self._covered:
            self._covered[others] = others.ways <= self.ways
        return self._covered[others]


class Dependencies:
    """The dependencies that paths declare together.

    `watched` are the columns and relations by model; a relation that a path follows backwards has the model that it leads to,
    because the row that it led to before is affected as well. `clocks` are the times that may pass.

    Raises FieldDoesNotExist, LookupError or ValueError where a path does not fit the models.
    """

    def __init__(self, followed: Iterable[Declared], watched: Iterable[Declared] = ()) -> None:
        """Takes models with their paths; for those in `watched`, `follow` finds no rows."""
        self.watched: defaultdict[Table, dict[str, Table | None]] = defaultdict(dict)
        self.clocks: dict[tuple[Table, str], None] = {}
        self._ways: defaultdict[Table, set[_Way]] = defaultdict(set)
        self._known: dict[frozenset[_Way], _Rows] = {}
        for model, paths in watched:
            for path in paths:
                list(self._walk(model, path))
        for model, paths in followed:
            for path in paths:
                for row, way in self._walk(model, path):
                    self._ways[row].add(way)
        self._changed = {model: self._rows_with(ways) for model, ways in self._ways.items()}

    def follow(self, changed: Mapping[Table, set[Key]], now: datetime) -> dict[Table, set[Key]]:
        """The rows, by model, whose numbers depend on rows that changed."""
        found: defaultdict[Table, set[Key]] = defaultdict(set)
        waiting: defaultdict[_Rows, set[Key]] = defaultdict(set)
        followed: dict[_Rows, set[Key]] = {}
        for model, keys in changed.items():
            if keys and model in self._changed:
                waiting[self._changed[model]] |= keys
        while waiting:
            rows = max(waiting, key=lambda each: each.rank)  # no others lead to these
            keys = waiting.pop(rows)
            for others, theirs in followed.items():
                if others.cover(rows):
                    keys = keys - theirs
            followed[rows] = keys
            for model in rows.ends:
                found[model] |= keys
            for lookup, ends in rows.lookups.items():
                for row in _found(lookup, keys, now, ends):
                    for end, key in zip(ends.values(), row, strict=True):
                        if key is not None:
                            waiting[end].add(key)
        return found

    def _rows_with(self, ways: Iterable[_Way]) -> _Rows:
        every = frozenset(ways)
        wanted = frozenset(way for way in every if not _is_part(way, every))
        if wanted not in self._known:
            rows = self._known[wanted] = _Rows(wanted)
            rest: defaultdict[_Edge, set[_Way]] = defaultdict(set)
            for way in sorted(wanted, key=repr):
                if len(way) > 1:
                    rest[way[0]].add(way[1:])
            for edge, some in rest.items():
                rows.lookups[edge.lookup][edge.end] = self._led_to(edge, some)
            rows.rank = 1 + max((led.rank for ends in rows.lookups.values() for led in ends.values()), default=0)
        return self._known[wanted]

    def _led_to(self, edge: _Edge, ways: set[_Way]) -> _Rows:
        """The rows that an edge leads to; shared with changed rows where that saves a query and closes no circle."""
        if any(len(way) > 1 for way in ways):
            changed = self._rows_with(self._ways[_reached(edge)])
            if changed.rank and ways <= changed.ways:
                return changed
        return self._rows_with(ways)

    def _walk(self, model: Table, path: str) -> Iterator[tuple[Table, _Way]]:
        """The rows along a path, each with its way back."""
        *steps, column = path.split(".")
        here: Table = model
        way: _Way = (model,)
        goes_on = False
        yield here, way
        for step in steps:
            if step == "?":
                goes_on = True
                continue
            start, is_against, relations = step.rpartition(":")
            edges = self._against(start, relations, here) if is_against else self._along(here, relations, goes_on)
            goes_on, rest = False, way
            for here, edge in edges:
                way = (edge, *rest)
                yield here, way
        name, is_clock, _ = column.partition(CLOCK)
        here._meta.get_field(name)  # refuses what does not exist
        self.watched[here].setdefault(name, None)
        if is_clock:
            self.clocks[here, name] = None

    def _along(self, start: Table, relations: str, goes_on: bool) -> Iterator[tuple[Table, _Edge]]:
        """The rows that relations lead to, the nearest first."""
        here, (first, *others) = start, relations.split("__")
        link = _link(start, first)
        not_passed = ("owner__" if link else "") + OPEN_ENDED[start].end if goes_on else ""
        names: list[str] = []
        for name in (first, *others):
            self.watched[here].setdefault(name, None)
            names.append(name if names or not link else "member")
            here = _target(here, name)
            yield here, _Edge(_Lookup(link or start, "__".join(names), not_passed), "owner" if link else "pk")

    def _against(self, start: str, relations: str, end: Table) -> Iterator[tuple[Table, _Edge]]:
        """The rows from which relations lead to `end`, the nearest first."""
        here: Table = apps.get_model("catalogue", start)
        names, found = relations.split("__"), []
        for place, name in enumerate(names):
            link = _link(here, name)
            lookup = _Lookup(link, "owner", "") if link else _Lookup(here, "pk", "")
            found.append((here, _Edge(lookup, "__".join(["member" if link else name, *names[place + 1 :]]))))
            self.watched[here][name] = _target(here, name)
            here = _target(here, name)
        if here is not end:
            raise ValueError(f"{start}:{relations} leads to {here.__name__}, not to {end.__name__}")
        yield from reversed(found)


def under(step: str, *paths: str) -> tuple[str, ...]:
    """These paths, each behind this step."""
    return tuple(f"{step}.{path}" for path in paths)


def _is_part(way: _Way, ways: frozenset[_Way]) -> bool:
    """Whether a way leads to some of the rows that another way leads to all of."""
    if len(way) == 1 or not way[0].lookup.not_passed:
        return False
    return (_Edge(way[0].lookup._replace(not_passed=""), way[0].end), *way[1:]) in ways


def _found(lookup: _Lookup, keys: set[Key], now: datetime, ends: Iterable[str]) -> Iterator[tuple[Key | None, ...]]:
    only = not_passed(lookup.not_passed, now) if lookup.not_passed else Q()
    for some in chunks(keys, CHUNK):
        yield from rows_of(lookup.over).filter(only, **{f"{lookup.relation}__in": some}).order_by().values_list(*ends)


def _link(model: Table, name: str) -> Table | None:
    """The table of a list of this model; None for a relation."""
    table = model._meta.get_field(name).related_model if model._meta.get_field(name).auto_created else None
    return table if isinstance(table, type) and issubclass(table, Link) else None


def _reached(edge: _Edge) -> Table:
    model = edge.lookup.over
    for name in edge.end.split("__") if edge.end != "pk" else ():
        model = _target(model, name)
    return model


def _target(model: Table, name: str) -> Table:
    link = _link(model, name)
    found: Any = link._meta.get_field("member") if link else model._meta.get_field(name)
    target: Table = found.related_model
    return target
