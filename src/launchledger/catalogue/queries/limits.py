"""How long one statement of a request may take.

Promises: within `limited`, a statement that takes longer is stopped by the database itself, its connection stays usable, and
`was_stopped` recognizes the error that it raises. Commands, the refresher and the thread that stores documents run outside of it
and without a limit, although a process may have their connections as well as those of requests.

SQLite's limit is CPU time of the thread, so that other work on the machine stops no statement; PostgreSQL's is elapsed time.
SQLite checks the clock every STEPS steps of its virtual machine, and a statement of fewer steps has no limit and needs none.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from time import thread_time
from typing import Any

from django.db import Error, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

STEPS = 4_000  # of SQLite's virtual machine; some tenths of a millisecond
_CANCELED = "57014"  # PostgreSQL's code for a statement that was stopped


class _Here(threading.local):
    """The state of this thread: `statement` counts statements; `seen` and `began` are the one last checked, and its begin."""

    limit = 0.0  # seconds; 0 for none
    statement = 0
    seen = -1
    began = 0.0
    # The database that has a limit set, its connection at that time, and the limit.
    database: BaseDatabaseWrapper | None = None
    connection: Any = None
    armed = 0.0


_here = _Here()


class limited:  # noqa: N801 - used as a function, at half the cost of one that `contextmanager` makes
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
            with suppress(Error):  # a lost connection is for the next statement to report, or to reopen
                _arm(connections["default"])

    def __exit__(self, *_: object) -> None:
        _here.limit = self._former


def begin_statement() -> None:
    """Start the time of the next statement."""
    _here.statement += 1


def was_stopped(error: BaseException) -> bool:
    """Whether this is the error that the database raises for a statement that it stopped."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_INTERRUPT" or _code(error) == _CANCELED


def _code(error: BaseException) -> str:
    """PostgreSQL's code of an error, in either version of its driver."""
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")


def _arm(database: BaseDatabaseWrapper) -> None:
    """Set the limit on a connection, if it is open. One that is opened later comes here through a signal."""
    if database.connection is None:
        return
    if database.vendor == "sqlite":
        database.connection.set_progress_handler(_is_over, STEPS)
    else:
        with database.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(max(1, round(_here.limit * 1000)))])
        if database.in_atomic_block:  # a rollback would undo the setting
            return
    _here.database, _here.connection, _here.armed = database, database.connection, _here.limit


def _arm_new(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _here.limit and connection.alias == "default":
        _arm(connection)


connection_created.connect(_arm_new)


def _is_over() -> int:
    """SQLite's progress handler: 1 stops the statement."""
    if not _here.limit:
        return 0
    now = thread_time()
    if _here.seen != _here.statement:
        _here.seen = _here.statement
        _here.began = now
    return int(now - _here.began > _here.limit)
