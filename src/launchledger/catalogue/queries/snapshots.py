"""Reading everything that a reply needs from one snapshot of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import run


@contextmanager
def snapshot() -> Iterator[None]:
    """Run all queries inside on one snapshot, so that a reply of many queries never shows half a change.

    Inside an open transaction this does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    run(dialect().begin_snapshot)
    try:
        yield
    finally:
        run("COMMIT")
