"""How long one statement of a request may take.

Promises: within `limited`, a statement that takes longer is stopped by the database itself, its connection stays usable, and
`was_stopped` tells what it raises from any other error. Commands, the refresher and the thread that stores documents are not
within it, and take as long as they need, although a process may have their connections beside those of requests.

SQLite counts the CPU time of the thread, so that other work on the machine stops nobody; PostgreSQL counts time. SQLite looks at
the clock each STEPS steps of its machine, and a statement of fewer steps has no limit and needs none.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from time import thread_time
from typing import Any

from django.db import Error, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

STEPS = 4_000  # of SQLite's machine; some tenths of a millisecond
_CANCELED = "57014"  # PostgreSQL's code for a statement that was stopped


class _Here(threading.local):
    """What this thread is at: `statement` is counted up by each, `seen` and `began` are those of the last look at the clock."""

    limit = 0.0  # seconds; 0 for none
    statement = 0
    seen = -1
    began = 0.0
    # What keeps to a limit: the database, its connection at that time, and the limit.
    database: BaseDatabaseWrapper | None = None
    connection: Any = None
    armed = 0.0


_here = _Here()


class limited:  # noqa: N801 - used as a function, and half as dear as one that `contextmanager` makes
    """Stop each statement inside that takes longer than so many seconds; with 0 none."""

    __slots__ = ("_former", "_seconds")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        here = _here
        self._former = here.limit
        here.limit = self._seconds
        here.statement += 1
        if self._seconds and (
            here.database is None or here.database.connection is not here.connection or here.armed != here.limit
        ):
            with suppress(Error):  # where the connection is gone, the statement that comes says so, or connects anew
                _arm(connections["default"])

    def __exit__(self, *_: object) -> None:
        _here.limit = self._former


def begin_statement() -> None:
    """Say that another statement begins, which has its time for itself."""
    _here.statement += 1


def was_stopped(error: BaseException) -> bool:
    """Whether this is what the database raises for a statement that was stopped before its end."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_INTERRUPT" or _code(error) == _CANCELED


def _code(error: BaseException) -> str:
    """PostgreSQL's code of an error, as either version of its driver has it."""
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")


def _arm(database: BaseDatabaseWrapper) -> None:
    """Have a connection keep to the limit, if it is open. One that is opened later comes here by itself."""
    if database.connection is None:
        return
    if database.vendor == "sqlite":
        database.connection.set_progress_handler(_is_over, STEPS)
    else:
        with database.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(max(1, round(_here.limit * 1000)))])
        if database.in_atomic_block:  # what ends undone takes the setting with it
            return
    _here.database, _here.connection, _here.armed = database, database.connection, _here.limit


def _arm_new(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _here.limit and connection.alias == "default":
        _arm(connection)


connection_created.connect(_arm_new)


def _is_over() -> int:
    """What SQLite asks now and then: 1 stops the statement."""
    if not _here.limit:
        return 0
    now = thread_time()
    if _here.seen != _here.statement:
        _here.seen = _here.statement
        _here.began = now
    return int(now - _here.began > _here.limit)
