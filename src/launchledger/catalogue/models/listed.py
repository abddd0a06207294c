"""Which rows are listed: the one owner of the question, for lists, counts, derived numbers, slugs and the overview.

Promises: a row that is not listed is in no list and counts for nothing; relations still lead to it. Launches that other objects
only named are not listed. The database keeps the answer for launches in their column `listed`, which the indexes of lists hold.
Which of the listed rows a list shows depends on its shape as well: `serving.listed`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Q, When

# What a launch must have to be more than named by others, and what besides to fill its normal shape.
NAMED_BY, WHOLE_WITH = "status", ("status", "launch_service_provider", "pad", "configuration")
NAMED_ALONE, WHOLE = 1, 2

INCOMPLETE = Q(*((f"{name}__isnull", True) for name in WHOLE_WITH), _connector=Q.OR)
"""Launches that lack what their normal shape never has null."""

LISTED = Q(listed__isnull=False)
"""The condition of the indexes that serve lists of launches."""


def listed_column() -> models.GeneratedField:
    """In which lists a launch is shown; the database computes it from the launch's own columns.

    WHOLE in all; NAMED_ALONE only where names stand for relations (mode=list); null in none.
    """
    return models.GeneratedField(
        expression=Case(When(Q((f"{NAMED_BY}__isnull", True)), then=None), When(INCOMPLETE, then=NAMED_ALONE), default=WHOLE),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )


def is_listed(model: type[models.Model], prefix: str = "") -> Q:
    """That rows of this model are listed; with a prefix such as `launch__`, those that the relation leads to."""
    return Q((f"{prefix}listed__isnull", False)) if _keeps_the_answer(model) else Q()


def listed_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """The listed rows of a model."""
    return model._default_manager.filter(is_listed(model))


def _keeps_the_answer(model: type[models.Model]) -> bool:
    return any(field.name == "listed" for field in model._meta.concrete_fields)
