"""Checks that open the database. Each problem has an id that stays the same.

E006: made by a newer version. E007: damaged or not a database. E008: a PostgreSQL database whose encoding is not UTF-8. The
checks that do not open it are in `conf.checks`.
"""

from __future__ import annotations

from django.core.checks import CheckMessage, Error
from django.db import Error as DatabaseFails
from django.db import connection

from launchledger.database.failing import DAMAGED, failure
from launchledger.database.readiness import NEWER, applied_migrations, readiness, unknown_migrations

MOST = 3  # faults to list of a damaged file


def check_opened(*, whole: bool = False) -> list[CheckMessage]:
    """The problems of the database; nothing is written. `whole` reads every page of a file, which takes a second a GB.

    Raises what the database raises where it cannot be reached.
    """
    try:
        return _check_encoding() or _check_version() or (_check_pages() if whole else [])
    except DatabaseFails as error:
        if failure(error) != DAMAGED:
            raise
        return [_damaged(str(error))]


def _check_encoding() -> list[CheckMessage]:
    """A database of another encoding refuses texts of most languages (LATIN1), or stores and compares mere bytes (SQL_ASCII)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_encoding_to_char(encoding), datname FROM pg_database WHERE datname = current_database()")
        encoding, name = cursor.fetchone()
    if encoding == "UTF8":
        return []
    hint = "Create another one: createdb --encoding=UTF8 --template=template0 NAME"
    return [Error(f"The encoding of the database {name} is {encoding}; UTF8 is needed.", hint, id="launchledger.E008")]


def _check_version() -> list[CheckMessage]:
    if readiness() != NEWER:
        return []
    hint = "Run that version or a newer one, or restore a backup that was made before the upgrade."
    newest = unknown_migrations(applied_migrations())[-1]
    return [Error(f"The database was made by a newer version (it has {newest}).", hint, id="launchledger.E006")]


def _check_pages() -> list[CheckMessage]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA quick_check({MOST})")
        found = [str(row[0]) for row in cursor.fetchall()]
    return [] if found == ["ok"] else [_damaged("; ".join(found))]


def _damaged(why: str) -> CheckMessage:
    name, reason = connection.settings_dict["NAME"], " ".join(why.split())
    hint = "Restore a backup: launchledger restore FILE"
    return Error(f"{name} is damaged, or not a database: {reason}.", hint, id="launchledger.E007")
