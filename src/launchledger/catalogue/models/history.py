"""The values over time of the columns whose history is stored."""

from __future__ import annotations

from django.db import models


class ObservedState(models.Model):
    """The watched columns of one object as replies of one stretch of time had them.

    `state` is a JSON object of the columns that the replies had, in wire form and with sorted keys; `kind` and `key` are those of
    the journal. `since` is the object's `last_updated` in these replies, and `is_dated` true. Replies without a `last_updated`
    are grouped by month, and `since` is its begin. `first` and `last` are the times of the first and the last such reply, and
    `source` is that of the first. So the number and the order of observations make no difference: each value is a minimum or a
    maximum.
    """

    kind = models.TextField()
    key = models.TextField()
    since = models.DateTimeField()
    is_dated = models.BooleanField()
    state = models.TextField()
    first = models.DateTimeField()
    last = models.DateTimeField()
    source = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "since", "is_dated", "state"], name="observed_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} since {self.since}: {self.state}"
