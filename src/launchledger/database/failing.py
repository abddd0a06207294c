"""Classifying errors of the database: the database cannot be used now, or the statement was wrong.

Promises: the result follows from the database's error codes, never from the words of a message. A statement that was stopped
because it took too long is neither (`catalogue.queries.limits`).
"""

from __future__ import annotations

import sqlite3

from django.db import Error, InterfaceError, InternalError, OperationalError

DAMAGED = "the database is damaged"
AWAY = "the database does not answer"

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_AWAY = {
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_AUTH,
}  # fmt: skip
_CANCELED = "57014"
_TOO_COMPLEX = "54"  # a class of codes: the statement is at fault


def failure(error: BaseException) -> str:
    """AWAY or DAMAGED; "" for every error that has another cause."""
    if not isinstance(error, Error):
        return ""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return DAMAGED if code in _DAMAGED else AWAY if code in _AWAY else ""
    state = str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")
    if isinstance(error, InternalError):
        return DAMAGED if state.startswith("XX") else ""
    if isinstance(error, OperationalError | InterfaceError) and state != _CANCELED and not state.startswith(_TOO_COMPLEX):
        return AWAY
    return ""
