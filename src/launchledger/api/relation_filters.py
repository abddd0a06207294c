"""Conditions on what rows lead to: a path of relations, written as the catalogue relates its rows, joined by `__`.

Promises: each table along a path is asked once, from its end backwards, so that a condition on few rows (agencies, orbits) finds
the many (launches) by an index, and no row is met twice because a list lies on the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, F, Func, IntegerField, Q, QuerySet, Subquery

from launchledger.catalogue.models.listed import is_not_deleted

Condition = Callable[[str], Q]


class Among(Func):
    """Whether a column is among the keys that a query finds, which is run once however many rows are held against it.

    PostgreSQL runs a query behind IN again for each row where it guesses that its result is large, and for tables that have just
    been filled it guesses badly; what stands in an ARRAY it runs before anything else.
    """

    output_field = BooleanField()
    arity = 2

    def __init__(self, column: str, keys: QuerySet[Any]) -> None:
        found: Any = Subquery(keys)
        # Where no row can be found, neither can any be among them: Django then asks nothing, instead of asking for IN NULL.
        found.empty_result_set_value = NotImplemented
        super().__init__(F(column), found)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s", arg_joiner=" IN ")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY")


class CalendarPart(Func):
    """The year, month or day of the month of a moment in UTC, as a number; on SQLite without a call of Python for each row."""

    output_field = IntegerField()
    _PLACES = {"year": "1, 4", "month": "6, 2", "day": "9, 2"}

    def __init__(self, column: str, part: str) -> None:
        super().__init__(F(column), part=part)

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        places = self._PLACES[self.extra["part"]]
        return self.as_sql(compiler, connection, template=f"CAST(substr(%(expressions)s, {places}) AS INTEGER)")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="extract(%(part)s FROM %(expressions)s AT TIME ZONE 'UTC')::int")


def at_the_end(model: Any, path: str, condition: Condition) -> Q:
    """The condition, told of the column at the end of a path, as one on rows of this model."""
    first, _, rest = path.partition("__")
    if not rest:
        return condition(first)
    relation = model._meta.get_field(first)
    target = relation.related_model
    found = target._default_manager.filter(at_the_end(target, rest, condition))
    if relation.concrete:
        return Q(Among(first, found.values("pk")))
    found = found.filter(is_not_deleted(target))
    return Q(Among(model._meta.pk.name, found.values(relation.field.name)))
