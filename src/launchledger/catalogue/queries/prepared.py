"""Queries that Django writes once, and that run with other values each time.

Django takes 0.2 to 0.5 ms to build and to compile a query of some joins, often more than a database takes to run it, and a page
has several. Promises: the rows that the QuerySet would give, each a tuple of its columns. Refuses values that the query does not
name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet

from launchledger.catalogue.queries.statements import Row, rows_of

Value = int | str | datetime


class _Given(Expression):
    """The place of a value that is given when the query runs."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return "%s", [self]


class _Compiled(NamedTuple):
    """A query in the SQL of one database; a parameter that is given when it runs is a `_Given`."""

    sql: str
    parameters: Sequence[Any]
    query: Any
    columns: Sequence[Any]


class Prepared:
    """A query made by `prepared`: call it with a value for each parameter of its function."""

    def __init__(self, build: Callable[..., QuerySet[Any]], names: Sequence[str]) -> None:
        self._build = build
        self._names = names
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, **values: Value) -> list[Row]:
        """The rows with these values. Raises TypeError if they are not those that the query names."""
        if values.keys() != set(self._names):
            raise TypeError(f"The query has the values {', '.join(self._names)}, not {', '.join(values)}.")
        database = connections["default"]
        if database.vendor not in self._compiled:
            self._compiled[database.vendor] = self._compile()
        sql, parameters, query, columns = self._compiled[database.vendor]
        given = [_adapted(values[each.name], database) if isinstance(each, _Given) else each for each in parameters]
        rows = rows_of(sql, given)
        compiler = query.get_compiler(connection=database)  # Django's compilers belong to a connection
        converters = compiler.get_converters(columns)
        return list(map(tuple, compiler.apply_converters(rows, converters))) if converters else rows

    def _compile(self) -> _Compiled:
        query: Any = self._build(**{name: _Given(name) for name in self._names}).query
        compiler = query.get_compiler("default")
        sql, parameters = compiler.as_sql()
        return _Compiled(sql, parameters, query, [column for column, *_ in compiler.select])


def prepared(*names: str) -> Callable[[Callable[..., QuerySet[Any]]], Prepared]:
    """Prepare the query that a function returns, the `values_list` of a QuerySet.

    The function is called once for each kind of database; these of its parameters become values of the query. None is no value:
    in SQL it needs another query.
    """
    return lambda build: Prepared(build, names)


def _adapted(value: Value, database: BaseDatabaseWrapper) -> Any:
    """The value as the driver takes it: SQLite stores times as texts."""
    return database.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
