"""Entries of the journal as the ledger shows them: filtered, in commit order, page by page.

Promises: entries come in the order of their serials, and that is the order in which they were committed. Whoever goes on from
`Page.after` misses no entry and gets none twice, also if it commits while others read. A page examines at most EXAMINED entries,
so that a filter that matches nothing costs no more than others; then it may have fewer entries than its limit, or none, although
later ones match: `Page.after` is less than `Page.newest` then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from launchledger.catalogue.actions.overridden import OBSERVED
from launchledger.catalogue.queries.listing import stored_values
from launchledger.catalogue.queries.statements import json_of, rows_of, time_of
from launchledger.history.names import column_names, columns_named, path_of, resource_of, resources
from launchledger.journal.models import Entry
from launchledger.journal.reading import Head, latest_serial

EXAMINED = 50_000
CLOCK_DRIFT = timedelta(minutes=10)  # by which the time of an entry may be before that of one with a smaller serial

_FIRST_FROM = 'SELECT "serial", "at" < %s FROM "journal_entry" WHERE "serial" BETWEEN %s AND %s ORDER BY "serial" LIMIT 1'
_OF_OBJECT = """SELECT "serial", "transaction", "at", "observed_at", "source", "kind", "key", "action", "changes"
FROM "journal_entry" WHERE "kind" = %s AND "key" = %s ORDER BY "serial" DESC LIMIT %s"""
_COLUMNS = ("serial", "transaction", "at", "observed_at", "source", "kind", "key", "action", "changes")


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the journal.

    `resource` is the path of the resource that serves such objects ("" for kinds that only other objects contain), `path` that
    of the object itself below the version of the wire ("" if it has none). `changes` maps the name of each changed column or list
    to `[old, new]` in wire form; lists are lists of ids.
    """

    serial: int
    transaction: int
    at: datetime
    observed_at: datetime | None
    source: str
    kind: str
    resource: str
    id: str
    path: str
    action: str
    changes: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries; empty values filter nothing. `id` needs a `resource`. `column` is a name as in `Change.changes`."""

    resource: str = ""
    id: str = ""
    column: str = ""
    source: str = ""
    action: str = ""
    at_from: datetime | None = None
    at_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the serial after which the next page begins, and the newest serial of the journal when the page was read."""

    entries: list[Change]
    after: int
    newest: int


ALL = Filters()


def changes_after(serial: int, filters: Filters = ALL, limit: int = 100) -> Page:
    """The first `limit` entries after this serial that match, in commit order.

    Begin with 0, or with `latest_serial()` for what is still to come, and go on with the `after` of each page. At its end
    `after` equals `newest`. Raises LookupError for a resource or a column that does not exist.
    """
    rows, newest = matching(filters), latest_serial()
    end = newest
    if filters.at_from is not None:
        serial = max(serial, last_serial_before(filters.at_from - CLOCK_DRIFT, newest))
    if filters.at_before is not None:
        end = last_serial_before(filters.at_before + CLOCK_DRIFT, newest)
    until = end
    if filters != ALL and not filters.id:
        first = Entry.objects.filter(serial__gt=serial).order_by("serial").values_list("serial", flat=True).first()
        until = min(end, (first or end) + EXAMINED - 1)
    return read_page(rows, serial, until, newest if until >= end else until, newest, limit)


def read_page(rows: QuerySet[Entry], serial: int, until: int, reached: int, newest: int, limit: int) -> Page:
    """The first `limit` of these rows after a serial and up to `until`; where these are all, `reached` is where to go on."""
    found = rows.filter(serial__gt=serial, serial__lte=until).order_by("serial").values_list(*_COLUMNS)[:limit]
    entries = [_change(*row) for row in found]
    return Page(entries, max(serial, entries[-1].serial if len(entries) == limit else reached), newest)


