"""Calls counted in a small SQLite file of their own, shared by every process on this machine.

Each call that goes through is a row with its number, so the call that the next one must outlast is found by its number and not by
counting: a count costs the same at 15 and at 100,000 calls an hour. Rows that have left their window are swept now and then, so
the file is as large as the calls of one window.

Promises: counts exactly, whoever counts beside it; a file that is not ours is left as it is. The file may be deleted while the
server is stopped; only the counts are lost.
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
PATIENCE = 2.0  # seconds to wait for another process; it holds the file for some thirty millionths of one
SWEEP_EVERY, SWEEP_MOST = 100, 1000  # calls between two sweeps, and rows that one sweep takes

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
            # Who must wait is told so without holding anyone up: calls are only ever added, so no later answer is another.
            _, _, wait = _look(connection, ident, rate, now)
            return wait or self._add(connection, ident, rate, now)

    def use(self, ident: str, rate: Rate, now: int) -> tuple[int, int]:
        with self._opened() as connection:
            number, _, wait = _look(connection, ident, rate, now)
            numbers = range(max(0, number - rate.calls) + 1, number + 1)

            def moment(of: int) -> int:
                return (connection.execute(_NUMBERED, (ident, of)).fetchone() or (0,))[0]  # a row swept away is long past

            # The moments never fall, so the first one inside the window is found by halving.
            return len(numbers) - bisect_right(numbers, now - rate.seconds * SECOND, key=moment), wait

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
    """The number and moment of the last call, and how long the next must wait: until the one `rate.calls` before it is past."""
    number, last = connection.execute(_LAST, (ident,)).fetchone() or (0, 0)
    before = connection.execute(_NUMBERED, (ident, number + 1 - rate.calls)).fetchone()
    return number, last, max(0, before[0] + rate.seconds * SECOND - now) if before else 0


def _open(file: Path) -> sqlite3.Connection:
    """Open the counters, and make them if there are none. sqlite3.DatabaseError if the file is anything else.

    Of several processes that make them at once all but one may be told that the file is busy, and not be let wait: SQLite changes
    the form of a journal at once or not at all.
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
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))  # who called from where is nobody else's business
    connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        is_new = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if not is_new and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise sqlite3.DatabaseError("holds something else than counters, and is left alone")
        # Written to disk now and then only: a crash of the machine may lose the last calls, and never spoils the file.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION}; {_TABLES} COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection
