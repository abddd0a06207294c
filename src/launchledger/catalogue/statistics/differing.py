"""Where what is stored is not what the numbers are now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from launchledger.catalogue.statistics.numbers import MANY, Family
from launchledger.catalogue.statistics.reading import Key, Keys, chunks, rows_of

Difference = dict[str, tuple[Any, Any]]


def differences(family: Family, keys: Keys, now: datetime) -> Iterator[tuple[Key, Difference]]:
    """Each row with a number that is not as stored: by column, what is stored and what it is now, seen or not."""
    values = family.values(keys, now)
    columns, empty = family.columns, family.empty
    for key, *held in _stored(family, keys):
        now_are = values.get(key, empty)
        differing = {
            column: (before, after)
            for column, before in zip(columns, held, strict=True)
            if before != (after := now_are.get(column, empty[column]))
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
