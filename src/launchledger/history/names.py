"""The kinds and columns of the journal by their names on the wire.

Promises: a kind that the wire serves has the path of its resource, and a column the key that shows it, with that of the part of
the object before it (`rocket.configuration`). A column that no key shows, or whose key is the name of another column, keeps its
own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from launchledger.catalogue.models.kinds import kinds
from launchledger.journal.models import CHANGED_ALONE
from launchledger.wire.fields import Kind, Shape
from launchledger.wire.served import DEFAULT


@cache
def resources() -> dict[str, str]:
    """The kind of the objects at each path that an entry may name."""
    return {path: kind for kind, path in DEFAULT.path_of_model.items()}


def resource_of(kind: str) -> str:
    """The path at which objects of this kind are served; "" for kinds that are only nested in others."""
    return DEFAULT.path_of_model.get(kind, "")


def path_of(kind: str, key: str) -> str:
    """The path of an object below the version, such as `launch/{id}/`; "" where it has none."""
    path = resource_of(kind)
    return f"{path}/{key}/" if path in DEFAULT.resources else ""


@cache
def column_names(kind: str) -> Mapping[str, str]:
    """The names of the columns of a kind whose name on the wire differs from their own."""
    columns: dict[str, str] = {}
    for shape in DEFAULT.shapes.values():
        if shape.model == kind and not shape.part:
            columns = {**dict(_keys(shape, "")), **columns}
    return {column: name for column, name in columns.items() if column != name and name not in columns}


@cache
def columns_named(name: str) -> frozenset[str]:
    """The columns, of whichever kind, that have this name."""
    renamed = {column for kind in kinds() for column, key in column_names(kind).items() if key == name}
    return frozenset(renamed or ({name} if name in _own_names() else ()))


@cache
def _own_names() -> frozenset[str]:
    """The names of all columns and lists that entries may have."""
    shown = {column for shape in DEFAULT.shapes.values() for column, _ in _keys(shape, "")}
    stored = {field.name for model in kinds().values() for field in model._meta.concrete_fields}
    return frozenset({*shown, *stored, *CHANGED_ALONE})


def _keys(shape: Shape, before: str) -> Iterator[tuple[str, str]]:
    """Each column that a shape shows, with its key."""
    for field in shape.fields:
        if field.kind is Kind.PART:
            yield from _keys(shape.nested(field), f"{before}{field.key}.")
        elif field.column and field.kind is not Kind.URL:
            yield field.column, f"{before}{field.key}"
