"""Backups of SQLite, of real files, with real processes that use them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from launchledger.database.backups import Refused, back_up, restore
from tests.support.processes import database_of_its_own, digest, environment, run, serving

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has commands of its own"),
]

NOW = datetime(2026, 7, 15, tzinfo=UTC)
LIST = "/2.2.0/config/launchstatus/"


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _load(url: str, *ids: int) -> None:
    file = _file(url).with_suffix(".json")
    file.write_text(json.dumps([{"id": id, "name": f"Status {id}", "abbrev": "S", "description": ""} for id in ids]))
    run(url, "load", "--as", "config/launchstatus", str(file))


def _count(address: str) -> int:
    with urllib.request.urlopen(f"{address}{LIST}", timeout=20) as response:
        return int(json.loads(response.read())["count"])


def _is_whole(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def test_a_backup_is_restored_while_the_catalogue_is_served(tmp_path: Path) -> None:
    """What was loaded after the backup is gone, in replies too, the former catalogue is kept, and no other file is left."""
    with database_of_its_own(tmp_path) as url, serving(url, "--empty", "--workers", "2") as server:
        _load(url, 1, 2)
        before = digest(url)
        backup = tmp_path / "backups" / "monday.sqlite3"
        backup.parent.mkdir()
        run(url, "backup", str(backup))
        assert (list(backup.parent.iterdir()), backup.stat().st_mode & 0o077) == ([backup], 0)
        assert digest(f"sqlite:///{backup}") == before
        _load(url, *range(3, 10))
        after = digest(url)
        deadline = time.monotonic() + 20
        while _count(server.address) != 9:
            assert time.monotonic() < deadline
        inode = _file(url).stat().st_ino
        printed = run(url, "restore", str(backup))
        assert _file(url).stat().st_ino == inode  # it was written to, and not replaced
        aside = next(_file(url).parent.glob("*-before-*Z.sqlite3"))
        assert f"The former catalogue is in {aside}." in printed
        row = 0
        while row < 20:
            row = row + 1 if _count(server.address) == 2 else 0
            assert time.monotonic() < deadline + 20
        assert (digest(url), digest(f"sqlite:///{aside}")) == (before, after)
        _load(url, 77)
        while _count(server.address) != 3:
            assert time.monotonic() < deadline + 40
    assert _is_whole(_file(url))
    assert "Traceback" not in server.said


def test_the_file_alone_is_whole_when_everything_has_ended(tmp_path: Path) -> None:
    """While another process still has it open, the end of `load` and of `serve` moves the `-wal` into it."""
    with database_of_its_own(tmp_path) as url, closing(sqlite3.connect(_file(url))) as other:
        assert other.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        assert other.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
        for words in (None, "serve"):
            if words is None:
                _load(url, 1, 2, 3)
            else:
                with serving(url, "--empty", "--workers", "1") as server:
                    assert _count(server.address) == 3
            assert Path(f"{_file(url)}-wal").stat().st_size == 0
            copy = tmp_path / "copy.sqlite3"
            subprocess.run(["cp", _file(url), copy], check=True)  # not here: to close the file would end the locks of `other`
            with closing(sqlite3.connect(copy)) as alone:
                assert alone.execute("SELECT count(*) FROM catalogue_launchstatus").fetchone() == (3,)
            copy.unlink()


def test_unusable_backups_are_refused(tmp_path: Path) -> None:
    """Another file, another database, a damaged one, a newer one, the catalogue itself: each is named and nothing changes."""
    with database_of_its_own(tmp_path) as url:
        file = _file(url)
        back_up(file, tmp_path / "good.sqlite3")
        good = (tmp_path / "good.sqlite3").read_bytes()
        other, newer, foreign, damaged = (tmp_path / f"{name}.sqlite3" for name in ("other", "newer", "foreign", "damaged"))
        other.write_bytes(b"This is no database." * 300)
        newer.write_bytes(good)
        with closing(sqlite3.connect(newer, isolation_level=None)) as database:
            database.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('catalogue', '9999_later', '2026-01-01')"
            )
        with closing(sqlite3.connect(foreign)) as database:
            database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT)")
        pages = bytearray(good)
        for place in range(4096 * 3, len(pages), 4096 * 4):
            pages[place : place + 4096] = os.urandom(4096)
        damaged.write_bytes(pages)
        content = file.read_bytes()
        for source, why in (
            (tmp_path / "none.sqlite3", "does not exist or is not a file"),
            (other, "damaged, or not a catalogue"),
            (foreign, "is not a catalogue of Launchledger"),
            (damaged, "damaged"),
            (newer, "was made by a newer version (it has catalogue.9999_later)"),
            (file, "is the catalogue itself"),
        ):
            with pytest.raises(Refused) as refused:
                restore(source, file, NOW)
            assert why in str(refused.value)
        assert file.read_bytes() == content
        for target, why in (
            (tmp_path / "good.sqlite3", "--force"),
            (file, "itself"),
            (tmp_path, "a folder"),
            (Path("/nowhere/x"), "/nowhere"),
        ):
            with pytest.raises(Refused) as refused:
                back_up(file, target)
            assert why in str(refused.value)
        assert back_up(file, tmp_path / "good.sqlite3", replace=True) == len(good)


@pytest.mark.parametrize("harm", ["removed", "damaged"])
def test_a_catalogue_that_is_gone_is_restored(tmp_path: Path, harm: str) -> None:
    """Also where the former file can be neither copied nor written to: then it is kept as it is, and replaced under its name."""
    with database_of_its_own(tmp_path) as url:
        file = _file(url)
        _load(url, 1)
        before = digest(url)
        back_up(file, tmp_path / "good.sqlite3")
        Path(f"{file}-wal").write_bytes(b"of another file")
        if harm == "removed":
            file.unlink()
        else:
            file.write_bytes(b"This is no database." * 300)
        aside = restore(tmp_path / "good.sqlite3", file, NOW)
        assert (aside and aside.read_bytes()) == (None if harm == "removed" else b"This is no database." * 300)
        assert digest(url) == before


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from launchledger.database import backups

backups.PAGES = 20
steps = 0
def progress(done, total):
    global steps
    steps += 1
    if steps == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
first, second = Path(sys.argv[2]), Path(sys.argv[3])
if sys.argv[1] == "backup":
    backups.back_up(first, second, replace=True, progress=progress)
else:
    backups.restore(second, first, datetime.now(UTC), keep=False, progress=progress)
"""


