"""Django's backend for SQLite, whose connections know which file they have open.

SQLite keeps a file open whatever becomes of its name: after a rename or a removal it reads and writes a file that no other
process can find. Promises: `follow` closes a connection whose file no longer has its name, so that the next query opens the file
that has it now; `require_same_file` refuses to write into a file that lost its name; a file that this process once had open is
never created again, so that a removed catalogue is an error and not an empty one. Costs two calls of stat(2).
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.sqlite3 import base

from launchledger.database.files import (
    SHARED_MEMORY,
    Identity,
    another_file,
    identity,
    is_file_name,
    remove_journal,
    stamp_without_writer,
    uri,
)

_TRIES = 10
_PATIENCE, _PAUSE = 10.0, 0.02  # seconds
_opened: set[str] = set()  # names of files that this process, or the one that it was forked from, has had open


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.file: Identity | None = None
        self._memory: Identity | None = None  # the file of shared memory that belongs to `file`
        self._stamp: object = None  # changes when the file is written to, for one that is opened as immutable

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        name = str(conn_params["database"])
        self.file = self._memory = self._stamp = None
        if not is_file_name(name):
            return self._open(conn_params)
        for _ in range(_TRIES):
            before = identity(name)
            mode = self._mode(name)
            connection = self._open({**conn_params, "database": uri(name, mode)})
            if mode == "ro":
                _try_to_read(connection, name)
            self.file = identity(name)
            if self.file is not None and before in (
                None,
                self.file,
            ):  # else it was replaced while it was opened, and which of the two is open is unknown
                _opened.add(name)
                return connection
            connection.close()
        raise OperationalError(f"{name} was replaced {_TRIES} times while it was opened.")

    def _open(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open a file, and set it up. Of processes that open a new file at once, one gives it a write-ahead log; SQLite refuses
        that to the others without waiting (sqlite.org/wal.html, "Sometimes queries return SQLITE_BUSY"), so they wait here."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                connection: sqlite3.Connection = super().get_new_connection(conn_params)
                return connection
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                    raise
                time.sleep(_PAUSE)

    def _mode(self, name: str) -> str:
        """The mode in which SQLite opens the file.

        To read while another process writes SQLite needs `-shm`, and creates it if it is missing. So a read-only server opens a
        file without a writer as immutable, which needs no other file; `follow` notices when a writer comes.
        """
        if not settings.READ_ONLY:
            return "rw" if name in _opened else "rwc"
        stamp = stamp_without_writer(name)
        self._stamp = stamp
        return "ro" if stamp is None else "ro&immutable=1"

    def follow(self) -> Identity | None:
        """Make sure that the next query goes to the file that has the name now; returns that file, None if there is none.

        Inside a transaction the connection is left as it is.
        """
        name = str(self.settings_dict["NAME"])
        if not is_file_name(name):
            return None
        now = identity(name)
        if self.connection is not None and not self.in_atomic_block and not self._is_same(name, now):
            if not settings.READ_ONLY:
                remove_journal(name, self._memory)
            self.close()
            another_file.send(type(self))
        return now

    def require_same_file(self) -> None:
        """Raise OperationalError where the open file no longer has its name: writes to it would be lost."""
        name = str(self.settings_dict["NAME"])
        if self.file is not None and not self._is_same(name, identity(name)):
            raise OperationalError(f"{name} was replaced or removed while it was open; nothing was written to it since.")

    def close_if_unusable_or_obsolete(self) -> None:
        """Django calls this before and after each request."""
        self.follow()
        super().close_if_unusable_or_obsolete()

    def _is_same(self, name: str, now: Identity | None) -> bool:
        if now is None or now != self.file:
            return False
        if self._stamp is not None:
            return stamp_without_writer(name) == self._stamp
        memory = identity(name + SHARED_MEMORY)
        if self._memory is None:
            self._memory = memory
        return memory == self._memory


def _try_to_read(connection: sqlite3.Connection, name: str) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        raise OperationalError(
            f"{name} cannot be read without creating files next to it ({error}): its -wal has commits that the file lacks. "
            "Serve a copy written by launchledger backup."
        ) from error
