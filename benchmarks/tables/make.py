"""`python -m benchmarks.tables.make SCALE SEED NOW`: create the tables in the empty database of DATABASE_URL, and fill them."""

from __future__ import annotations

import sys
from datetime import datetime

import django


def main(scale: float, seed: int, now: datetime) -> None:
    django.setup()
    from django.db import connection

    from benchmarks.tables.filling import fill
    from launchledger.catalogue.actions import rebuild_texts
    from launchledger.database.tables import upgrade_tables

    upgrade_tables()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # an incomplete file is deleted
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA journal_mode=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
        fill(scale, seed, now)
        rebuild_texts()
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # which the server would do by itself, a minute later
        else:
            cursor.execute("PRAGMA journal_mode=WAL")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
