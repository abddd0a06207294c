"""The texts that searches look in: one for each object that can be found."""

from __future__ import annotations

from django.db import models


class SearchedText(models.Model):
    """The searched values of one object, in lower case, each behind a MARK (see `catalogue.queries.texts`).

    `search` is the name of the search that looks in it, `key` the object's key as text. The table has an index of all runs of
    three characters (migration 0003). An object without any text has no row.
    """

    search = models.TextField()
    key = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "key"], name="searched_text_of_object")]

    def __str__(self) -> str:
        return f"{self.search} {self.key}"
