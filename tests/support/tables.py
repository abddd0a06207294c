"""Tables for the databases of tests: created once in a run, and each database is a copy.

The original is a file on SQLite and a template database on PostgreSQL. All processes of a run share it.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest

_FOLDER = "FOLDER_OF_THIS_TEST_RUN"  # an environment variable, because processes of a run inherit it


def share_a_folder(config: pytest.Config) -> None:
    """Make the folder that all processes of this run share; it goes with the first of them."""
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="launchledger-tests-")
        os.environ[_FOLDER] = folder.name
        config.add_cleanup(folder.cleanup)


def once(name: str, make: Callable[[], str]) -> str:
    """What `make` gives, called in the first process of this run that asks for this name; the others wait for it."""
    folder = Path(os.environ[_FOLDER])
    with (folder / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / name
        if not made.exists():
            made.write_text(make(), encoding="utf-8")
        return made.read_text(encoding="utf-8")


@cache
def tables_file() -> str:
    """The name of an SQLite file with this version's tables and nothing in them."""

    def make() -> str:
        created, compact = (str(Path(os.environ[_FOLDER], f"{name}.sqlite3")) for name in ("created", "compact"))
        _create_tables(f"sqlite:///{created}")
        with closing(sqlite3.connect(created)) as connection:
            connection.execute("VACUUM INTO ?", [compact])
        return compact

    return once("tables-on-sqlite", make)


def sqlite_with_tables(file: Path) -> str:
    """The URL of a new SQLite database in this file, with this version's tables and nothing in them."""
    copyfile(tables_file(), file)
    return f"sqlite:///{file}"


@cache
def tables_template(server: str) -> str:
    """The name of a PostgreSQL database with this version's tables and nothing in them. `server` is its URL but for the name."""

    def make() -> str:
        name = f"template_{uuid4().hex}"
        on_server(server, f'CREATE DATABASE "{name}"')
        _create_tables(f"{server}/{name}")
        return name

    return once("tables-on-postgresql", make)


def on_server(server: str, statement: str) -> None:
    """Run a statement that no transaction may hold, such as CREATE DATABASE."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _create_tables(url: str) -> None:
    code = "import django; django.setup(); from launchledger.database.tables import upgrade_tables; upgrade_tables()"
    settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "launchledger.conf.settings"}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **settings}, check=True)
