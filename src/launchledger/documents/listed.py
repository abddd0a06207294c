"""Which rows a list shows: rows that are listed (`models.listed`) and have every relation that the list's shape needs.

Promises: one answer per shape for API and pages, so that a list and its count agree in each mode. What a shape needs follows from
the declarations: each relation that it never has null and that some other shape of the model omits, and what the nested shape
needs in turn. A row that lacks one of them has a detail but is in no list, until a reply contains the rest (ADR 17).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import INCOMPLETE, NAMED_BY, WHOLE, is_listed
from launchledger.wire.fields import Field, Kind, Shape


def listed(shape: Shape) -> QuerySet[Any]:
    """The rows that lists of this shape show, before anything is selected."""
    return _listed(shape).all()


@cache
def _listed(shape: Shape) -> QuerySet[Any]:
    """A query that is never run: building the condition for each list would cost a tenth of a millisecond."""
    return model_of(shape.model)._default_manager.filter(_shown(shape))


def _shown(shape: Shape) -> Q:
    """The condition that lists of this shape show a row: it is listed, and has what the shape needs."""
    model = model_of(shape.model)
    if model is Launch:  # the most requested: a column of each row stores the answer, with indexes
        return is_listed(Launch) if needed_relations(shape).keys() <= {NAMED_BY} else Q(listed=WHOLE)
    return is_listed(model) & _fills(shape, "")


def _fills(shape: Shape, path: str) -> Q:
    """The condition that the row at the end of `path` (ending in `__`) has what this shape needs."""
    if path and model_of(shape.model) is Launch:
        # Few launches are incomplete, and an index finds them: a list of rows that belong to launches reads no other launch.
        return ~Q((f"{path.removesuffix('__')}__in", Launch.objects.filter(INCOMPLETE).values("pk")))
    conditions = Q()
    for column, nested in needed_relations(shape).items():
        conditions &= Q((f"{path}{column}__isnull", False)) & _fills(nested, f"{path}{column}__")
    return conditions


@cache
def needed_relations(shape: Shape) -> dict[str, Shape]:
    """The relations that this shape never has null and another shape of the model omits, each with its nested shape."""
    alike = (other for other in shape.siblings.values() if other.model == shape.model and not other.part)
    always = set.intersection(*map(_columns_of, alike))
    return {column: nested for column, nested in _never_null(shape).items() if column not in always}


def _never_null(shape: Shape) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    for field in shape.fields:
        if field.kind is Kind.PART:
            found |= _never_null(shape.nested(field))
        elif field.kind is Kind.ONE and field.sent and not field.null:
            found[field.column] = shape.nested(field)
    return found


def _columns_of(shape: Shape) -> set[str]:
    """The columns that an object of this shape shows, or that follow from its owner, as a pad's location does."""
    shown = {field.column for field in shape.fields if field.sent}
    places = [(outer, field) for outer in shape.siblings.values() for field in outer.fields if field.shape == shape.name]
    return shown.union(set.intersection(*(_follows(outer, field) for outer, field in places)) if places else ())


def _follows(outer: Shape, field: Field) -> set[str]:
    """The relation to its owner that an object has because this field of the owner contains it."""
    relations: Any = model_of(outer.model)._meta.related_objects
    return {
        relation.field.name
        for relation in relations
        if relation.name == field.column and issubclass(relation.related_model, Observed)
    }


@cache
def deciding_kinds(shape: Shape) -> frozenset[str]:
    """The kinds of rows that decide which rows a list of this shape shows: its own, and those that must be complete too."""
    if model_of(shape.model) is Launch:
        return frozenset({shape.model})
    nested = (one for one in needed_relations(shape).values() if needed_relations(one))
    return frozenset({shape.model}).union(*map(deciding_kinds, nested))
