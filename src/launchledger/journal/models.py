"""The journal's one table. Entries are added and read, never changed."""

from django.db import models


class Entry(models.Model):
    """What one observation, or the computing of numbers, changed in one object.

    Entries that were committed together share their `transaction`, a number that grows, and their `at`, the time of writing.
    `observed_at` is when it was so: the object's own `last_updated` where the reply gave it, else the time of the reply; null for
    what was computed, and where nobody knows. `source` is that of the change, and not that of the object. `kind` is the label
    that the object's model declares and `key` its id as text, so that the journal knows no catalogue. `changes` maps each changed
    column or list to `[old, new]` in wire form; lists are lists of ids. A deleted object stays, and a newer reply revives it;
    such an entry changes `deleted_at` alone, and that of a deletion may have a `reason` beside it.
    """

    class Action(models.TextChoices):
        CREATED = "created"
        CHANGED = "changed"
        DELETED = "deleted"
        REVIVED = "revived"

    serial = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField()
    at = models.DateTimeField()
    observed_at = models.DateTimeField(null=True)
    source = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    action = models.TextField(choices=Action.choices)
    changes = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "serial"], name="journal_entry_object")]

    def __str__(self) -> str:
        return f"{self.serial}: {self.kind} {self.key} {self.action}"
