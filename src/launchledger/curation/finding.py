"""Finding objects by their names or abbreviations, so that nobody has to know ids.

Promises: one query, at most so many objects as are asked for; deleted ones are not found. Objects of a kind without names are not
found at all.
"""

from __future__ import annotations

from django.db.models import Case, Q, When
from django.db.models.functions import Lower

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.queries.overview import name_path
from launchledger.catalogue.records import Key

LONGEST_NAME = 200  # characters of a name that is looked for

Named = tuple[Key, str]


def called(kind: str, name: str, limit: int) -> list[Named]:
    """The objects of a kind with exactly this name or abbreviation, in any case."""
    return _named(kind, name, "iexact", limit)


def with_name_like(kind: str, text: str, limit: int) -> list[Named]:
    """The objects of a kind whose name contains a text, or that have it as abbreviation, in any case.

    First those with exactly this name or abbreviation, then those whose name begins with it.
    """
    return _named(kind, text, "icontains", limit)


def _named(kind: str, text: str, comparison: str, limit: int) -> list[Named]:
    path, wanted = name_path(kind), text[:LONGEST_NAME].replace("\0", "").strip()
    if not path or not wanted:
        return []
    model = model_of(kind)
    exactly = Q((f"{path}__iexact", wanted))
    if any(field.name == "abbrev" for field in model._meta.concrete_fields):
        exactly |= Q(abbrev__iexact=wanted)
    nearness = Case(When(exactly, then=0), When(Q((f"{path}__istartswith", wanted)), then=1), default=2)
    rows = model._default_manager.filter(is_not_deleted(model), exactly | Q((f"{path}__{comparison}", wanted)))
    return [(key, str(name)) for key, name in rows.order_by(nearness, Lower(path), "pk").values_list("pk", path)[:limit]]
