"""Durations that run: those of what is in space now, which are not stored as they are shown (docs/adr/0009)."""

from __future__ import annotations

import time
from typing import Any

from django.db.models import BigIntegerField, F, Func

from launchledger.catalogue.queries.dialects import DIALECTS
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.contract.formats import MINUTE


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
    """The expression by which rows are compared in what they show in a column."""
    return AsShown(F(column), F(column + SINCE)) if column in running_columns(model) else F(column)
