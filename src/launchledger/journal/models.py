"""The journal's tables. Entries are added and read; compaction alone shortens and removes old ones (`compacting`)."""

from django.db import models

CHANGED_ALONE = ("deleted_at", "reason")  # in entries of deletions and of overrides; no shape shows them


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


class Compaction(models.Model):
    """The one row, there from the first compaction on: every entry after `serial` is as it was written.

    `at` is the newest time of writing among those up to `serial`. Entries up to `done` have nothing that compacting would
    remove; it is less than `serial` while a compaction runs, and after one that was killed.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    serial = models.BigIntegerField()
    at = models.DateTimeField()
    done = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"compacted up to {self.serial}"
