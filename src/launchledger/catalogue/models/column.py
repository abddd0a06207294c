"""The kinds of column that the tables are made of, so that a model reads like a list of facts.

Every column allows null; `default` is its value until it is observed (see `base`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models

from launchledger.catalogue.sorting import sort_key

ForeignKey = models.ForeignKey[Any, Any]
NO_TIME = timedelta(0)


def key() -> models.BigIntegerField[int, int]:
    """Upstream's id."""
    return models.BigIntegerField(primary_key=True)


def uuid() -> models.CharField[str, str]:
    """The id of a launch, stored as its text on the wire."""
    return models.CharField(primary_key=True, max_length=36)


def text(default: str | None = None) -> models.TextField[str | None, str | None]:
    return models.TextField(null=True, blank=True, default=default)


def integer(default: int | None = None) -> models.BigIntegerField[int | None, int | None]:
    return models.BigIntegerField(null=True, blank=True, default=default)


def number() -> models.FloatField[float | None, float | None]:
    return models.FloatField(null=True, blank=True)


def boolean(default: bool | None = None) -> models.BooleanField[bool | None, bool | None]:
    return models.BooleanField(null=True, blank=True, default=default)


def date() -> models.DateField[Any, Any]:
    return models.DateField(null=True, blank=True)


def date_time(db_index: bool = False) -> models.DateTimeField[Any, Any]:
    return models.DateTimeField(null=True, blank=True, db_index=db_index)


def duration(default: timedelta | None = None) -> models.DurationField[Any, Any]:
    return models.DurationField(null=True, blank=True, default=default)


def since() -> models.DateTimeField[Any, Any]:
    """The time since when the duration of the same name (without `_since`) runs, on top of its value; null when it does not.

    Only for durations that the catalogue computes (docs/adr/0009).
    """
    return models.DateTimeField(null=True, blank=True)


def computed() -> models.BooleanField[bool, bool]:
    """Whether some derived number of the row was never observed, so that the catalogue computes it. Set by the writers."""
    return models.BooleanField(default=True)


class SortKey(models.BinaryField):  # type: ignore[type-arg]  # it takes none at run time
    """The sort key of a name, as bytes that every database orders alike (docs/adr/0018); written with the row.

    Its name is that of the column with the name, and `_key`.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:  # noqa: ARG002  (as Django calls it)
        name = getattr(model_instance, self.attname.removesuffix("_key"))
        made = None if name is None else sort_key(name)
        setattr(model_instance, self.attname, made)
        return made


def sort_key_of_name() -> SortKey:
    return SortKey(null=True, editable=False)


def one(to: str | type[models.Model], *, listed_as: str = "+", db_index: bool = True) -> ForeignKey:
    """A relation to one row. `listed_as` names the list of these rows that the other side shows on the wire.

    Set `db_index` to false where the model has an index that begins with this column.
    """
    return models.ForeignKey(to, models.PROTECT, null=True, blank=True, related_name=listed_as, db_index=db_index)


def position() -> models.PositiveIntegerField[int | None, int | None]:
    """The place in the list that the relation of the same name (without `_position`) is part of; null when not observed."""
    return models.PositiveIntegerField(null=True, blank=True)


def owner(to: str | type[models.Model], *, listed_as: str) -> ForeignKey:
    """The row that a list belongs to. `listed_as` names the list; the index over owner and position serves this column too."""
    return models.ForeignKey(to, models.CASCADE, related_name=listed_as, db_index=False)


def member(to: str | type[models.Model]) -> ForeignKey:
    return models.ForeignKey(to, models.PROTECT, related_name="+")
