"""System checks of the configured database that need no connection, each with a stable id.

E001 no folder for the SQLite file, E002 not writable, E003 SQLite too old, E004 no driver for PostgreSQL, E005 no client for
Redis, E009 no key for the desk. The checks that open the database are in `database.checks`.
"""

from __future__ import annotations

import os
import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

SHORTEST_KEY = 32  # characters
OLDEST_SQLITE = (3, 35, 0)  # upserts, window functions, RETURNING
DATABASE = "launchledger_database"  # the tag of these checks


@register(DATABASE)
def check_database(**_: Any) -> list[CheckMessage]:
    """The checks as Django runs them."""
    database = settings.DATABASES["default"]
    return check_sqlite(str(database["NAME"]), read_only=settings.READ_ONLY) if database["ENGINE"].endswith("sqlite3") else []


def check_sqlite(name: str, *, read_only: bool = False) -> list[CheckMessage]:
    """Problems with the version of SQLite, or with the file and its folder."""
    problems: list[CheckMessage] = []
    if sqlite3.sqlite_version_info < OLDEST_SQLITE or not _has_json():
        found, oldest = sqlite3.sqlite_version, ".".join(map(str, OLDEST_SQLITE))
        hint = "Use a newer Python, or PostgreSQL through DATABASE_URL."
        problems.append(Error(f"SQLite {found} is too old; {oldest} with JSON is needed.", hint, id="launchledger.E003"))
    if name.startswith("file:") or ":memory:" in name:
        return problems
    file = Path(name).absolute()
    if not file.parent.is_dir():
        problems.append(Error(f"There is no folder {file.parent}.", "Create it, or change DATABASE_URL.", id="launchledger.E001"))
    elif file.is_dir():
        problems.append(Error(f"{file} is a folder.", "Name a file in DATABASE_URL.", id="launchledger.E001"))
    elif read_only:
        return problems
    elif unwritable := [str(place) for place in (file.parent, file) if place.exists() and not os.access(place, os.W_OK)]:
        hint = "SQLite also writes next to its file; give this user write permission for both, or serve with --read-only."
        problems.append(Error(f"Cannot write to {' and '.join(unwritable)}.", hint, id="launchledger.E002"))
    return problems


def missing_driver(engine: str) -> list[CheckMessage]:
    """The problem if the driver is missing. Django needs it to load the models, so this runs before the checks."""
    if engine.endswith("sqlite3") or find_spec("psycopg") or find_spec("psycopg2"):
        return []
    hint = "Install it: pip install 'launchledger[postgres]'"
    return [Error("The driver for PostgreSQL is missing.", hint, id="launchledger.E004")]


def missing_client(cache_url: str) -> list[CheckMessage]:
    """The problem if the client for Redis and Valkey is missing."""
    if not cache_url or cache_url.startswith("sqlite:") or find_spec("redis"):
        return []
    hint = "Install it: pip install 'launchledger[redis]', or count in a file: LAUNCHLEDGER_CACHE_URL=sqlite:///FILE"
    return [Error("The client for Redis is missing.", hint, id="launchledger.E005")]


def missing_key(key: str, *, curation: bool) -> list[CheckMessage]:
    """The problem if sessions at the desk cannot outlast a restart."""
    if not curation or len(key) >= SHORTEST_KEY:
        return []
    hint = f"Set LAUNCHLEDGER_SECRET_KEY to {SHORTEST_KEY} characters or more, the same in all processes."
    return [Error("LAUNCHLEDGER_CURATION is on, and needs a key.", hint, id="launchledger.E009")]


def in_one_line(problem: CheckMessage) -> str:
    """A problem as the commands print it."""
    return " ".join(filter(None, [f"{problem.id}:", str(problem.msg), problem.hint]))


def _has_json() -> bool:
    try:
        with sqlite3.connect(":memory:") as memory:
            return bool(memory.execute("SELECT value FROM json_each('[1]')").fetchone())
    except sqlite3.OperationalError:
        return False
    finally:
        memory.close()
