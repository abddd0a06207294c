"""Conditions on related rows: a path of the catalogue's relations, joined by `__`.

Promises: each table along a path is queried once, from its end backwards, so that a condition on few rows (agencies, orbits)
finds the many (launches) by an index, and no row is found twice because of a list on the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, F, Func, IntegerField, Q, QuerySet, Subquery

from launchledger.catalogue.models.listed import is_not_deleted

Condition = Callable[[str], Q]


class Among(Func):
    """Whether a column is among the keys that a query finds; the query runs once, however many rows are compared.

    PostgreSQL runs a query behind IN again for each row where it estimates a large result, and its estimates for tables that were
    just filled are bad; a query in an ARRAY runs once, before all others.
    """

    output_field = BooleanField()
    arity = 2

    def __init__(self, column: str, keys: QuerySet[Any]) -> None:
        found: Any = Subquery(keys)
        # Where the query cannot find a row, the condition is false: Django then runs no query, instead of one with IN NULL.
        found.empty_result_set_value = NotImplemented
        super().__init__(F(column), found)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s", arg_joiner=" IN ")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY")


class CalendarPart(Func):
    """The year, month or day of the month of a time in UTC, as a number; on SQLite without a call of Python for each row."""

    output_field = IntegerField()
    _PLACES = {"year": "1, 4", "month": "6, 2", "day": "9, 2"}

    def __init__(self, column: str, part: str) -> None:
        super().__init__(F(column), part=part)

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        places = self._PLACES[self.extra["part"]]
        return self.as_sql(compiler, connection, template=f"CAST(substr(%(expressions)s, {places}) AS INTEGER)")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="extract(%(part)s FROM %(expressions)s AT TIME ZONE 'UTC')::int")


def condition_at_end(model: Any, path: str, condition: Condition) -> Q:
    """A condition on the column at the end of a path, as a condition on rows of this model."""
    first, _, rest = path.partition("__")
    if not rest:
        return condition(first)
    relation = model._meta.get_field(first)
    target = relation.related_model
    found = target._default_manager.filter(condition_at_end(target, rest, condition))
    if relation.concrete:
        return Q(Among(first, found.values("pk")))
    found = found.filter(is_not_deleted(target))
    return Q(Among(model._meta.pk.name, found.values(relation.field.name)))
