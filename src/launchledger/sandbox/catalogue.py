"""The throw-away catalogue: its first state, and the way back to it.

Promises: nothing outside the sandbox's own folder changes, except a copy of the starter's catalogue in this user's folder for
temporary files, which makes the next start faster. The first state is a file. A reset gives
the catalogue's name to a copy of it that was made beforehand, so it takes as long for a large catalogue as for a small one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from launchledger.access.places import FILE, counters
from launchledger.catalogue.actions import observe_starter, recompute_if_rules_changed
from launchledger.catalogue.statistics.numbers import RULES
from launchledger.conf.folders import own_folder
from launchledger.database.backups import Refused, back_up
from launchledger.database.files import SHARED_MEMORY, WAL, another_file
from launchledger.database.tables import upgrade_tables
from launchledger.ingest.finding import files_in
from launchledger.ingest.loading import Instructions, Loader
from launchledger.ingest.reports import Complaint

_SQLITE = b"SQLite format 3\0"  # at the beginning of a file


class Catalogue:
    """The catalogue in `file`, and its first state beside it."""

    def __init__(self, file: Path) -> None:
        connections.settings["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # nothing has to last
        self._file = file
        self._first = file.with_name("first.sqlite3")
        self._spare = file.with_name("spare.sqlite3")
        self._copying = ThreadPoolExecutor(1, "copy of the first state")
        self._copy: Future[Path] | None = None

    def fill(self, paths: Sequence[Path], complain: Callable[[Complaint], None]) -> None:
        """Create it: from the starter, from a catalogue's file, or from replies. Raises Refused for a file that is neither."""
        if not paths:
            self._fill_with_starter()
            return
        if len(paths) == 1 and is_catalogue(paths[0]):
            back_up(paths[0], self._file)
            upgrade_tables()
            recompute_if_rules_changed()
            return
        upgrade_tables()
        found = list(files_in(tuple(map(str, paths))))
        if "-" in found:
            raise Refused("The sandbox reads files and folders, and no standard input.")
        loader = Loader(Instructions(), complain)
        for file in found:
            loader.load(file)

    def save_first_state(self) -> None:
        """Make the present state the first one."""
        self._close()
        shutil.copyfile(self._file, self._first)
        self._make_spare()

    def reset(self) -> None:
        """Return to the first state. No other thread may use the database."""
        connection.close()
        if self._copy is not None:
            self._copy.result()
        for end in (WAL, SHARED_MEMORY):
            Path(f"{self._file}{end}").unlink(missing_ok=True)
        self._spare.replace(self._file)
        another_file.send(Catalogue)
        self._make_spare()

    def _make_spare(self) -> None:
        self._copy = self._copying.submit(lambda: Path(shutil.copyfile(self._first, self._spare)))

    def forget_calls(self) -> None:
        """Forget all counted calls."""
        counters().close()
        for end in ("", WAL, SHARED_MEMORY):
            Path(f"{settings.COUNTERS_URL.removeprefix(FILE)}{end}").unlink(missing_ok=True)

    def _close(self) -> None:
        """Have all of the catalogue in its one file, and close it."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def _fill_with_starter(self) -> None:
        """Copy the starter's catalogue if this version has made one before, or make it and keep a copy."""
        kept = _kept_starter()
        if kept is not None and kept.exists():
            shutil.copyfile(kept, self._file)
            return
        upgrade_tables()
        observe_starter()
        if kept is not None:
            self._close()
            _keep(self._file, kept)


def is_catalogue(path: Path) -> bool:
    """Whether this is a file of SQLite, and not one of replies."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _kept_starter() -> Path | None:
    """Where the starter's catalogue of this version is kept; None where this user has no folder of his own."""
    digest = sha256(repr(RULES).encode())
    for file in sorted(files("launchledger.catalogue.starter").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            digest.update(file.read_bytes())
    digest.update(repr(sorted(MigrationLoader(None).graph.leaf_nodes())).encode())
    try:
        return own_folder() / f"starter-{digest.hexdigest()[:16]}.sqlite3"
    except OSError:
        return None


def _keep(file: Path, kept: Path) -> None:
    """Copy a file under a name that nobody sees before the copy is whole."""
    with suppress(OSError), NamedTemporaryFile(dir=kept.parent, delete=False) as part:
        shutil.copyfile(file, part.name)
        Path(part.name).replace(kept)
