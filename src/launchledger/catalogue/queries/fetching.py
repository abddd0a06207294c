"""Running plans: rows by owner, and everything a reply needs read from one moment of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.plan import Select
from launchledger.catalogue.queries.statements import Row, rows_of, run


def fetch_rows(select: Select, keys: Collection[int | str]) -> list[Row]:
    """The rows of one SELECT for these owners, lists in their order. No query where there is no owner."""
    if not keys:
        return []
    return rows_of(select.sql, [dialect().keys(keys)])


@contextmanager
def snapshot() -> Iterator[None]:
    """Read all that follows as of one moment, so that a reply of many queries never shows half a change.

    Inside a transaction that is already open, that one serves.
    """
    if connection.in_atomic_block:
        yield
        return
    run(dialect().begin_snapshot)
    try:
        yield
    finally:
        run("COMMIT")
