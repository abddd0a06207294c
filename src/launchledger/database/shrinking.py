"""Giving the free space of SQLite's file back to the disk.

Rows that are deleted leave pages that later rows fill; the file keeps its size. Promises: readers go on meanwhile, writers wait,
and a kill at any moment leaves the file as it was. Needs as much free space on the disk as the file has content.
"""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from launchledger.database.checkpoints import checkpoint


def shrink(file: Path) -> tuple[int, int]:
    """Rewrite the database's file without free pages; returns its size in bytes before and after.

    Call it outside a transaction. Raises OperationalError where another process writes for long, or the disk is full.
    """
    before = file.stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    checkpoint()  # until then the pages are in the -wal
    return before, file.stat().st_size
