"""The stored numbers that differ from the computed ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from launchledger.catalogue.statistics.numbers import MANY, Family
from launchledger.catalogue.statistics.reading import Key, Keys, chunks, rows_of

Difference = dict[str, tuple[Any, Any]]


def differences(family: Family, keys: Keys, now: datetime) -> Iterator[tuple[Key, Difference]]:
    """Each row with a number that differs: by column, its stored and its computed value, whether it was observed or not."""
    values = family.values(keys, now)
    columns, empty = family.columns, family.empty
    for key, *stored in _stored(family, keys):
        computed = values.get(key, empty)
        differing = {
            column: (before, after)
            for column, before in zip(columns, stored, strict=True)
            if before != (after := computed.get(column, empty[column]))
        }
        if differing:
            yield key, differing


def _stored(family: Family, keys: Keys) -> Iterator[Any]:
    rows = rows_of(family.model).order_by().values_list("pk", *family.columns)
    if keys is None:
        yield from rows
        return
    for some in chunks(keys, MANY):
        yield from rows.filter(pk__in=some)
