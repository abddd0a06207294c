"""An empty database gets its tables at once, and they are those that the migrations give."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.support.processes import database_without_tables, run_code

pytestmark = pytest.mark.django_db

MIGRATE = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
CREATE = "import django; django.setup(); from launchledger.database.tables import upgrade_tables; upgrade_tables()"
FAIL = f"""
import django; django.setup()
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


def _rows(url: str, sql: str) -> list[Any]:
    if connection.vendor != "sqlite":
        with psycopg.connect(url) as server:
            return server.execute(sql.encode()).fetchall()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        return file.execute(sql).fetchall()


def _schema(url: str) -> set[object]:
    """Every column, index, constraint and trigger; the order of columns is left out."""
    if connection.vendor != "sqlite":
        return set(_rows(url, SQL_OF_POSTGRESQL))
    found: set[object] = set()
    for kind, name, table, sql in _rows(url, "SELECT type, name, tbl_name, sql FROM sqlite_master"):
        if kind != "table" or sql.startswith("CREATE VIRTUAL"):
            found.add((kind, name, table, sql))
        elif not name.startswith("sqlite_"):
            body = re.sub(r"\s+", " ", sql.partition("(")[2].rpartition(")")[0])
            found |= {(name, piece.strip()) for piece in PIECES.split(body)}
    return found


def _applied(url: str) -> list[Any]:
    return _rows(url, "SELECT app, name FROM django_migrations ORDER BY id")


def test_tables_are_those_of_the_migrations(tmp_path: Path) -> None:
    """Every column, index, constraint and trigger; and the migrations count as applied, in their order."""
    with database_without_tables(tmp_path) as migrated, database_without_tables(tmp_path) as created:
        run_code(migrated, MIGRATE)
        run_code(created, CREATE)
        assert _schema(created) ^ _schema(migrated) == set()
        assert _applied(created) == _applied(migrated)


def test_a_failure_leaves_no_table(tmp_path: Path) -> None:
    """All tables are created in one transaction, so the next start begins with an empty database again."""
    with database_without_tables(tmp_path) as url:
        run_code(url, FAIL, status=9)
        assert _schema(url) == set()
        run_code(url, CREATE)
        assert _applied(url)
