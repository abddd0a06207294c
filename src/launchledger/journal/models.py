"""The journal's one table. Entries are added and read, never changed."""

from django.db import models


class Entry(models.Model):
    """What one transaction changed in one object.

    `changes` maps each changed column or list to `[old, new]` in wire form; lists are lists of ids. `kind` is the model's name
    and `key` the object's id as text, so that the journal knows no catalogue.
    """

    class Action(models.TextChoices):
        CREATED = "created"
        CHANGED = "changed"
        DELETED = "deleted"

    serial = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    source = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    action = models.TextField(choices=Action.choices)
    changes = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "serial"], name="journal_entry_object")]

    def __str__(self) -> str:
        return f"{self.serial}: {self.kind} {self.key} {self.action}"
