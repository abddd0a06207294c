"""The journal's one table. Entries are added and read, never changed."""

from django.db import models


class Entry(models.Model):
    """The change of one object by one observation, or by computing numbers.

    Entries that were committed together share their `transaction`, a number that grows, and their `at`, the time of writing.
    `observed_at` is the object's own `last_updated` where the reply had it, else the time of the reply; null if the change was
    computed or the time is not known. `source` is that of the change, and not that of the object. `kind` is the label that the
    object's model declares and `key` its id as text, so that the journal is independent of the catalogue. `changes` maps each
    changed column or list to `[old, new]` in wire form; lists are lists of ids. A deleted object stays, and a newer reply revives
    it; entries of both change `deleted_at` alone, and that of a deletion may have a `reason` as well.
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
