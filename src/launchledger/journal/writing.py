"""Writing to the journal, and the one lock that writers take.

Promises: writers run one after another on every database, so serials commit in the order in which they are assigned, and a
reader that has seen serial N will never see a smaller one appear. An entry and its change are in the same transaction. Numbers of
transactions grow with serials.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import InternalError, OperationalError, connection, transaction
from django.dispatch import Signal

from launchledger.database.following import require_same_file
from launchledger.journal.models import Entry

_LOCK = 0x4C61756E63684C65  # "LaunchLe", the advisory lock's name on PostgreSQL


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that excludes every other writer until it ends.

    SQLite needs no lock of ours: its transactions begin immediate (see `conf.settings`), and it has one writer at a time. Raises
    OperationalError, and writes nothing, where its file was replaced or removed since it was opened.
    """
    with transaction.atomic(), _numbered():
        require_same_file()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield
        require_same_file()


def write_if_free(work: Callable[[], int]) -> int:
    """Do work that can wait under the writers' lock, and return its result: how much it did.

    Returns 0 at once where another writer has the lock, or the database is read-only: a reader must not wait for a writer.
    """
    with without_waiting():
        try:
            with transaction.atomic():
                require_same_file()
                return work() if _takes_the_lock() else 0
        except (InternalError, OperationalError):
            return 0


def _takes_the_lock() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


@contextmanager
def without_waiting() -> Iterator[None]:
    """On SQLite, fail at once where another connection writes, instead of waiting for it."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience}")


entries_written = Signal()
"""Sent with `entries` within their transaction; an exception in a receiver rolls it back. Receivers run in the order in which
they were connected, that of INSTALLED_APPS: the texts of searches first, then the documents. None depends on another."""


def write(entries: Iterable[Entry]) -> None:
    """Add entries in the order given and send `entries_written`. Call it inside `writing()`, which makes them one transaction."""
    written = list(entries)
    if not written:
        return
    number = _number_of_transaction()
    for entry in written:
        entry.transaction = number
    Entry.objects.bulk_create(written)
    entries_written.send(Entry, entries=written)


class _Writer(threading.local):
    """The transaction of this thread: how many nested `writing()` are open, and the number of the transaction."""

    depth = 0
    number: int | None = None


_writer = _Writer()


def _number_of_transaction() -> int:
    if _writer.number is None:
        newest = Entry.objects.order_by("-serial").values_list("transaction", flat=True).first()
        _writer.number = (newest or 0) + 1
    return _writer.number


@contextmanager
def _numbered() -> Iterator[None]:
    """Give all entries written inside one number of a transaction, which the first entry assigns."""
    _writer.depth += 1
    try:
        yield
    finally:
        _writer.depth -= 1
        if not _writer.depth:
            _writer.number = None
