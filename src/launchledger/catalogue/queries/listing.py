"""Pages of keys: which rows a list shows, and how many there are in all.

Promises: the keys and the count of one moment, when called within `snapshot()`. To count costs a scan, and so does what lies deep
in a list; so a count is asked for only where the keys do not tell it, and both only once for each state of the catalogue: a
process keeps what was found out, bounded by the bytes that it takes. Lists are kept by a digest, so it does not matter how long
a query was.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
from launchledger.catalogue.queries.statements import rows_of_once
from launchledger.journal.reading import latest_serial

AHEAD = 200  # keys that are read where the count is not known: many lists end before, and need no other query to be counted
DEEP = 1_000  # rows before a page, from which on all keys are read at once, if somebody asks so deep a second time
PART = 8  # lists take one of so many parts of the memory for replies
ENTRY_OVERHEAD = 400  # bytes of what is known of a list without its keys; a test holds it against what is measured
KEY_BYTES = 100  # of one key, about: a UUID as text, and its place in a tuple


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is of the whole list, `keys` are those of one page in their order."""

    count: int
    keys: Sequence[Any]


class _Known:
    """What was found out about a list: how many rows it has, that somebody asked for what lies deep in it, and all its keys."""

    __slots__ = ("count", "is_deep", "keys", "size")

    def __init__(self, count: int) -> None:
        self.count = count
        self.is_deep = False
        self.keys: tuple[Any, ...] = ()
        self.size = ENTRY_OVERHEAD


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of rows: the SELECT of their keys in order, and the rows themselves, to be counted if need be."""

    keys: str
    parameters: tuple[Any, ...]
    rows: QuerySet[Any]

    def page(self, limit: int, offset: int) -> Page:
        """So many keys from this offset on."""
        name = self._name()
        state = _states.of(latest_serial())
        known = _lists.get(name, state)
        if known is None:
            known, found = self._find_out(limit, offset)
            _lists.put(name, known, state)
            if found is not None:
                return Page(known.count, found[:limit])
        elif offset >= DEEP:
            self._read_all(name, known)
        if known.keys:
            return Page(known.count, known.keys[offset : offset + limit])
        known.is_deep |= offset >= DEEP
        rows = rows_of_once(f"{self.keys} LIMIT %s OFFSET %s", [*self.parameters, limit, offset])
        return Page(known.count, [row[0] for row in rows])

    def _name(self) -> bytes:
        """The list as a digest: whoever asks chooses how long its query is."""
        return blake2b(repr((self.keys, self.parameters)).encode(errors="surrogatepass"), digest_size=32).digest()

    def _find_out(self, limit: int, offset: int) -> tuple[_Known, list[Any] | None]:
        """What nobody has asked for yet: the count, and the keys from the offset on if they were read with it."""
        ahead = max(limit, AHEAD) + 1
        if _SEARCHED in self.keys:  # to count costs a search as long as the first: both are asked for at once
            first, rest = self.keys.split(" FROM ", 1)
            rows = rows_of_once(f"{first}, COUNT(*) OVER () FROM {rest} LIMIT %s OFFSET %s", [*self.parameters, limit, offset])
            if rows:
                return _Known(rows[0][1]), [row[0] for row in rows]
            ahead = 1
        else:
            rows = rows_of_once(f"{self.keys} LIMIT %s OFFSET %s", [*self.parameters, ahead, offset])
        reaches_the_end = len(rows) < ahead and (rows or not offset)
        known = _Known(offset + len(rows) if reaches_the_end else self.rows.count())
        known.is_deep = offset >= DEEP
        return known, [row[0] for row in rows]

    def _read_all(self, name: bytes, known: _Known) -> None:
        """Keep all keys, if somebody asked so deep before and there is room for them."""
        if known.is_deep and not known.keys and known.count * KEY_BYTES <= _lists.limit:
            keys = tuple(row[0] for row in rows_of_once(self.keys, self.parameters))
            if _lists.grow(name, known, sys.getsizeof(keys) + sum(map(sys.getsizeof, keys))):
                known.keys = keys


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


class _States:
    """Numbers for states of the catalogue, which grow whenever the serial is seen to be another, be it a smaller one."""

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
_lists: BoundedCache[bytes, _Known] = BoundedCache(settings.RESPONSE_CACHE_BYTES // PART)


def forget_lists() -> None:
    """Start anew, as with another catalogue."""
    _states.forget()
