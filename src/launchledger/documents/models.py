"""Rendered objects, stored in the database of the rows that they were rendered from, and the objects that each one shows."""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """One object in one shape (its label), as JSON bytes with placeholders for addresses (see `rendering`)."""

    id = models.BigAutoField(primary_key=True)
    shape = models.TextField()
    key = models.TextField()
    body = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shape", "key"], name="document_of_object")]

    def __str__(self) -> str:
        return f"{self.shape} {self.key}"


class Use(models.Model):
    """A reference: a document shows an object. `thing` is the object's hash (see `references`); no foreign keys, for speed."""

    thing = models.BigIntegerField()
    document = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "document"], name="use_of_thing")]

    def __str__(self) -> str:
        return f"{self.thing} in {self.document}"
