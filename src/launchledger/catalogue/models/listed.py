"""Which rows are listed: the one place that decides it, for lists, counts, derived numbers, slugs and the overview.

Promises: a row that is not listed is in no list and counts for nothing; relations still lead to it. Deleted rows are not listed,
nor are launches that other objects only named. Small indexes hold the deleted rows, so that the condition costs no join and lists
need no other indexes; for launches the database computes the column `listed`, which the indexes of lists include.
Which of the listed rows a list shows depends on its shape as well: `documents.listed`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import BooleanField, Case, F, Func, Q, When

from launchledger.catalogue.models.base import DELETED, Link, Observed

# The column that a launch must have to be listed, and those that it must have to fill its normal shape.
NAMED_BY, WHOLE_WITH = "status", ("status", "launch_service_provider", "pad", "configuration")
NAMED_ALONE, WHOLE = 1, 2

INCOMPLETE = Q(*((f"{name}__isnull", True) for name in WHOLE_WITH), _connector=Q.OR)
"""Launches without a column that is never null in their normal shape."""

LISTED = Q(listed__isnull=False)
"""The condition of the indexes that serve lists of launches."""


def listed_column() -> models.GeneratedField:
    """In which lists a launch is shown; the database computes it from the launch's own columns.

    WHOLE: in all; NAMED_ALONE: only in those that show names instead of relations (mode=list); null: in none.
    """
    in_none = DELETED | Q((f"{NAMED_BY}__isnull", True))
    return models.GeneratedField(
        expression=Case(When(in_none, then=None), When(INCOMPLETE, then=NAMED_ALONE), default=WHOLE),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )


def is_listed(model: type[models.Model], prefix: str = "") -> Q:
    """The condition that rows of this model are listed; with a prefix such as `launch__`, those that the relation leads to.

    A place in a list is listed if its member is.
    """
    if issubclass(model, Link):
        return is_listed(_member_of(model), f"{prefix}member__")
    if any(field.name == "listed" for field in model._meta.concrete_fields):
        return Q((f"{prefix}listed__isnull", False))
    return is_not_deleted(model, prefix)


def is_not_deleted(model: type[models.Model], prefix: str = "") -> Q:
    """The condition that rows of this model are not deleted; a prefix leads to one, never to null. Owned rows never are."""
    if issubclass(model, Link):
        return is_not_deleted(_member_of(model), f"{prefix}member__")
    return Q(_NotDeleted(prefix.removesuffix("__") or "pk", model)) if issubclass(model, Observed) else Q()


class _NotDeleted(Func):
    """Whether a column is not among the keys of a model's deleted rows.

    Django would need a quarter of a millisecond to compile it as a subquery, for each list. On SQLite rows are compared by their
    rowid, which every index holds, so that an index alone answers a count.
    """

    output_field = BooleanField()
    arity = 1
    template = "%(expressions)s NOT IN (%(keys)s)"

    def __init__(self, column: str, model: type[Observed]) -> None:
        self._table = f'"{model._meta.db_table}"'
        super().__init__(F(column), keys=deleted_keys_sql(self._table))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        column: Any = self.source_expressions[0]
        if not column.target.primary_key:
            return self.as_sql(compiler, connection, **more)
        row = f"{compiler.quote_name_unless_alias(column.alias)}.rowid"
        return f"{row} NOT IN ({deleted_keys_sql(self._table, 'rowid')})", []


def _member_of(link: type[Link]) -> type[Observed]:
    concrete: Any = link  # the abstract model has no member
    model: type[Observed] = concrete._meta.get_field("member").related_model
    return model


def listed_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """The listed rows of a model, or the listed places of a list."""
    return model._default_manager.filter(is_listed(model))


def is_deleted_sql(alias: str) -> str:
    """The SQL condition that a row that is read anyway is deleted."""
    return f'{alias}."deleted_at" IS NOT NULL'


def deleted_keys_sql(table: str, key: str = '"id"') -> str:
    """The SELECT of the keys of the deleted rows of a table, which an index of their own holds."""
    return f"SELECT {key} FROM {table} WHERE {is_deleted_sql(table)}"  # noqa: S608  (names of our own)
