"""Reading the journal: its newest serial, and its last entries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from launchledger.journal.models import Entry


class Head(NamedTuple):
    """An entry without its changes, which may be long."""

    serial: int
    transaction: int
    at: datetime
    source: str
    kind: str
    key: str
    action: str


class Newest(NamedTuple):
    """The newest entry that is committed: its serial, 0 when there is none, and its time as the database writes it.

    Two states of one catalogue have two serials. Entries of two catalogues may share a serial, and not the time as well.
    """

    serial: int
    at: object


NOTHING = Newest(0, None)


def newest() -> Newest:
    """The newest entry of the journal, in one query."""
    with connection.cursor() as cursor:  # for the reason below
        cursor.execute('SELECT "serial", "at" FROM "journal_entry" ORDER BY "serial" DESC LIMIT 1')
        return Newest._make(cursor.fetchone() or NOTHING)


def latest_serial() -> int:
    """The serial of the newest entry that is committed, 0 when there is none. Two states of one catalogue have different ones."""
    with (
        connection.cursor() as cursor
    ):  # every worker runs this ten times a second, and the query builder would take nine times as long
        cursor.execute('SELECT max("serial") FROM "journal_entry"')
        return int(cursor.fetchone()[0] or 0)


def latest(limit: int) -> list[Head]:
    """The heads of the newest entries, newest first. Entries of one transaction follow each other."""
    return [Head(*row) for row in Entry.objects.order_by("-serial").values_list(*Head._fields)[:limit]]


def changes_of(serials: Collection[int]) -> dict[int, dict[str, Any]]:
    """What these entries changed, by serial: each column or list with `[old, new]` in wire form."""
    return dict(Entry.objects.filter(serial__in=serials).values_list("serial", "changes"))
