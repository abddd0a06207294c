"""Pages of keys: which rows a list shows, and how many there are in all.

Promises: the keys and the count of one snapshot, when called within `snapshot()`. A count costs a scan, so it is queried only
where the keys do not give it. A page deep in a list costs as much as the whole list, and so does a search; for these all keys are
read and cached: SQLite sorts 150,000 rows in a third of the time that it takes to find the first 70,000 of them. A process caches
lists until the catalogue changes, bounded by their bytes, and by a digest, so that the length of a query does not matter.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count as counting
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from launchledger.catalogue.models.texts import SearchedText
from launchledger.catalogue.queries.bounded import BoundedCache
from launchledger.catalogue.queries.statements import Row, rows_of_once
from launchledger.journal.reading import latest_serial

AHEAD = 200  # keys that are read where the count is not known: many lists are shorter, and need no query for the count
DEEP = 1_000  # rows before a page, from which on all keys of the list are read
PART = 8  # lists take one of so many parts of the memory for replies
ENTRY_OVERHEAD = 400  # bytes of a cached list without its keys; a test compares it with what is measured


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is of the whole list, `keys` are those of one page in their order."""

    count: int
    keys: list[Any]


class _CachedList:
    """A cached list: its number of rows, and all their keys if a page needed them."""

    __slots__ = ("count", "keys", "size")

    def __init__(self, count: int) -> None:
        self.count = count
        self.keys: tuple[Any, ...] = ()
        self.size = ENTRY_OVERHEAD


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of rows: the SELECT of their keys in order, and the rows themselves, to be counted if need be.

    `keys` is empty where no row can be in the list, and no query is needed.
    """

    keys: str
    parameters: tuple[Any, ...]
    rows: QuerySet[Any]

    def page(self, limit: int, offset: int) -> Page:
        """So many keys from this offset on."""
        if not self.keys:
            return Page(0, [])
        name = self._name()
        state = _states.of(latest_serial())
        known = _lists.get(name, state)
        if known is not None and (known.keys or offset >= known.count):
            return Page(known.count, list(known.keys[offset : offset + limit]))
        if offset >= DEEP or _SEARCHED in self.keys:
            return self._page_of_all_keys(name, state, limit, offset)
        if known is None:
            known, keys = self._count_with_keys(limit, offset)
            _lists.put(name, known, state)
            return Page(known.count, keys[:limit])
        return Page(known.count, self._keys(limit, offset))

    def _name(self) -> bytes:
        """The digest of the list: clients choose how long its query is."""
        return blake2b(repr((self.keys, self.parameters)).encode(errors="surrogatepass"), digest_size=32).digest()

    def _count_with_keys(self, limit: int, offset: int) -> tuple[_CachedList, list[Any]]:
        """For a list that is not cached: its count, and the keys from the offset on that were read with it."""
        ahead = max(limit, AHEAD) + 1
        keys = self._keys(ahead, offset)
        reaches_the_end = len(keys) < ahead and (keys or not offset)
        return _CachedList(offset + len(keys) if reaches_the_end else self.rows.count()), keys

    def _keys(self, limit: int, offset: int) -> list[Any]:
        return [row[0] for row in rows_of_once(f"{self.keys} LIMIT %s OFFSET %s", [*self.parameters, limit, offset])]

    def _page_of_all_keys(self, name: bytes, state: int, limit: int, offset: int) -> Page:
        """A page cut from all keys, which are cached if there is room for them."""
        keys = tuple(row[0] for row in rows_of_once(self.keys, self.parameters))
        known = _CachedList(len(keys))
        known.keys = keys
        known.size += sys.getsizeof(keys) + sum(map(sys.getsizeof, keys))
        _lists.put(name, known, state)
        return Page(known.count, list(keys[offset : offset + limit]))


def listing(rows: QuerySet[Any]) -> Listing:
    """The list of these rows."""
    try:
        keys, parameters = rows.values_list("pk", flat=True).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return Listing("", (), rows)
    return Listing(keys, tuple(parameters), rows)


def stored_values(rows: QuerySet[Any], *columns: str) -> list[Row]:
    """These columns of all rows, as the driver gives them: a quarter of the cost of models."""
    try:
        sql, parameters = rows.values_list(*columns).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return []
    return rows_of_once(sql, parameters)


def page_of(rows: QuerySet[Any], limit: int, offset: int) -> Page:
    """A page of these rows, in their order."""
    return listing(rows).page(limit, offset)


class _States:
    """Numbers for states of the catalogue, which grow with every change of the newest serial, also to a smaller one."""

    def __init__(self) -> None:
        self._numbers = counting(1)
        self._last = (-1, 0)

    def of(self, serial: int) -> int:
        if self._last[0] != serial:
            self._last = (serial, next(self._numbers))
        return self._last[1]

    def forget(self) -> None:
        self._last = (-1, 0)


_SEARCHED = f'"{SearchedText._meta.db_table}"'
_states = _States()
_lists: BoundedCache[bytes, _CachedList] = BoundedCache(settings.RESPONSE_CACHE_BYTES // PART)


def forget_lists() -> None:
    """Drop the cached lists, as for another catalogue."""
    _states.forget()
