"""Columns that are not ordered as they are stored.

Durations of what is in space now run (docs/adr/0009), and names are ordered as people read them (docs/adr/0018).
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, F, Func

from launchledger.catalogue.models.column import SortKey
from launchledger.catalogue.queries.dialects import DIALECTS
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.formats.times import MINUTE


def last_minute() -> int:
    """The last whole minute, in microseconds since 1970: as of it durations run, so that a reply may be kept until the next."""
    return int(time.time()) // 60 * MINUTE


def next_minute() -> float:
    """When they grow next, in seconds since 1970."""
    return (last_minute() + MINUTE) / 1_000_000


class AsShown(Func):
    """A duration as it is shown now, in microseconds: with the time since when it runs."""

    output_field = BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[str | int, ...]]:
        dialect = DIALECTS[connection.vendor]
        duration, since = (compiler.compile(source)[0] for source in self.get_source_expressions())
        stored = dialect.wire_forms.get("DurationField", "{0}").format(duration)
        return f"COALESCE({stored} + {last_minute()} - {dialect.microseconds.format(since)}, {stored})", ()


def shown(model: Any, column: str) -> Any:
    """The expression by which rows are compared in what they show in a column, or in one that a path of relations leads to."""
    if column in running_columns(model):
        return AsShown(F(column), F(column + SINCE))
    return F(f"{column}_key" if _has_sort_key(model, column) else column)


@cache
def _has_sort_key(model: Any, path: str) -> bool:
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return any(field.name == f"{last}_key" and isinstance(field, SortKey) for field in model._meta.concrete_fields)
