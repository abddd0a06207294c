"""Writing to the journal, and the one lock that writers take.

Promises: writers come one after another on every database, so serials commit in the order in which they are given out, and a
reader who has seen serial N will never see a smaller one appear. An entry and what it tells of are in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from launchledger.journal.models import Entry

_LOCK = 0x4C61756E63684C65  # "LaunchLe", the advisory lock's name on PostgreSQL


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that excludes every other writer until it ends.

    SQLite gives this by itself: its transactions begin immediate (see `conf.settings`), and it has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def write(entries: Iterable[Entry]) -> None:
    """Add entries in the order given. Call it inside `writing()`."""
    Entry.objects.bulk_create(entries)
