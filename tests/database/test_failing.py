"""Classifying errors of real databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db import Error, connection

from launchledger.database.failing import AWAY, DAMAGED, failure


def _raised(sql: str) -> Error:
    with pytest.raises(Error) as raised, connection.cursor() as cursor:
        cursor.execute(sql)
    return raised.value


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["SELECT nothing FROM nowhere", "SELECT FROM WHERE", "SELECT 1/"])
def test_a_wrong_statement_is_not_a_failure_of_the_database(sql: str) -> None:
    """It is a bug of the program."""
    assert failure(_raised(sql)) == ""


@pytest.mark.parametrize(("content", "expected"), [(b"This is no database." * 100, DAMAGED), (None, AWAY)])
def test_a_file_that_is_not_a_database(tmp_path: Path, content: bytes | None, expected: str) -> None:
    """Another file is damage; a file that cannot be opened is a database that does not answer."""
    file = tmp_path / "other.sqlite3"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(file).execute("SELECT * FROM sqlite_schema")
    error = Error("as Django raises it")
    error.__cause__ = raised.value
    assert failure(error) == expected


def test_other_exceptions_are_not_failures_of_the_database() -> None:
    """Only the database's own errors count."""
    assert failure(OSError("the disk")) == failure(ZeroDivisionError()) == ""
