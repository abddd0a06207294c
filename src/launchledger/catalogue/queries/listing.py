"""Pages of keys: which rows a list shows, and how many there are in all.

Promises: the keys and the count of one moment, when called within `snapshot()`. Counting costs a scan, so a count is asked for
only where the keys do not tell it, and once for each state of the catalogue: a process keeps the last KEPT of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from launchledger.catalogue.queries.statements import rows_of
from launchledger.journal.reading import latest_serial

AHEAD = 200  # keys that are read where the count is not known: many lists end before, and need no other query to be counted
KEPT = 512  # counts; each with the text and the parameters of its query, which take some kilobytes at most


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
        ahead = limit if count is not None else max(limit, AHEAD) + 1
        found = rows_of(f"{self.keys} LIMIT %s OFFSET %s", [*self.parameters, ahead, offset])
        if count is None:
            reaches_the_end = len(found) < ahead and (found or not offset)
            count = offset + len(found) if reaches_the_end else self.rows.count()
            _counts.keep(self, serial, count)
        return Page(count, [row[0] for row in found[:limit]])


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


class _Counts:
    """Counts by their queries, as of one serial."""

    def __init__(self) -> None:
        self._serial = -1
        self._kept: OrderedDict[Listing, int] = OrderedDict()
        self._turn = Lock()

    def forget(self) -> None:
        with self._turn:
            self._serial = -1

    def of(self, listed: Listing, serial: int) -> int | None:
        with self._turn:
            return self._kept.get(listed) if serial == self._serial else None

    def keep(self, listed: Listing, serial: int, count: int) -> None:
        with self._turn:
            if serial != self._serial:
                self._kept.clear()
                self._serial = serial
            self._kept[listed] = count
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_counts = _Counts()


def forget_counts() -> None:
    """Start anew, as with another catalogue."""
    _counts.forget()
