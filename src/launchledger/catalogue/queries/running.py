"""Columns whose order is not that of the stored values.

Durations of objects in space run (docs/adr/0009), and names are ordered as people read them (docs/adr/0018).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import BigIntegerField, F, Func

from launchledger import clock
from launchledger.catalogue.models.column import SortKey
from launchledger.catalogue.queries.dialects import DIALECTS
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.formats.times import MINUTE


def last_minute() -> int:
    """The last whole minute, in microseconds since 1970: durations run up to it, so that a reply is fresh until the next."""
    return int(clock.timestamp()) // 60 * MINUTE


def next_minute() -> float:
    """The time at which durations grow next, in seconds since 1970."""
    return (last_minute() + MINUTE) / 1_000_000


class AsShown(Func):
    """A duration as it is shown now, in microseconds: the stored one, and the time since it began to run."""

    output_field = BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[str | int, ...]]:
        dialect = DIALECTS[connection.vendor]
        duration, since = (compiler.compile(source)[0] for source in self.get_source_expressions())
        stored = dialect.wire_forms.get("DurationField", "{0}").format(duration)
        return f"COALESCE({stored} + {last_minute()} - {dialect.microseconds.format(since)}, {stored})", ()


def shown(model: Any, column: str) -> Any:
    """The expression that orders rows by what a column shows; the column may be at the end of a path of relations."""
    if column in running_columns(model):
        return AsShown(F(column), F(column + SINCE))
    return F(f"{column}_key" if _has_sort_key(model, column) else column)


@cache
def _has_sort_key(model: Any, path: str) -> bool:
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return any(field.name == f"{last}_key" and isinstance(field, SortKey) for field in model._meta.concrete_fields)
