"""Reading the journal: how far it is, and what stands in its last entries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from launchledger.journal.models import Entry


class Head(NamedTuple):
    """An entry without its changes, which may be long."""

    serial: int
    at: datetime
    source: str
    kind: str
    key: str
    action: str


def latest_serial() -> int:
    """The serial of the newest entry that is committed, 0 when there is none. It tells two states of the catalogue apart."""
    with (
        connection.cursor() as cursor
    ):  # asked ten times a second by every worker: the query builder would take nine times as long
        cursor.execute('SELECT max("serial") FROM "journal_entry"')
        return int(cursor.fetchone()[0] or 0)


def latest(limit: int) -> list[Head]:
    """The heads of the newest entries, newest first. Entries of one transaction stand together and share their `at`."""
    return [Head(*row) for row in Entry.objects.order_by("-serial").values_list(*Head._fields)[:limit]]


def changes_of(serials: Collection[int]) -> dict[int, dict[str, Any]]:
    """What these entries changed, by serial: each column or list with `[old, new]` in wire form."""
    return dict(Entry.objects.filter(serial__in=serials).values_list("serial", "changes"))
