"""Where the counters are: at the URL in the settings, else in a file that every worker on this machine finds."""

from __future__ import annotations

import errno
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from launchledger.access.counters import Counters, CountersFail
from launchledger.conf.folders import own_folder

FILE = "sqlite:///"


def counters() -> Counters:
    """The counters of this server. Raises CountersFail if there can be none."""
    if settings.COUNTERS_URL:
        return counters_at(settings.COUNTERS_URL)
    database = settings.DATABASES["default"]
    engine, host, port, name = (str(database.get(part, "")) for part in ("ENGINE", "HOST", "PORT", "NAME"))
    return counters_at(default_url(engine, host, port, name, next_to_database=not settings.READ_ONLY))


@cache
def counters_at(url: str) -> Counters:
    """The counters at this URL, opened at the first use."""
    if url.startswith(FILE):
        from launchledger.access.counters_in_file import CountersInFile

        return CountersInFile(Path(url.removeprefix(FILE)))
    from launchledger.access.counters_in_redis import CountersInRedis

    return CountersInRedis(url)


@cache
def default_url(engine: str, host: str, port: str, name: str, *, next_to_database: bool = True) -> str:
    """The URL of the counters of this database: a file next to a catalogue on SQLite, so that counting waits for no writer.

    For other databases, and without `next_to_database`, a file for each database in this user's own folder for temporary files.
    """
    if next_to_database and engine.endswith("sqlite3") and ":memory:" not in name and not name.startswith("file:"):
        file = Path(name).absolute()
        return f"{FILE}{file.with_name(f'{file.stem}-counters{file.suffix}')}"
    digest = sha256(f"{host}\n{port}\n{name}".encode()).hexdigest()[:16]
    return f"{FILE}{_folder()}/counters-{digest}.sqlite3"


def _folder() -> Path:
    """This user's own folder for temporary files. Raises CountersFail where there is none."""
    try:
        return own_folder()
    except OSError as error:
        hint = "; remove it, or set LAUNCHLEDGER_CACHE_URL" if error.errno == errno.EPERM else ""
        raise CountersFail(f"{error.filename} {error.strerror}{hint}") from None
