"""Django's backend for SQLite, whose connections know which file they have open.

SQLite keeps the file that it opened, whatever becomes of its name: after a rename or a removal it reads and writes a file that
nobody finds any more. Promises: `follow` closes a connection whose file no longer has its name, so that the next query opens the
file that has it now; `require_same_file` refuses to write into a file that lost its name; a file that this process has had open
is never made anew, so that a removed catalogue is an error and not an empty one. Costs two calls of stat(2).
"""

from __future__ import annotations

import sqlite3
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
_opened: set[str] = set()  # names of files that this process, or the one that it was forked from, has had open


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.file: Identity | None = None
        self._memory: Identity | None = None  # the file of shared memory that belongs to `file`
        self._stamp: object = None  # what shows that the file was written to, for one that SQLite takes for immutable

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
        raise OperationalError(f"{name} is replaced again and again.")

    def _open(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        return connection

    def _mode(self, name: str) -> str:
        """How SQLite is to open the file.

        To read beside a writer SQLite needs `-shm`, and makes it where it is not there. So where there is no writer, a file that
        is only read is opened as one that nobody changes, which needs nothing beside it; `follow` sees when somebody does.
        """
        if not settings.READ_ONLY:
            return "rw" if name in _opened else "rwc"
        stamp = stamp_without_writer(name)
        self._stamp = stamp
        return "ro" if stamp is None else "ro&immutable=1"

    def follow(self) -> Identity | None:
        """Make sure that the next query goes to the file that has the name now; gives which that is, None for no file.

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
        """OperationalError where the open file no longer has its name: what is written there would be lost."""
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
            f"{name} cannot be read without writing beside it ({error}): its -wal holds what the file does not have yet. Serve a "
            "copy that launchledger backup made."
        ) from error
