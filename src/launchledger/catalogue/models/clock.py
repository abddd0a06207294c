"""The time up to which, and the rules by which, the stored derived numbers are right."""

from __future__ import annotations

from django.db import models


class Clock(models.Model):
    """The one row: `refreshed_at` is the time as of which the last refresh computed (see `actions.refreshing`).

    `rules` is the version of the rules by which all numbers were computed last (`statistics.numbers.RULES`), 0 for those before
    versions were stored.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    refreshed_at = models.DateTimeField()
    rules = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"numbers as of {self.refreshed_at}"
