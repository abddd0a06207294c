"""`search` and `ordering`, with the framework's meaning over the declared columns; every order is completed by the key."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

from launchledger.catalogue.queries.plan import model_of
from launchledger.contract.resources import Resource
from launchledger.contract.searching import ORDERING, SEARCH

WITHOUT_SEARCH = {"spacecraft/flight"}
WITHOUT_ORDERING = {"spacecraft/flight", "location", "pad"}


def search_fields(resource: Resource) -> tuple[str, ...]:
    """Where `search` looks; a resource of which nothing is known is searched by its name."""
    if resource.path in WITHOUT_SEARCH:
        return ()
    return SEARCH.get(resource.whole) or _by_name(resource)


def ordering_fields(resource: Resource) -> tuple[str, ...]:
    if resource.path in WITHOUT_ORDERING:
        return ()
    return ORDERING.get(resource.whole) or ("id", *_by_name(resource))


def _by_name(resource: Resource) -> tuple[str, ...]:
    return tuple(field.name for field in model_of(resource.model)._meta.concrete_fields if field.name == "name")


def in_order(rows: QuerySet[Any], names: tuple[str, ...]) -> QuerySet[Any]:
    """Rows by these columns (`-` before one reverses it), those without a value last, and by the key where all are equal."""
    order = [
        F(name.lstrip("-")).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True) for name in names
    ]
    return rows.order_by(*order, *([] if "id" in names or "-id" in names else ["pk"]))


class WireSearch(SearchFilter):
    def get_search_fields(self, view: Any, request: Request) -> Any:
        return search_fields(view.resource)


class WireOrdering(OrderingFilter):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        asked = request.query_params.get(self.ordering_param, "")
        known = set(ordering_fields(view.resource))
        names = tuple(name for part in asked.split(",") if (name := part.strip()).removeprefix("-") in known)
        return in_order(queryset, names or view.resource.order)
