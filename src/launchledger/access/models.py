"""The table of keys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Key(models.Model):
    """A key. Its text is not stored; `digest` identifies it.

    `rate` is "" for the default of keys, `unlimited`, or a rate such as 100/hour. `last_used_at` may be an hour behind.
    """

    name = models.TextField()
    digest = models.TextField(unique=True)
    rate = models.TextField(default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("name", condition=Q(revoked_at=None), name="access_key_name"),
        ]

    def __str__(self) -> str:
        return f"key {self.name}"
