"""An empty database gets its tables at once, and they are those that the migrations give."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from tests.support.processes import environment
from tests.support.tables import on_server

pytestmark = pytest.mark.django_db

MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
CREATE = "from launchledger.database.tables import upgrade_tables; upgrade_tables()"
FAIL = f"""
from django.apps import apps
def fail(editor): raise SystemExit(9)
apps.get_app_config("catalogue").create_indexes = fail
{CREATE}"""
PIECES = re.compile(r",(?![^(]*\))")  # commas outside of the innermost brackets

SQL_OF_POSTGRESQL = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, generation_expression, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT tablename, indexdef, '', '', '', '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '', '' FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
"""


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes databases without any table, and gives their URLs."""
    made: list[str] = []
    server = os.environ["DATABASE_URL"].rpartition("/")[0]

    def new() -> str:
        name = f"own_{uuid4().hex}"
        if connection.vendor == "sqlite":
            return f"sqlite:///{tmp_path}/{name}"
        on_server(server, f'CREATE DATABASE "{name}"')
        made.append(name)
        return f"{server}/{name}"

    yield new
    for name in made:
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(url: str, code: str, status: int = 0) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr


def _schema(url: str) -> set[object]:
    """Every column, index, constraint and trigger; the order of columns is left out."""
    if connection.vendor != "sqlite":
        with psycopg.connect(url) as database:
            return set(database.execute(SQL_OF_POSTGRESQL))
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        found: set[object] = set()
        for kind, name, table, sql in database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
            if kind != "table" or sql.startswith("CREATE VIRTUAL"):
                found.add((kind, name, table, sql))
            elif not name.startswith("sqlite_"):
                body = re.sub(r"\s+", " ", sql.partition("(")[2].rpartition(")")[0])
                found |= {(name, piece.strip()) for piece in PIECES.split(body)}
        return found


def _applied(url: str) -> set[tuple[str, str]]:
    statement = "SELECT app, name FROM django_migrations"
    if connection.vendor != "sqlite":
        with psycopg.connect(url) as database:
            return set(database.execute(statement).fetchall())
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        return set(database.execute(statement))


def test_tables_are_those_of_the_migrations(new_database: Callable[[], str]) -> None:
    """Every column, index, constraint and trigger, and the migrations count as applied."""
    migrated, created = new_database(), new_database()
    _run(migrated, MIGRATE)
    _run(created, CREATE)
    assert _schema(created) ^ _schema(migrated) == set()
    assert _applied(created) == _applied(migrated)


def test_a_failure_leaves_no_table(new_database: Callable[[], str]) -> None:
    """All tables are created in one transaction, so the next start begins with an empty database again."""
    url = new_database()
    _run(url, FAIL, status=9)
    assert _schema(url) == set()
    _run(url, CREATE)
    assert _applied(url)
