"""The files of a database on SQLite, identified by device and inode.

A database in WAL mode has two more files: `-wal` holds commits that are not in the database's own file yet, `-shm` is memory that
all processes share. Both are found by name, so they must be removed when another database takes that name: SQLite would mix its
pages with those in the old `-wal`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.dispatch import Signal

WAL, SHARED_MEMORY = "-wal", "-shm"

another_file = Signal()  # sent when a connection finds that another file has the name: caches of the former one are invalid


class Identity(NamedTuple):
    """A file, whatever its name."""

    device: int
    inode: int


def identity(name: str) -> Identity | None:
    """The file that has this name; None where there is none, or it cannot be reached."""
    try:
        found = os.stat(name)  # noqa: PTH116 - called ten times a second by every worker: a Path takes twice as long
    except OSError:
        return None
    return Identity(found.st_dev, found.st_ino)


def is_file_name(name: str) -> bool:
    """Whether SQLite stores a database of this name in a file of that name: not in memory, and not by a URI."""
    return not (name == "" or name.startswith("file:") or ":memory:" in name)


def uri(name: str, mode: str) -> str:
    """The name as SQLite's URI: mode `ro` reads, `rw` reads and writes, `rwc` creates the file if it does not exist."""
    return f"{Path(name).absolute().as_uri()}?mode={mode}"


def stamp_without_writer(name: str) -> tuple[int, int] | None:
    """A stamp that differs after each change of the file; None where a writer may have it open, or `-wal` is not empty."""
    try:
        found = os.stat(name)  # noqa: PTH116 - as above
        if Path(name + SHARED_MEMORY).exists() or (Path(name + WAL).exists() and Path(name + WAL).stat().st_size):
            return None
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def remove_journal(name: str, memory: Identity | None) -> bool:
    """Remove `-wal` and `-shm` if they still belong to the file that had this name before; true if they were removed.

    `memory` is the `-shm` of that file.
    """
    if memory is None or identity(name + SHARED_MEMORY) != memory:
        return False
    for end in (WAL, SHARED_MEMORY):
        with suppress(OSError):
            Path(name + end).unlink()
    return True
