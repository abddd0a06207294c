"""Up to which moment the numbers that depend on the time of day are right."""

from __future__ import annotations

from django.db import models


class Clock(models.Model):
    """The one row: `refreshed_at` is the moment as of which the last refresh saw what had passed (see `actions.refreshing`)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    refreshed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"numbers as of {self.refreshed_at}"
