"""Who made the data that was received, so that pages can give credit."""

from __future__ import annotations

from django.db import models


class Provider(models.Model):
    """One of those whom objects name as their host; `name` is as people know them, `first_at` is when they were first seen."""

    name = models.TextField(primary_key=True)
    first_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
