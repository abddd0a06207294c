"""Calls counted in a small SQLite file of their own, shared by every process on this machine.

Each call that goes through is a row with a number, so the call that must leave the window first is found by its number and not
by counting: this costs the same at 15 and at 100,000 calls an hour. Rows that have left their window are deleted now and then, so
the file is as large as the calls of one window.

Promises: counts exactly, however many processes count; a file that is not ours is left as it is. The file may be deleted while
the server is stopped; only the counts are lost.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launchledger.access.counters import SECOND, CountersFail
from launchledger.conf.rates import Rate

APPLICATION = 0x4C4C6363  # "LLcc" in the file's header
PATIENCE = 2.0  # seconds to wait for another process, which locks the file for some 30 microseconds
SWEEP_EVERY, SWEEP_MOST = 100, 1000  # calls between two sweeps, and rows that one sweep deletes

_TABLES = """
    CREATE TABLE IF NOT EXISTS call (
        ident TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (ident, number)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS call_until ON call (until);
"""
_LAST = "SELECT number, at FROM call WHERE ident = ? ORDER BY number DESC LIMIT 1"
_NUMBERED = "SELECT at FROM call WHERE ident = ? AND number = ?"
_SWEEP = "DELETE FROM call WHERE (ident, number) IN (SELECT ident, number FROM call WHERE until <= ? ORDER BY until LIMIT ?)"


class CountersInFile:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._taken = 0

    def take(self, ident: str, rate: Rate, now: int) -> int:
        with self._opened() as connection:
            # A call that must wait takes no lock: calls are only ever added, so the result stays true.
            _, _, wait = _look(connection, ident, rate, now)
            return wait or self._add(connection, ident, rate, now)

    def use(self, ident: str, rate: Rate, now: int) -> tuple[int, int]:
        with self._opened() as connection:
            number, _, wait = _look(connection, ident, rate, now)
            numbers = range(max(0, number - rate.calls) + 1, number + 1)

            def time_of(call: int) -> int:
                return (connection.execute(_NUMBERED, (ident, call)).fetchone() or (0,))[0]  # a deleted row is long past

            # The times never decrease, so a binary search finds the first one inside the window.
            return len(numbers) - bisect_right(numbers, now - rate.seconds * SECOND, key=time_of), wait

    def close(self) -> None:
        with self._turn:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _add(self, connection: sqlite3.Connection, ident: str, rate: Rate, now: int) -> int:
        connection.execute("BEGIN IMMEDIATE")
        try:
            number, last, wait = _look(connection, ident, rate, now)
            if not wait:
                at = max(now, last)
                row = (ident, number + 1, at, at + rate.seconds * SECOND)
                connection.execute("INSERT INTO call (ident, number, at, until) VALUES (?, ?, ?, ?)", row)
                self._taken += 1
                if self._taken % SWEEP_EVERY == 0:
                    connection.execute(_SWEEP, (now, SWEEP_MOST))
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return wait

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            try:
                if self._connection is None or self._process != os.getpid():  # SQLite's connections do not survive a fork
                    self._connection = _open(self._file)
                    self._process = os.getpid()
                yield self._connection
            except (sqlite3.Error, OSError) as error:
                raise CountersFail(f"{self._file}: {error}") from None


def _look(connection: sqlite3.Connection, ident: str, rate: Rate, now: int) -> tuple[int, int, int]:
    """The number and time of the last call, and how long the next must wait: until the one `rate.calls` before it is past."""
    number, last = connection.execute(_LAST, (ident,)).fetchone() or (0, 0)
    before = connection.execute(_NUMBERED, (ident, number + 1 - rate.calls)).fetchone()
    return number, last, max(0, before[0] + rate.seconds * SECOND - now) if before else 0


def _open(file: Path) -> sqlite3.Connection:
    """Open the counters, or create them. Raises sqlite3.DatabaseError if the file is something else.

    Where several processes create them at once, all but one may get SQLITE_BUSY without a wait: SQLite does not wait for a change
    of the journal mode. So they retry.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return _open_at_once(file)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.002)


def _open_at_once(file: Path) -> sqlite3.Connection:
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))  # addresses of callers are private
    connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        is_new = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if not is_new and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise sqlite3.DatabaseError("contains something other than counters, and is left alone")
        # Not every commit is synced: a crash of the machine may lose the last calls, but never damages the file.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION}; {_TABLES} COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection
