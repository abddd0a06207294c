"""Shared parts of the computations: which launches count, and how a computation is limited to some keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Func, IntegerField, Model, Q, QuerySet

from launchledger.catalogue.choices import SUBORBITAL
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_listed

Key = int | str
Keys = Collection[Key] | None  # None: all
Values = dict[str, Any]
Compute = Callable[[Keys, datetime], Mapping[Key, Values]]
Rows = QuerySet[Any]
Some = TypeVar("Some")

SUCCESS = (3,)
FAILURE = (4, 7)  # failed, or failed in part
PENDING = (1, 2, 5, 8)
FINISHED = SUCCESS + FAILURE


class UtcYear(Func):
    """The calendar year in UTC of a time; on SQLite without Django's own function, which is in Python and slow."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(substr(%(expressions)s, 1, 4) AS INTEGER)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="extract(year FROM %(expressions)s AT TIME ZONE 'UTC')::int", **extra)


def rows_of(model: type[Model]) -> Rows:
    return model._default_manager.all()


def among(rows: Rows, name: str, keys: Keys) -> Rows:
    """The rows whose relation of this name leads to one of the keys; to any row where `keys` is None."""
    return rows.filter(leading_to(name, keys))


def leading_to(name: str, keys: Keys) -> Q:
    """`among` as a condition."""
    return Q(**({f"{name}__isnull": False} if keys is None else {f"{name}__in": list(keys)}))


def counting(prefix: str = "") -> Q:
    """Launches that count: those that are listed and have a time."""
    return is_listed(Launch, prefix) & Q(**{f"{prefix}net__isnull": False})


def orbital(prefix: str = "") -> Q:
    """Launches that are not known to be suborbital: those without a mission or an orbit count."""
    orbit = f"{prefix}mission__orbit"
    return Q(**{f"{orbit}__isnull": True}) | ~Q(**{orbit: SUBORBITAL})


def launches() -> Rows:
    return Launch.objects.filter(counting())


def chunks(keys: Collection[Some], size: int) -> Iterator[list[Some]]:
    """The keys, at most so many at a time."""
    rest = iter(keys)
    while some := list(islice(rest, size)):
        yield some
