"""`launchledger check`."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from launchledger.cli import launchledger
from tests.support.processes import start

pytestmark = pytest.mark.django_db


def test_everything_is_in_order() -> None:
    """On a database with this version's tables there are no problems."""
    result = CliRunner().invoke(launchledger, ["check"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Everything is in order.\n", "")


def test_missing_tables_are_reported() -> None:
    """Missing tables end in status 1, with the commands that create them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
    result = CliRunner().invoke(launchledger, ["check"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "launchledger: The database lacks this version's tables; launchledger serve and load create them.\n"


@pytest.mark.parametrize("command", [["check"], ["load", "nothing.json"], ["warm"], ["statistics"]])
def test_a_database_of_a_newer_version_is_refused(command: list[str]) -> None:
    """E006: by every command that would read or write it, with the migration that shows it, before anything is done."""
    MigrationRecorder(connection).record_applied("catalogue", "9999_later")
    result = CliRunner().invoke(launchledger, command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "launchledger.E006: The database was made by a newer version (it has catalogue.9999_later)." in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    """Checking a catalogue that does not exist creates nothing."""
    with start(f"sqlite:///{tmp_path}/new.sqlite3", "check") as process:
        printed = process.communicate(timeout=60)[0].decode()
    assert printed == "launchledger: There is no database yet; launchledger serve and load create it.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "load", "serve"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, command: str) -> None:
    """E007: it is named in one line, and left as it is."""
    file = tmp_path / "other.sqlite3"
    file.write_bytes(b"This is no database." * 300)
    with start(f"sqlite:///{file}", command, *(["nothing.json"] if command == "load" else [])) as process:
        printed = process.communicate(timeout=60)[0].decode()
    assert printed.startswith(f"launchledger: launchledger.E007: {file} is damaged, or not a database:")
    assert printed.count("\n") == 1
    assert file.read_bytes() == b"This is no database." * 300


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps texts in Unicode")
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_of_another_encoding_is_refused(encoding: str) -> None:
    """E008: before any table is made, by whatever command comes first."""
    name = f"other_{uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        for command in (["load", "nothing.json"], ["serve"], ["check"]):
            with start(f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}", *command) as process:
                printed = process.communicate(timeout=60)[0].decode()
            assert process.returncode == 1
            assert f"launchledger.E008: The encoding of the database {name} is {encoding}; UTF8 is needed." in printed
            assert printed.count("\n") == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
