"""Running the statements of requests.

Django's cursor wraps, checks and rewrites a statement each time that it runs: some 20 us. A reply that is rendered from rows runs
a dozen, so this would be a third of its cost. Promises: the rows and the errors that Django's cursor would give. Where queries
are counted or logged, Django's cursor runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.limits import begin_statement
from launchledger.formats.encoding import decode

LONGEST = 1_000  # characters of a statement chosen by strangers that is cached, with a thousand others

Row = tuple[Any, ...]


def rows_of(sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Run one SELECT and read it to its end. Parameters are written `%s`, a percent sign `%%`.

    The text is cached in SQLite's syntax: it must be one of a few hundred.
    """
    return _read(sql, parameters, _cached_sqlite_syntax)


def _read(sql: str, parameters: Sequence[Any], to_sqlite_syntax: Callable[[str], str]) -> list[Row]:
    database = connections["default"]
    begin_statement()
    if _bypasses_cursor(database):
        with database.wrap_database_errors:
            rows: list[Row] = database.connection.execute(to_sqlite_syntax(sql), parameters).fetchall()
        begin_statement()  # the next one may be Django's, which does not tell when it begins
        return rows
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def rows_of_once(sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """As `rows_of`, for a statement whose text a client chooses: a long one is not cached."""
    return _read(sql, parameters, _cached_sqlite_syntax if len(sql) <= LONGEST else _to_sqlite_syntax)


def rows_by_id(kind: str, columns: Sequence[str], ids: Collection[int | str]) -> list[Row]:
    """The id and these columns of the rows of a kind that have one of these ids, deleted ones as well. No id, no query."""
    if not ids:
        return []
    model: Any = model_of(kind)
    key, *others = (f'"{model._meta.get_field(name).column}"' for name in (model._meta.pk.name, *columns))
    sql = f'SELECT {", ".join([key, *others])} FROM "{model._meta.db_table}" WHERE {key} {dialect().among}'
    return rows_of(sql, [dialect().keys(ids)])


def time_of(stored: datetime | str) -> datetime:
    """A time as these functions give it: SQLite's driver gives the text that it stores, or a time without a zone, both in UTC."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def json_of(stored: Any) -> Any:
    """A value of a column of JSON as these functions give it: as text, or read already."""
    return decode(stored) if isinstance(stored, str) else stored


def run(sql: str) -> None:
    """Run a statement that has no parameters and gives no rows."""
    database = connections["default"]
    if _bypasses_cursor(database):
        with database.wrap_database_errors:
            database.connection.execute(sql)
        return
    with database.cursor() as cursor:
        cursor.execute(sql)


def _bypasses_cursor(database: BaseDatabaseWrapper) -> bool:
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        return False
    database.ensure_connection()
    return True


def _to_sqlite_syntax(sql: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")


_cached_sqlite_syntax = lru_cache(maxsize=1024)(_to_sqlite_syntax)