@pytest.mark.parametrize("work", ["backup", "restore"])
@pytest.mark.parametrize("step", [1, 5])
def test_killed_in_the_middle_the_former_catalogue_is_there(tmp_path: Path, work: str, step: int) -> None:
    """Neither a backup nor a catalogue is ever half of another one."""
    with database_of_its_own(tmp_path) as url:
        file, backup = _file(url), tmp_path / "backup.sqlite3"
        back_up(file, backup)
        empty, before = digest(f"sqlite:///{backup}"), backup.read_bytes()
        _load(url, *range(1, 200))
        full = digest(url)
        words = [sys.executable, "-c", _KILLED, work, str(file), str(backup), str(step)]
        killed = subprocess.run(words, env=environment(url), capture_output=True, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert digest(url) == full
        assert backup.read_bytes() == before
        assert _is_whole(file)
        run(url, "restore", "--discard", str(backup))
        assert digest(url) == empty


def test_a_backup_of_an_older_version_is_upgraded(tmp_path: Path) -> None:
    """Restored, it has this version's tables."""
    with database_of_its_own(tmp_path) as url:
        backup = tmp_path / "older.sqlite3"
        words = [sys.executable, "-m", "django", "migrate", "serving", "zero", "--verbosity", "0"]
        subprocess.run(words, env=environment(url), check=True)
        back_up(_file(url), backup)
        run(url, "restore", "--discard", str(backup))
        assert run(url, "check") == "Everything is in order.\n"
