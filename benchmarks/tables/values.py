"""A value for any column of any model, from its Django field: its kind, its default, whether it may be null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.db import models

from benchmarks.tables.proportions import ADDRESSES, MOST_NAMED, NULL, NULLS, TEXT, TEXTS, rows_of
from benchmarks.tables.words import Text

Make = Callable[[Random], Any]
BEGIN = datetime(1957, 10, 4, 19, 28, 34, tzinfo=UTC)


def maker(field: Any, scale: float, text: Text, now: datetime) -> Make:
    """The function that makes the values of a column. A relation has any row of its table; rows are numbered from 1."""
    make = _maker(field, scale, text, now)
    share = _told(NULLS, field, NULL) if field.null and field.get_default() in (None, "") else 0
    if field.get_default() == "" or not share:
        return make
    if share >= 1:
        return lambda chance: None
    return lambda chance: None if chance.random() < share else make(chance)


def _told(table: dict[str, Any], field: Any, default: Any) -> Any:
    return table.get(f"{field.model.__name__}.{field.name}", table.get(field.name, default))


def _maker(field: Any, scale: float, text: Text, now: datetime) -> Make:
    if field.is_relation:
        rows = rows_of(field.related_model.__name__, scale)
        first = _told(MOST_NAMED, field, ())
        keys = [*first, *(key for key in range(1, rows + 1) if key not in first)]
        return lambda chance: keys[int(chance.random() ** 2 * rows)]  # a few have many, as everywhere
    if isinstance(field, models.TextField | models.CharField):
        mean = _told(TEXTS, field, TEXT)
        if field.name.endswith("_url") or field.name in ADDRESSES:
            return lambda chance: text.address(chance, mean)
        if field.name in ("latitude", "longitude"):
            return lambda chance: f"{chance.uniform(-90, 90):.6f}"
        return lambda chance: text.cut(chance, mean)
    if isinstance(field, models.BooleanField):
        return lambda chance: chance.random() < 0.5
    if isinstance(field, models.FloatField):
        return lambda chance: round(chance.uniform(1, 120), 1)
    if isinstance(field, models.DateTimeField):
        return lambda chance: moment(chance, BEGIN, now)
    if isinstance(field, models.DateField):
        return lambda chance: moment(chance, BEGIN, now).date()
    if isinstance(field, models.DurationField):
        return lambda chance: timedelta(seconds=int(chance.random() * 20_000_000))
    if isinstance(field, models.IntegerField):
        return lambda chance: int(chance.random() * 2_000)
    raise TypeError(f"{field} has a type that the generator cannot fill: {type(field).__name__}")


def moment(chance: Random, first: datetime, last: datetime) -> datetime:
    """A whole second between two times."""
    return first + timedelta(seconds=int(chance.random() * (last - first).total_seconds()))
