"""The tables of hooks and of the attempts to deliver to them. What is still to be delivered is the journal itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models


class Hook(models.Model):
    """An address that gets what changed, and how far it got.

    The secret is not stored: it follows from `salt` and LAUNCHLEDGER_SECRET_KEY, and `fingerprint` tells whether a key is the one
    with which the hook was added. `resources`, `ids` and `columns` select entries; an empty list selects all.
    `delivered` is a serial of the journal: every entry up to it was delivered or is not for this hook. `failures` counts the
    attempts that failed since the last success, the first of them at `failing_since`; `reason` is that of the last one. Nothing
    is sent before `next_at`, nor after `paused_at`. Until `leased_until` the deliverer with the token `lease` alone delivers.
    """

    url = models.TextField()
    salt = models.TextField()
    fingerprint = models.TextField()
    resources = models.JSONField(default=list)
    ids = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    created_at = models.DateTimeField()
    delivered = models.BigIntegerField()
    delivered_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    lease = models.TextField(default="")
    leased_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """The hook in a log: its path and query may be a secret of the receiver."""
        return f"hook {self.pk} at {urlsplit(self.url).hostname}"


class Attempt(models.Model):
    """One request to a hook. `status` is null where no reply came; `reason` is "" where it was accepted.

    `message` is the id that the receiver got, `first` and `last` the serials of the entries; a test has none, and 0 for both.
    """

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE)
    at = models.DateTimeField()
    message = models.TextField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    entries = models.IntegerField()
    status = models.IntegerField(null=True)
    reason = models.TextField()
    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.message}: {self.reason or self.status}"
