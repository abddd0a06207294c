"""`ordering`, with the framework's meaning over every single value of an object; every order is completed by the key.

Upstream's FAQ allows any field. Those that its document declares have indexes; for the others the database sorts the filtered
rows. Promises: an order compares MOST_COLUMNS columns at most; those beyond, and unknown ones, are ignored.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import QuerySet

from launchledger.api.searching import name_columns
from launchledger.catalogue.queries.running import next_minute, shown
from launchledger.catalogue.statistics.numbers import running_columns
from launchledger.documents.freshness import expires_at
from launchledger.wire.fields import SCALARS
from launchledger.wire.resources import Resource

MOST_COLUMNS = 10  # that one `ordering` compares; each costs time for every row


def ordering_fields(resource: Resource) -> tuple[str, ...]:
    """The columns that upstream's document declares for `ordering`, or the id and the name where it declares none."""
    return resource.ordering or ("id", *name_columns(resource))


@cache
def columns_that_order(resource: Resource) -> frozenset[str]:
    """Every column that `ordering` takes: the declared ones, and each single value in a shape of the resource."""
    shapes = (resource.detail, *resource.modes.values())
    single = {field.column for shape in shapes for field in shape.fields if field.kind in SCALARS}
    return frozenset({*single, *ordering_fields(resource)})


def in_order(rows: QuerySet[Any], names: tuple[str, ...]) -> QuerySet[Any]:
    """Rows by these columns (`-` before one reverses it), those without a value last, and by the key where all are equal."""
    model: Any = rows.model
    running = running_columns(model)
    if any(name.removeprefix("-") in running for name in names):
        expires_at(next_minute())
    order = [
        shown(model, name.removeprefix("-")).desc(nulls_last=True)
        if name.startswith("-")
        else shown(model, name).asc(nulls_last=True)
        for name in names
    ]
    return rows.order_by(*order, *([] if "id" in names or "-id" in names else ["pk"]))


def requested_order(resource: Resource, text: str) -> tuple[str, ...]:
    """The first MOST_COLUMNS known columns that a parameter names; the resource's own order if it names none."""
    known = columns_that_order(resource)
    names: dict[str, str] = {}  # by column: a repeated column changes nothing
    for part in text.split(","):
        name = part.strip()
        column = name.removeprefix("-")
        if column in known:
            names.setdefault(column, name)
    return tuple(names.values())[:MOST_COLUMNS] or resource.order
