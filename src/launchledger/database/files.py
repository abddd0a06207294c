"""The files of a database on SQLite, told apart by device and inode.

A database in WAL mode has two files beside it: `-wal` holds what was committed and is not in the database's own file yet, `-shm`
is memory that all processes share. Both are found by name, so they must go when another database takes that name: its pages would
be mixed with those in the old `-wal`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.dispatch import Signal

WAL, SHARED_MEMORY = "-wal", "-shm"

another_file = Signal()  # sent when a connection finds that another file has the name: what was remembered of it is worthless


class Identity(NamedTuple):
    """What a file is, under whatever name."""

    device: int
    inode: int


def identity(name: str) -> Identity | None:
    """Which file has this name; None where there is none, or it cannot be reached."""
    try:
        found = os.stat(name)  # noqa: PTH116 - asked ten times a second by every worker: a Path takes twice as long
    except OSError:
        return None
    return Identity(found.st_dev, found.st_ino)


def is_file_name(name: str) -> bool:
    """Whether SQLite keeps a database of this name in a file that we may name: not in memory, and not by a URI of its own."""
    return not (name == "" or name.startswith("file:") or ":memory:" in name)


def uri(name: str, mode: str) -> str:
    """The name as SQLite's URI: mode `ro` reads, `rw` reads and writes, `rwc` makes the file if it is not there."""
    return f"{Path(name).absolute().as_uri()}?mode={mode}"


def stamp_without_writer(name: str) -> tuple[int, int] | None:
    """What differs after each change of a file that nobody writes to now; None where somebody may, or `-wal` holds something."""
    try:
        found = os.stat(name)  # noqa: PTH116 - as above
        if Path(name + SHARED_MEMORY).exists() or (Path(name + WAL).exists() and Path(name + WAL).stat().st_size):
            return None
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def remove_journal(name: str, memory: Identity | None) -> bool:
    """Remove `-wal` and `-shm` if they still are those of the file that had this name before.

    `memory` is the `-shm` of that file. True if they were removed.
    """
    if memory is None or identity(name + SHARED_MEMORY) != memory:
        return False
    for end in (WAL, SHARED_MEMORY):
        with suppress(OSError):
            Path(name + end).unlink()
    return True
