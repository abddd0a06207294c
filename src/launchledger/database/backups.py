"""Backups of a database on SQLite: made and brought back while it is served and written to.

Promises: a backup is one moment of the catalogue, whole, checked and in one file; it has its name only when it is complete and on
the disk. Restoring is one transaction of SQLite, so others see the former catalogue and then the restored one; where
the former file is too damaged for that, it is replaced under its name. Whatever ends the process leaves the former catalogue
or the restored one. Refuses files that are no catalogue, are damaged, or are of a newer version.
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

PAGES = 1_000  # that are copied between two signs of progress: 4 MB
PATIENCE = 30.0  # seconds that a writer waits for another

Progress = Callable[[int, int], None]  # pages copied, and pages in all


class Refused(Exception):
    """A backup cannot be made or brought back; the text says why and what to do."""


def database_file() -> Path | None:
    """The file of the database, absolute; None where it is none."""
    database = connections["default"]
    name = str(database.settings_dict["NAME"])
    return Path(name).absolute() if database.vendor == "sqlite" and is_file_name(name) else None


def back_up(file: Path, target: Path, *, replace: bool = False, progress: Progress = lambda done, total: None) -> int:
    """Copy the catalogue in `file`, as it is now, to `target`; gives the size of the backup in bytes."""
    if not file.is_file():
        raise Refused(f"There is no catalogue at {file}.")
    if target.is_dir():
        raise Refused(f"{target} is a folder; name a file.")
    if target.exists() and target.samefile(file):
        raise Refused(f"{target} is the catalogue itself.")
    if target.exists() and not replace:
        raise Refused(f"{target} is there already; choose another name, or replace it with --force.")
    with _part_beside(target) as part:
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
    """Make the catalogue in `file` what it is in the backup `source`. With `keep` the former catalogue is kept beside it: gives
    where, None where there was none."""
    if not source.is_file():
        raise Refused(f"There is no file {source}.")
    if file.exists() and source.samefile(file):
        raise Refused(f"{source} is the catalogue itself.")
    _check_catalogue(source)
    if not file.exists():
        _put_in_place(source, file, None, progress)
        return None
    aside = file.with_name(f"{file.stem}-before-{now:%Y%m%dT%H%M%SZ}{file.suffix}") if keep else None
    try:
        if aside is not None:
            back_up(file, aside)
        _write_over(source, file, progress)
    except (Refused, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError):  # it is sound, and somebody writes, or there is no room
            raise Refused(f"{file} cannot be written: {error}.") from None
        _put_in_place(source, file, aside, progress)
    return aside


def _copy(file: Path, target: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(uri(str(file), "ro"), uri=True, timeout=PATIENCE, isolation_level=None)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # from here on the copy is of this moment
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy, pages=PAGES, progress=lambda _, rest, total: progress(total - rest, total))
            copy.execute("PRAGMA journal_mode = DELETE")  # in one file, whatever becomes of it
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def _write_over(source: Path, file: Path, progress: Progress) -> None:
    """Write all pages of the backup into the file, in one transaction, beside everybody who has it open."""
    with (
        closing(sqlite3.connect(uri(str(source), "ro"), uri=True, isolation_level=None)) as backup,
        closing(sqlite3.connect(uri(str(file), "rw"), uri=True, timeout=PATIENCE, isolation_level=None)) as catalogue,
    ):
        catalogue.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        backup.backup(catalogue, pages=PAGES, progress=lambda _, rest, total: progress(total - rest, total))
        catalogue.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _put_in_place(source: Path, file: Path, aside: Path | None, progress: Progress) -> None:
    """Give the name of the file to a copy of the backup, and to what had it another one."""
    with _part_beside(file) as part:
        _copy(source, part, progress)
        for end in (WAL, SHARED_MEMORY):  # they belong to the former file
            former = Path(f"{file}{end}")
            with suppress(FileNotFoundError):
                former.unlink() if aside is None else former.rename(f"{aside}{end}")
        if aside is not None:
            os.link(file, aside)
        part.replace(file)
        _sync(file.parent)


def _check_catalogue(file: Path) -> None:
    """Refused unless this is a whole catalogue that this version, or an older one, made."""
    try:
        with closing(sqlite3.connect(uri(str(file), "ro"), uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    except sqlite3.Error as error:
        raise Refused(f"{file} is damaged, or no catalogue of Launchledger: {error}.") from None
    if found != "ok":
        raise Refused(f"{file} is damaged: {' '.join(str(found).split())}.")
    if not any(app == "catalogue" for app, _ in applied):
        raise Refused(f"{file} is no catalogue of Launchledger.")
    if unknown := unknown_migrations(applied):
        raise Refused(f"{file}: {NEWER} (it has {unknown[-1]}); use that version, or a newer one.")


@contextmanager
def _part_beside(target: Path) -> Iterator[Path]:
    """A new empty file for this user alone in the folder of the target, gone afterwards unless it was given another name."""
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
        raise Refused(f"{target} is there already; choose another name, or replace it with --force.") from None
    except OSError:  # a file system without links
        part.replace(target)


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system does that."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
