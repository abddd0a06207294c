"""Field cases of settings: what can never work is named when the server starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection


def _check(url: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command `launchledger check` with these settings."""
    environment = {**os.environ, "DATABASE_URL": url, **more}
    return subprocess.run(
        [sys.executable, "-m", "launchledger", "check"], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("value", "instead"), [("localhost:8000", "localhost"), ("http://localhost", "localhost"), ("*.example.org", ".example.org")]
)
def test_hosts_that_match_nothing(value: str, instead: str) -> None:
    """The value is named, and what to write instead."""
    done = _check("sqlite://:memory:", LAUNCHLEDGER_ALLOWED_HOSTS=value)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert value in said
    assert instead in said.replace(value, "")


def test_a_database_url_without_a_name() -> None:
    """One line on the setting and status 2, without the password."""
    done = _check("postgres://me:hush@localhost")
    assert done.returncode == 2
    assert len([line for line in done.stderr.splitlines() if line.startswith("DATABASE_URL: ")]) == 1
    assert "hush" not in done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a matter of PostgreSQL")
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_in_another_encoding(encoding: str) -> None:
    """Said in one line before anything is made: the catalogue needs UTF8."""
    server, name = os.environ["DATABASE_URL"].rpartition("/")[0], f"field_{encoding.lower()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        done = _check(f"{server}/{name}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert "UTF8" in done.stderr
