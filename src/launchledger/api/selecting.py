"""Which rows a list shows for a query: filtered, searched and ordered as the views do it, without a request of the framework."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from launchledger.api.filters import FILTERS
from launchledger.api.moments import listed
from launchledger.api.ordering import in_order, order_asked
from launchledger.api.searching import found_by, words_of
from launchledger.contract.resources import Resource

# Parameters with which a list depends on no rows but its own.
PLAIN = frozenset({"format", "limit", "mode", "offset"})
_KNOWN = PLAIN | {"ordering", "search"}


def is_known(resource: Resource, query: QueryDict) -> bool:
    """Whether every parameter of a query means something here, and none is given twice."""
    filters = FILTERS[resource.path].base_filters if resource.path in FILTERS else {}
    return all((name in _KNOWN or name in filters) and len(values) == 1 for name, values in query.lists())


def selected(resource: Resource, shape: str, query: QueryDict) -> QuerySet[Any] | None:
    """The rows in their order; None where a value is refused, and the framework must say how."""
    rows = listed(resource, shape)
    if resource.path in FILTERS and not query.keys() <= _KNOWN:
        filters = FILTERS[resource.path](data=query, queryset=rows)
        if not filters.is_valid():
            return None
        rows = filters.qs
    try:
        words = words_of(query.get("search", ""))
    except ValidationError:
        return None
    return in_order(found_by(resource, rows, words), order_asked(resource, query.get("ordering", "")))
