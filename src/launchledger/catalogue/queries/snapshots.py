"""Reading everything that a reply needs from one snapshot of the catalogue."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import run


class _Here(threading.local):
    """Whether this thread, and so its connection, has a snapshot open."""

    is_open = False


_here = _Here()


@contextmanager
def snapshot() -> Iterator[None]:
    """Run all queries inside on one snapshot, so that a reply of many queries never shows half a change.

    Inside an open transaction, or another snapshot, this does nothing.
    """
    if connection.in_atomic_block or _here.is_open:
        yield
        return
    run(dialect().begin_snapshot)
    _here.is_open = True
    try:
        yield
    finally:
        _here.is_open = False
        run("COMMIT")
