"""Pages of keys: which rows a list shows, and how many there are in all.

Promises: the keys and the count of one moment, when called within `snapshot()`. To count costs a scan, and so does what lies deep
in a list; so a count is asked for only where the keys do not tell it, and both only once for each state of the catalogue: a
process keeps the last of them, bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from launchledger.catalogue.queries.statements import rows_of
from launchledger.journal.reading import latest_serial

Value = TypeVar("Value")

AHEAD = 200  # keys that are read where the count is not known: many lists end before, and need no other query to be counted
DEEP = 1_000  # rows before a page, from which on all keys are read at once, if somebody asks so deep a second time
COUNTS = 512  # that are kept, each with the text and the parameters of its query, which take some kilobytes at most
KEYS = 200_000  # that are kept, of all lists together; some 100 bytes each


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is of the whole list, `keys` are those of one page in their order."""

    count: int
    keys: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of rows: the SELECT of their keys in order, and the rows themselves, to be counted if need be."""

    keys: str
    parameters: tuple[Any, ...]
    rows: QuerySet[Any] = field(compare=False)

    def page(self, limit: int, offset: int) -> Page:
        """So many keys from this offset on."""
        serial = latest_serial()
        count = _counts.of(self, serial)
        if offset >= DEEP and (keys := self._all_keys(serial, count)):
            return Page(len(keys), keys[offset : offset + limit])
        ahead = limit if count is not None else max(limit, AHEAD) + 1
        found = rows_of(f"{self.keys} LIMIT %s OFFSET %s", [*self.parameters, ahead, offset])
        if count is None:
            reaches_the_end = len(found) < ahead and (found or not offset)
            count = offset + len(found) if reaches_the_end else self.rows.count()
            _counts.keep(self, serial, count)
        return Page(count, [row[0] for row in found[:limit]])

    def _all_keys(self, serial: int, count: int | None) -> Sequence[Any]:
        """All keys, if they were asked for under this serial before, and are not too many to be kept."""
        keys = _keys.of(self, serial)
        if keys is None:
            _keys.keep(self, serial, ())
        elif not keys and count is not None and count <= KEYS:
            keys = tuple(row[0] for row in rows_of(self.keys, self.parameters))
            _keys.keep(self, serial, keys)
        return keys or ()


def listing(rows: QuerySet[Any]) -> Listing | None:
    """The list that these rows are; None where no row can be among them, and no query needs to ask."""
    try:
        keys, parameters = rows.values_list("pk", flat=True).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return None
    return Listing(keys, tuple(parameters), rows)


def page_of(rows: QuerySet[Any], limit: int, offset: int) -> Page:
    """A page of these rows, by the order that they have."""
    found = listing(rows)
    return found.page(limit, offset) if found else Page(0, [])


class _Kept(Generic[Value]):
    """What was found out about lists as of one serial; the longest kept go when there is no room."""

    def __init__(self, room: int, size: Callable[[Value], int]) -> None:
        self._room = room
        self._size = size
        self._taken = 0
        self._serial = -1
        self._kept: OrderedDict[Listing, Value] = OrderedDict()
        self._turn = Lock()

    def of(self, listed: Listing, serial: int) -> Value | None:
        with self._turn:
            return self._kept.get(listed) if serial == self._serial else None

    def keep(self, listed: Listing, serial: int, value: Value) -> None:
        with self._turn:
            if serial != self._serial:
                self._clear(serial)
            if listed in self._kept:
                self._taken -= self._size(self._kept.pop(listed))
            self._kept[listed] = value
            self._taken += self._size(value)
            while self._taken > self._room:
                self._taken -= self._size(self._kept.popitem(last=False)[1])

    def forget(self) -> None:
        with self._turn:
            self._clear(-1)

    def _clear(self, serial: int) -> None:
        self._kept.clear()
        self._taken = 0
        self._serial = serial


_counts = _Kept[int](COUNTS, lambda _: 1)
_keys = _Kept[tuple[Any, ...]](KEYS, lambda keys: len(keys) + 1)


def forget_lists() -> None:
    """Start anew, as with another catalogue."""
    _counts.forget()
    _keys.forget()