def changes_of(kind: str, key: int | str, limit: int) -> list[Change]:
    """The last `limit` entries of one object, newest first. Pages show them, so the query is written out: it costs a fifth."""
    found = []
    for serial, number, at, seen, source, of_kind, of_key, action, changes in rows_of(_OF_OBJECT, [kind, str(key), limit]):
        at, seen, changes = time_of(at), seen and time_of(seen), json_of(changes)
        found.append(_change(serial, number, at, seen, source, of_kind, of_key, action, changes))
    return found


def changes_at(serials: Collection[int]) -> list[Change]:
    """The entries with these serials, newest first."""
    found = Entry.objects.filter(serial__in=serials).order_by("-serial").values_list(*_COLUMNS) if serials else ()
    return [_change(*row) for row in found]


def heads_before(serial: int, filters: Filters, limit: int) -> tuple[list[Head], int]:
    """The heads of the last `limit` entries before this serial that match, newest first, and the serial down to which was looked.

    That is 0 if there is no older entry at all. With filters and without an id at most EXAMINED entries are examined. Raises
    LookupError as `matching` does.
    """
    rows = matching(filters).filter(serial__lt=serial).order_by("-serial")
    down_to = 0
    if filters != ALL and not filters.id:
        down_to = max(min(serial, latest_serial() + 1) - EXAMINED, 0)
        rows = rows.filter(serial__gte=down_to)
    found = stored_values(rows[:limit], *Head._fields)
    heads = [Head(serial, number, time_of(at), *rest) for serial, number, at, *rest in found]
    if len(heads) == limit:
        return heads, heads[-1].serial
    has_older = down_to > 0 and Entry.objects.filter(serial__lt=down_to).exists()  # serials need not begin with 1
    return heads, down_to if has_older else 0


def _change(
    serial: int,
    transaction: int,
    at: datetime,
    observed_at: datetime | None,
    source: str,
    kind: str,
    key: str,
    action: str,
    changes: Mapping[str, list[Any]],
) -> Change:
    names = column_names(kind)
    if names:
        changes = {_name(column, names): change for column, change in changes.items()}
    resource = resource_of(kind)
    return Change(serial, transaction, at, observed_at, source, kind, resource, key, path_of(kind, key), action, changes)


def _name(column: str, names: Mapping[str, str]) -> str:
    """The name of a column on the wire; what was observed of it beneath an override keeps its prefix."""
    own = column.removeprefix(OBSERVED)
    return f"{OBSERVED if own != column else ''}{names.get(own, own)}"


def matching(filters: Filters) -> QuerySet[Entry]:
    """The entries that match. Raises LookupError."""
    rows = Entry.objects.all()
    if filters.resource:
        rows = rows.filter(kind=resources()[filters.resource])
    if filters.id:
        rows = rows.filter(key=filters.id)
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.at_from is not None:
        rows = rows.filter(at__gte=filters.at_from)
    if filters.at_before is not None:
        rows = rows.filter(at__lt=filters.at_before)
    if filters.column:
        columns = columns_named(filters.column)
        if not columns:
            raise LookupError(f"No object has a column {filters.column}.")
        if connection.vendor == "sqlite":  # a text without the name has no such key: a tenth of the cost of reading its JSON
            rows = rows.filter(reduce(or_, (Q(_Contains(F("changes"), Value(f'"{column}"'))) for column in sorted(columns))))
        rows = rows.filter(reduce(or_, (Q(changes__has_key=column) for column in sorted(columns))))
    return rows


class _Contains(Func):
    function = "instr"
    output_field = BooleanField()


def last_serial_before(at: datetime, newest: int) -> int:
    """The serial of the last entry before this time, 0 if there is none: found by halving, because no index has the times.
    `newest` is that of the journal.

    Where the clock was set back, that of an entry before this time after which there may be others. Some twenty short statements,
    which the query builder would make ten times as costly.
    """
    low, high = 0, newest  # entries up to `low` are before this time, those after `high` are not
    time = connection.ops.adapt_datetimefield_value(at)
    while low < high:
        middle = (low + high + 1) // 2
        found = rows_of(_FIRST_FROM, [time, middle, high])
        if not found or not found[0][1]:
            high = middle - 1
        else:
            low = found[0][0]
    return low
