"""Conditions on what rows lead to: a path of relations, written as the catalogue relates its rows, joined by `__`.

Promises: each table along a path is asked once, from its end backwards, so that a condition on few rows (agencies, orbits) finds
the many (launches) by an index, and no row is met twice because a list lies on the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

Condition = Callable[[str], Q]


def at_the_end(model: Any, path: str, condition: Condition) -> Q:
    """The condition, told of the column at the end of a path, as one on rows of this model."""
    first, _, rest = path.partition("__")
    if not rest:
        return condition(first)
    relation = model._meta.get_field(first)
    target = relation.related_model
    found = target._default_manager.filter(at_the_end(target, rest, condition))
    if relation.concrete:
        return Q(**{f"{first}__in": found.values("pk")})
    return Q(pk__in=found.values(relation.field.name))
