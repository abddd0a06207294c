"""Backups of a database on SQLite: written and restored while it is served and written to.

Promises: a backup is one snapshot of the catalogue, whole, checked and in one file; it has its name only when it is complete and
on the disk. Restoring is one transaction of SQLite, so others see the former catalogue and then the restored one; where the
former file is too damaged for that, it is replaced under its name. A process that is killed leaves the former catalogue or the
restored one. Refuses files that are not a catalogue, are damaged, or are of a newer version.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.db import connections

from launchledger.database.files import SHARED_MEMORY, WAL, is_file_name, uri
from launchledger.database.readiness import NEWER, unknown_migrations

PAGES = 1_000  # to copy between two reports of progress: 4 MB
PATIENCE = 30.0  # seconds that a writer waits for another

Progress = Callable[[int, int], None]  # pages copied, and pages in all


class Refused(Exception):
    """A backup cannot be written or restored; the text says why and what to do."""


def database_file() -> Path | None:
    """The absolute path of the database's file; None where the database is not a file."""
    database = connections["default"]
    name = str(database.settings_dict["NAME"])
    return Path(name).absolute() if database.vendor == "sqlite" and is_file_name(name) else None


def back_up(file: Path, target: Path, *, replace: bool = False, progress: Progress = lambda done, total: None) -> int:
    """Copy the catalogue in `file`, as it is now, to `target`; returns the size of the backup in bytes."""
    if not file.is_file():
        raise Refused(f"There is no catalogue at {file}.")
    if target.is_dir():
        raise Refused(f"{target} is a folder; name a file.")
    if target.exists() and target.samefile(file):
        raise Refused(f"{target} is the catalogue itself.")
    if target.exists() and not replace:
        raise Refused(f"{target} exists; choose another name, or replace it with --force.")
    with _temporary_file(target) as part:
        try:
            _copy(file, part, progress)
        except sqlite3.Error as error:
            raise Refused(f"{file} cannot be copied: {error}.") from None
        _check_catalogue(part)
        size = part.stat().st_size
        if replace:
            part.replace(target)
        else:
            _name_without_replacing(part, target)
        _sync(target.parent)
    return size


def restore(
    source: Path, file: Path, now: datetime, *, keep: bool = True, progress: Progress = lambda done, total: None
) -> Path | None:
    """Restore the backup `source` into `file`. With `keep` the former catalogue stays in a file next to it; returns its path, or
    None where there was none."""
    if not source.is_file():
        raise Refused(f"{source} does not exist or is not a file.")
    if file.exists() and source.samefile(file):
        raise Refused(f"{source} is the catalogue itself.")
    _check_catalogue(source)
    if not file.exists():
        _replace_file(source, file, None, progress)
        return None
    former = file.with_name(f"{file.stem}-before-{now:%Y%m%dT%H%M%SZ}{file.suffix}") if keep else None
    try:
        if former is not None:
            back_up(file, former)
        _write_over(source, file, progress)
    except (Refused, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError):  # it is sound, and another process writes, or the disk is full
            raise Refused(f"{file} cannot be written: {error}.") from None
        _replace_file(source, file, former, progress)
    return former


def _copy(file: Path, target: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(uri(str(file), "ro"), uri=True, timeout=PATIENCE, isolation_level=None)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # fixes the snapshot that is copied
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy, pages=PAGES, progress=lambda _, rest, total: progress(total - rest, total))
            copy.execute("PRAGMA journal_mode = DELETE")  # in one file, without a -wal
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def _write_over(source: Path, file: Path, progress: Progress) -> None:
    """Write all pages of the backup into the file, in one transaction, while others may have it open."""
    with (
        closing(sqlite3.connect(uri(str(source), "ro"), uri=True, isolation_level=None)) as backup,
        closing(sqlite3.connect(uri(str(file), "rw"), uri=True, timeout=PATIENCE, isolation_level=None)) as catalogue,
    ):
        catalogue.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        backup.backup(catalogue, pages=PAGES, progress=lambda _, rest, total: progress(total - rest, total))
        catalogue.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _replace_file(source: Path, file: Path, former: Path | None, progress: Progress) -> None:
    """Give the file's name to a copy of the backup, and the name `former` to the file that had it."""
    with _temporary_file(file) as part:
        _copy(source, part, progress)
        for end in (WAL, SHARED_MEMORY):  # they belong to the former file
            journal = Path(f"{file}{end}")
            with suppress(FileNotFoundError):
                journal.unlink() if former is None else journal.rename(f"{former}{end}")
        if former is not None:
            os.link(file, former)
        part.replace(file)
        _sync(file.parent)


def _check_catalogue(file: Path) -> None:
    """Raise Refused unless this is a whole catalogue of this version or an older one."""
    try:
        with closing(sqlite3.connect(uri(str(file), "ro"), uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    except sqlite3.Error as error:
        raise Refused(f"{file} is damaged, or not a catalogue of Launchledger: {error}.") from None
    if found != "ok":
        raise Refused(f"{file} is damaged: {' '.join(str(found).split())}.")
    if not any(app == "catalogue" for app, _ in applied):
        raise Refused(f"{file} is not a catalogue of Launchledger.")
    if unknown := unknown_migrations(applied):
        raise Refused(f"{file}: {NEWER} (it has {unknown[-1]}); use that version, or a newer one.")


@contextmanager
def _temporary_file(target: Path) -> Iterator[Path]:
    """A new empty file for this user alone in the folder of the target, deleted afterwards unless it was renamed."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Refused(f"Cannot write to {target.parent}: {error.strerror}.") from None
    try:
        yield part
    finally:
        for end in ("", "-journal", WAL, SHARED_MEMORY):
            Path(f"{part}{end}").unlink(missing_ok=True)


def _name_without_replacing(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        raise Refused(f"{target} exists; choose another name, or replace it with --force.") from None
    except OSError:  # a file system without links
        part.replace(target)


def _sync(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
