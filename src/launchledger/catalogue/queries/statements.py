"""Running the statements that every request asks.

Django's cursor wraps, checks and rewrites a statement each time that it runs: some 20 us, and a reply that is rendered from rows
asks a dozen, so that this would be a third of its cost. Promises: the rows and the errors that Django's cursor would give. Where
somebody counts or logs queries, that is what runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from launchledger.catalogue.queries.limits import begin_statement

LONGEST = 1_000  # characters of a statement that strangers choose and that is remembered, with a thousand others

Row = tuple[Any, ...]


def rows_of(sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Run one SELECT and read it to its end. Parameters are written `%s`, a percent sign `%%`.

    The text is remembered as SQLite takes it: it must be one of a few hundred.
    """
    return _read(sql, parameters, _in_the_words_of_sqlite)


def _read(sql: str, parameters: Sequence[Any], in_the_words_of_sqlite: Callable[[str], str]) -> list[Row]:
    database = connections["default"]
    begin_statement()
    if _goes_straight(database):
        with database.wrap_database_errors:
            rows: list[Row] = database.connection.execute(in_the_words_of_sqlite(sql), parameters).fetchall()
            return rows
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def rows_of_once(sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """As `rows_of`, for a statement of which whoever asks chooses the text: a long one is not remembered."""
    return _read(sql, parameters, _in_the_words_of_sqlite if len(sql) <= LONGEST else _put_in_the_words_of_sqlite)


def run(sql: str) -> None:
    """Run a statement that has no parameters and gives no rows."""
    database = connections["default"]
    if _goes_straight(database):
        with database.wrap_database_errors:
            database.connection.execute(sql)
        return
    with database.cursor() as cursor:
        cursor.execute(sql)


def _goes_straight(database: BaseDatabaseWrapper) -> bool:
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        return False
    database.ensure_connection()
    return True


def _put_in_the_words_of_sqlite(sql: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")


_in_the_words_of_sqlite = lru_cache(maxsize=1024)(_put_in_the_words_of_sqlite)
