"""The base classes of the tables: a row of something with an id, a place in a list, or a row owned by another.

Every column may hold null, because upstream may send null anywhere and we must send it back. A column that was never observed
is null where the wire allows null, and has its default (`""`, false, 0, `P0D`) where it does not; `Observed.observations`
records whether a column was ever observed, its value never does.
"""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

DELETED = Q(deleted_at__isnull=False)


class Origin(StrEnum):
    """Where the effective value of a column or list comes from (docs/adr/0035)."""

    OBSERVED = "observed"
    """A reply had it."""
    COMPUTED = "computed"
    """No reply had it: it follows from other rows, or is the column's default."""
    OVERRIDDEN = "overridden"
    """An override has it, whatever replies say. `Row.origin_of` knows; the row's observations do not (docs/adr/0047)."""


def origin_of(column: str, observed: Container[str]) -> Origin:
    """The origin of a column of a row, if these columns of the row were observed."""
    return Origin.OBSERVED if column in observed else Origin.COMPUTED


class Observed(models.Model):
    """A row for something that has an id upstream.

    `kind` is the label of such rows in the journal, the documents and the surrogate keys. It is stored, so it outlives the
    name of the class. `watched` are the columns whose history is stored (`models.history`).
    `observations` is a list of `[time, source, [columns], saved, rank]`, newest first: when each column was last seen, where,
    and the values that break ties (see `actions.seen`), absent where there are none. `list/key/place` among the columns is a row
    that the newest list names at this place, and that another owner has.
    `not_understood` maps the keys of this object that no shape knows to their values.
    `deleted_at` is the time of the newest deletion, null for a row that was seen later than that (docs/adr/0034).
    """

    kind: ClassVar[str]
    watched: ClassVar[tuple[str, ...]] = ()

    source = models.TextField(default="")
    observed_at = models.DateTimeField(null=True)
    observations = models.JSONField(default=list)
    not_understood = models.JSONField(default=dict)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        # Names of indexes have 30 characters at most.
        indexes = [models.Index(fields=["id"], condition=DELETED, name="%(class)s_rm")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def origin_of(self, column: str) -> Origin:
        """Where the value of a column or list comes from, overrides aside."""
        return origin_of(column, [name for _, _, names, *_ in self.observations for name in names])


class Link(models.Model):
    """A place in an ordered list of rows that live on their own. `position` counts from 0."""

    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["owner", "position"], name="%(class)s_place")]


class CompletedLink(Link):
    """A place in a list that other rows complete, as crews complete the flights of an astronaut.

    `follows` is true where the place follows from other rows, and false where the list was observed with it. Places that follow
    come behind the others; in each part `position` counts from 0.
    """

    follows = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["owner", "follows", "position"], name="%(class)s_place")]


class Owned(models.Model):
    """A member of an ordered list that has no id of its own upstream: it is written and deleted with its owner."""

    position = models.PositiveIntegerField()
    not_understood = models.JSONField(default=dict)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["owner", "position"], name="%(class)s_place")]
