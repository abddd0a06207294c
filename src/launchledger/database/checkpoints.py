"""Checkpoints: moving the contents of `-wal` into the file of the database, so that the file alone is the whole catalogue.

SQLite does so when the last connection closes, but not where a process was killed or another one still reads. Promises: never
raises, waits no longer than `patience`, and disturbs neither readers nor writers.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, suppress

from django.conf import settings
from django.db import connections

from launchledger.database.files import SHARED_MEMORY, WAL, Identity, identity, is_file_name, remove_journal, uri

PATIENCE = 3.0  # seconds that the end of a command waits for readers
PERIOD = 0.25  # seconds between two checks of the files
QUIET = 8  # checks without a change of `-wal` before a checkpoint


def checkpoint(patience: float = PATIENCE) -> bool:
    """Move `-wal` into the file, waiting at most `patience` seconds for readers; true if that was done or not needed."""
    name = _file()
    if not name or identity(name + WAL) is None:
        return True
    try:
        with closing(sqlite3.connect(uri(name, "rw"), timeout=patience, uri=True)) as connection:
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False


def _file() -> str:
    """The name of the database's file, "" where the database is not a file or is read-only."""
    database = connections["default"]
    name = str(database.settings_dict["NAME"])
    return name if database.vendor == "sqlite" and is_file_name(name) and not settings.READ_ONLY else ""


class FileWatcher:
    """Watches the files of the database in a thread of its own while a server runs: `with FileWatcher(): serve()`.

    Checkpoints a `-wal` that did not change for two seconds, and removes the `-wal` and `-shm` of a file that was replaced or
    removed, before another file gets its name. A fork waits for the end of a check.
    """

    def __init__(self, period: float = PERIOD) -> None:
        self._period = period
        self._name = _file()
        self._file: Identity | None = None
        self._memory: Identity | None = None
        self._wal = (0, 0)  # size and time of the last check
        self._unchanged = 0  # checks since it changed
        self._stopping = threading.Event()
        self._checking = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="file watcher", daemon=True)

    def __enter__(self) -> FileWatcher:
        os.register_at_fork(
            before=self._checking.acquire, after_in_parent=self._checking.release, after_in_child=self._checking.release
        )
        if self._name:
            self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stopping.set()
        if self._name:
            self._thread.join()

    def check(self) -> None:
        """Check the files once."""
        with self._checking:
            file = identity(self._name)
            if file != self._file and self._file is not None:
                remove_journal(self._name, self._memory)
            self._file, self._memory = file, identity(self._name + SHARED_MEMORY)
            wal = (0, 0)
            with suppress(OSError):
                found = os.stat(self._name + WAL)  # noqa: PTH116 - as in `files`
                wal = (found.st_size, found.st_mtime_ns)
            self._unchanged = self._unchanged + 1 if wal == self._wal else 0
            self._wal = wal
            if self._unchanged == QUIET and wal[0] and file is not None:
                checkpoint(0)

    def _run(self) -> None:
        while not self._stopping.wait(self._period):
            self.check()
