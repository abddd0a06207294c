"""`search`, with the framework's meaning over the declared columns: every word must stand in one of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.filters import SearchFilter
from rest_framework.request import Request

from launchledger.catalogue.queries.plan import model_of
from launchledger.catalogue.queries.texts import holding, searches
from launchledger.contract.resources import Resource
from launchledger.contract.searching import SEARCH

WITHOUT_SEARCH = {"spacecraft/flight"}


def search_fields(resource: Resource) -> tuple[str, ...]:
    """Where `search` looks; a resource of which nothing is known is searched by its name."""
    if resource.path in WITHOUT_SEARCH:
        return ()
    return SEARCH.get(resource.whole) or by_name(resource)


def by_name(resource: Resource) -> tuple[str, ...]:
    return tuple(field.name for field in model_of(resource.model)._meta.concrete_fields if field.name == "name")


class WireSearch(SearchFilter):
    def get_search_fields(self, view: Any, request: Request) -> Any:
        return search_fields(view.resource)

    def get_search_terms(self, request: Request) -> Any:
        """The words to look for; what is no text is refused by its parameter's name, as filters refuse (the contract's 400)."""
        try:
            return super().get_search_terms(request)
        except ValidationError as error:
            raise ValidationError({self.search_param: error.detail}) from None

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        search = searches().get(view.resource.whole)
        if search is None:  # a short list that is searched by its name, if it has one: the framework does that
            return super().filter_queryset(request, queryset, view)
        words = self.get_search_terms(request)
        return holding(search, queryset, words) if words else queryset
