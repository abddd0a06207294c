"""The database that a URL names, as Django's settings describe it."""

from __future__ import annotations

from typing import Any

import dj_database_url

# A host that no longer answers is given up after some ten seconds, not after the two minutes, or hours, of the system.
# The URL may set other values: postgres://…/NAME?connect_timeout=20
_POSTGRES_TIMEOUTS = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds until sent data must be acknowledged
    "keepalives_idle": 10,  # seconds of silence before the first probe
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
# All workers read pages of the file from the system's cache, without a copy in each: of the first 2 GB, the most that SQLite
# maps.
_SQLITE_MEMORY = "PRAGMA cache_size=-4000; PRAGMA mmap_size=2147418112;"


def database(url: str, *, read_only: bool) -> dict[str, Any]:
    """The database of this URL. SQLite waits for its writer instead of failing, and readers continue meanwhile.

    With `read_only` the database itself refuses to write.
    """
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["ENGINE"] = "launchledger.database.sqlite3"
        found["OPTIONS"] = {
            "timeout": 30,  # seconds that a writer waits for another
            "transaction_mode": "DEFERRED" if read_only else "IMMEDIATE",
            "init_command": f"PRAGMA query_only=ON; {_SQLITE_MEMORY}"
            if read_only
            else f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_SQLITE_MEMORY}",
        }
        return found
    options = {**_POSTGRES_TIMEOUTS, **found.get("OPTIONS", {})}
    if read_only:
        options["options"] = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    found["OPTIONS"] = options
    return found
