"""Connections that know which file they have open."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from subprocess import PIPE

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from launchledger.database.files import another_file
from launchledger.database.sqlite3.base import DatabaseWrapper
from tests.support.processes import environment
from tests.support.tables import sqlite_with_tables

_WRITE_TWICE = """
import django, os, sys
django.setup()
from django.db import OperationalError
from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing
from django.utils import timezone

def entry():
    with writing():
        write([Entry(at=timezone.now(), source="a", kind="Nothing", key="1", action="created", changes={})])
entry()
exec(sys.argv[1])
try:
    entry()
except OperationalError as error:
    print(error)
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    """A connection to a file with one table."""
    settings = {
        "ENGINE": "launchledger.database.sqlite3",
        "NAME": str(tmp_path / "own.sqlite3"),
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},
    }
    found = ConnectionHandler({"default": settings})["default"]
    assert isinstance(found, DatabaseWrapper)
    _run(found, "CREATE TABLE thing (name TEXT)")
    yield found
    found.close()


def _run(database: DatabaseWrapper, sql: str) -> list[tuple[object, ...]]:
    with database.wrap_database_errors, database.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.django_db(databases=[])
@pytest.mark.sqlite_only("of SQLite, in a file of its own")
@pytest.mark.usefixtures("django_db_blocker")
class TestFollowing:
    @pytest.fixture(autouse=True)
    def _open(self, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            yield

    def test_a_file_that_took_the_name_is_opened(self, database: DatabaseWrapper, tmp_path: Path) -> None:
        """The next query after `follow` reads the file that has the name now, and caches are notified once."""
        heard: list[object] = []

        def hear(**_: object) -> None:
            heard.append(None)

        another_file.connect(hear)
        _run(database, "INSERT INTO thing VALUES ('old')")
        other = ConnectionHandler({"default": {**database.settings_dict, "NAME": str(tmp_path / "new.sqlite3")}})["default"]
        assert isinstance(other, DatabaseWrapper)
        _run(other, "CREATE TABLE thing (name TEXT)")
        _run(other, "INSERT INTO thing VALUES ('new')")
        other.close()
        assert (database.follow(), heard) == (database.file, [])
        (tmp_path / "new.sqlite3").rename(tmp_path / "own.sqlite3")
        assert _run(database, "SELECT name FROM thing") == [("old",)]
        database.follow()
        assert _run(database, "SELECT name FROM thing") == [("new",)]
        assert _run(database, "PRAGMA integrity_check") == [("ok",)]
        assert len(heard) == 1

    def test_a_removed_file_is_not_created_again(self, database: DatabaseWrapper, tmp_path: Path) -> None:
        """It is an error until a file has the name again."""
        (tmp_path / "own.sqlite3").unlink()
        assert database.follow() is None
        with pytest.raises(OperationalError, match="unable to open"):
            _run(database, "SELECT 1")
        assert not (tmp_path / "own.sqlite3").exists()


@pytest.mark.parametrize("what", ["os.remove(FILE)", "os.rename(FILE, FILE + '.old')", "os.remove(FILE + '-shm')"])
def test_writers_refuse_a_file_that_lost_its_name(tmp_path: Path, what: str) -> None:
    """No other process would find what is written there. Without its shared memory others would not see it."""
    file = tmp_path / "own.sqlite3"
    url = sqlite_with_tables(file)
    words = [sys.executable, "-c", _WRITE_TWICE, what.replace("FILE", repr(str(file)))]
    done = subprocess.run(words, env=environment(url), capture_output=True, text=True, check=True)
    assert done.stdout == f"{file} was replaced or removed while it was open; nothing was written to it since.\n"


_OPEN = """
import django, sys
django.setup()
from django.db import connection
print("ready", flush=True)
sys.stdin.readline()
connection.ensure_connection()
print("open", flush=True)
"""


def test_processes_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    """One of them gives it a write-ahead log; the others wait for that, although SQLite itself does not."""
    file = tmp_path / "new.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE one (id)")
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", _OPEN], env=environment(f"sqlite:///{file}"), stdin=PIPE, stdout=PIPE, text=True
                )
            )
            for _ in range(6)
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.communicate()[0] for process in processes] == ["open\n"] * 6
