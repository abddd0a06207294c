"""Following the database's file by its name, for this thread's connection. On PostgreSQL there is nothing to do."""

from __future__ import annotations

from pathlib import Path

from django.db import connections

from launchledger.database.files import Identity, is_file_name
from launchledger.database.sqlite3.base import DatabaseWrapper


def follow() -> Identity | None:
    """Make sure that the next query goes to the file that has the database's name now, and return that file.

    None where there is no such file, and for databases that are not files.
    """
    database = connections["default"]
    return database.follow() if isinstance(database, DatabaseWrapper) else None


def require_same_file() -> None:
    """Raise OperationalError where this thread's open file no longer has its name. Call it inside a transaction."""
    database = connections["default"]
    if isinstance(database, DatabaseWrapper):
        database.require_same_file()


def is_there() -> bool:
    """Whether the file of the database exists and is not empty; true for databases that are not files. Opens nothing."""
    database = connections["default"]
    name = str(database.settings_dict["NAME"])
    if database.vendor != "sqlite" or not is_file_name(name):
        return True
    try:
        return Path(name).stat().st_size > 0
    except OSError:
        return False
