"""`search` and `ordering`, with the framework's meaning over the declared columns; every order is completed by the key.

Promises: a search looks through each table that it names once, whatever the number of rows that are related to one another.
"""

from __future__ import annotations

from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

from launchledger.api.paths import at_the_end
from launchledger.catalogue.queries.plan import model_of
from launchledger.catalogue.queries.running import next_minute, shown
from launchledger.catalogue.statistics.numbers import running_columns
from launchledger.contract.resources import Resource
from launchledger.contract.searching import ORDERING, SEARCH
from launchledger.serving.holding import hold_until

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
    model: Any = rows.model
    running = running_columns(model)
    if any(name.removeprefix("-") in running for name in names):
        hold_until(next_minute())
    order = [
        shown(model, name.removeprefix("-")).desc(nulls_last=True)
        if name.startswith("-")
        else shown(model, name).asc(nulls_last=True)
        for name in names
    ]
    return rows.order_by(*order, *([] if "id" in names or "-id" in names else ["pk"]))


class WireSearch(SearchFilter):
    """Every word must stand in one of the columns. The framework parses the words; it would join all tables, and look for each
    row anew through lists."""

    def get_search_fields(self, view: Any, request: Request) -> Any:
        return search_fields(view.resource)

    def get_search_terms(self, request: Request) -> Any:
        """The words to look for; what is no text is refused by its parameter's name, as filters refuse (the contract's 400)."""
        try:
            return super().get_search_terms(request)
        except ValidationError as error:
            raise ValidationError({self.search_param: error.detail}) from None

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        fields = [_with_lookup(field) for field in search_fields(view.resource)]
        for word in self.get_search_terms(request) if fields else ():
            queryset = queryset.filter(_anywhere(queryset.model, fields, word))
        return queryset


def _anywhere(model: Any, fields: list[tuple[str, str]], word: str) -> Q:
    return reduce(or_, (at_the_end(model, path, partial(_holds, lookup, word)) for path, lookup in fields))


def _holds(lookup: str, word: str, column: str) -> Q:
    return Q(**{f"{column}__{lookup}": word})


def _with_lookup(field: str) -> tuple[str, str]:
    return (field[1:], "istartswith") if field.startswith("^") else (field, "icontains")


class WireOrdering(OrderingFilter):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        asked = request.query_params.get(self.ordering_param, "")
        known = set(ordering_fields(view.resource))
        names = tuple(name for part in asked.split(",") if (name := part.strip()).removeprefix("-") in known)
        return in_order(queryset, names or view.resource.order)
