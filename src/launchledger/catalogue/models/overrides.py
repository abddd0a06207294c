"""Corrections that replace observed values (docs/adr/0047)."""

from __future__ import annotations

from typing import Any

from django.db import models


class Override(models.Model):
    """One column or list of one row that has a value of our own, whatever is observed.

    `kind` and `key` are those of the journal. `values` maps the column to its value in wire form, and with it the columns that
    follow from it: a relation clears the names that were known of it, and the place in a list that the observed one gave.
    `observed` maps the same columns to what they would hold without the override; when and where that was seen is in the row's
    observations. The members of a list are ids, or for members without an id their columns. It ends by itself at `until`.
    """

    kind = models.TextField()
    key = models.TextField()
    column = models.TextField()
    values = models.JSONField()
    observed = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "column"], name="override_column")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.column}"

    @property
    def value(self) -> Any:
        """The value of the column itself."""
        return self.values[self.column]

    @property
    def observed_value(self) -> Any:
        """What the column itself would hold without the override."""
        return self.observed[self.column]

    def effective(self, column: str) -> Any:
        """The effective value of one of its columns: all are as observed where the override says what was observed."""
        return self.observed[column] if self.value == self.observed_value else self.values[column]
