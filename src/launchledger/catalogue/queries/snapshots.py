"""Reading everything that a reply needs from one moment of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import run


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
