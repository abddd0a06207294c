"""Where the counters are: the URL that the settings name, else a file that every worker on this machine finds."""

from __future__ import annotations

import os
import stat
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from launchledger.access.counters import Counters, CountersFail

FILE = "sqlite:///"


def counters() -> Counters:
    """The counters of this server. CountersFail if there can be none."""
    if settings.COUNTERS_URL:
        return counters_at(settings.COUNTERS_URL)
    database = settings.DATABASES["default"]
    engine, host, port, name = (str(database.get(part, "")) for part in ("ENGINE", "HOST", "PORT", "NAME"))
    return counters_at(default_place(engine, host, port, name, beside=not settings.READ_ONLY))


@cache
def counters_at(url: str) -> Counters:
    """The counters at this URL, opened when they are first used."""
    if url.startswith(FILE):
        from launchledger.access.counters_in_file import CountersInFile

        return CountersInFile(Path(url.removeprefix(FILE)))
    from launchledger.access.counters_in_redis import CountersInRedis

    return CountersInRedis(url)


@cache
def default_place(engine: str, host: str, port: str, name: str, *, beside: bool = True) -> str:
    """Beside a catalogue on SQLite, in a file of its own so that counting waits for no writer of the catalogue.

    For other databases, and where nothing may be written `beside` the catalogue, in this user's own folder among the temporary
    files, one file for each database.
    """
    if beside and engine.endswith("sqlite3") and ":memory:" not in name and not name.startswith("file:"):
        file = Path(name).absolute()
        return f"{FILE}{file.with_name(f'{file.stem}-counters{file.suffix}')}"
    which = sha256(f"{host}\n{port}\n{name}".encode()).hexdigest()[:16]
    return f"{FILE}{_own_folder()}/counters-{which}.sqlite3"


def _own_folder() -> Path:
    """A folder that nobody else may enter, or could have put there before us."""
    user = os.getuid() if hasattr(os, "getuid") else ""  # elsewhere temporary files are each user's own
    folder = Path(tempfile.gettempdir()) / f"launchledger-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise CountersFail(f"{folder}: {error.strerror}") from None
    if not stat.S_ISDIR(found.st_mode) or (user != "" and (found.st_uid != user or found.st_mode & 0o077)):
        raise CountersFail(f"{folder} is open to others; remove it, or set LAUNCHLEDGER_CACHE_URL")
    return folder
