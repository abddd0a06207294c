"""The tables of keys, which programs send, and of users, who are people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
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


class User(AbstractBaseUser):
    """A person who may use the desk: a curator corrects and adds, a reader looks. The journal names curators."""

    name = models.TextField(unique=True)
    is_curator = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[BaseUserManager[User]] = BaseUserManager()  # type: ignore[assignment]  # the stubs say Self

    USERNAME_FIELD = "name"

    def __str__(self) -> str:
        return self.name

    @property
    def role(self) -> str:
        return "curator" if self.is_curator else "reader"
