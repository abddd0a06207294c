"""The declared filters as the framework's own: a value that does not parse is a 400; an empty value is ignored.

An id that no row has is not refused, because the catalogue may be incomplete; it finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from functools import cache, partial
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.datastructures import MultiValueDict
from django_filters import rest_framework as rest_filters
from django_filters.fields import BaseCSVField, IsoDateTimeField
from django_filters.utils import translate_validation
from django_filters.widgets import BaseCSVWidget

from launchledger.api.filter_rules import RULES, agencies_related_to
from launchledger.api.ids import IdField, IdsField, check_count
from launchledger.api.relation_filters import condition_at_end
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.launches import Launch
from launchledger.wire.filters import Filter
from launchledger.wire.resources import Resource
from launchledger.wire.values import LARGEST_INTEGER

Rows = QuerySet[Any]


class _NumberFilter(django_filters.NumberFilter):
    """Numbers that a database can compare; larger ones are refused."""

    def get_max_validator(self) -> Any:
        return MaxValueValidator(LARGEST_INTEGER)

    @property
    def field(self) -> Any:
        field = super().field
        if not any(isinstance(validator, MinValueValidator) for validator in field.validators):
            field.validators.append(MinValueValidator(-LARGEST_INTEGER))
        return field


class DateTimeField(IsoDateTimeField):
    """Times in UTC: some zones lead out of the calendar, and PostgreSQL refuses offsets of 16 hours or more."""

    def to_python(self, value: Any) -> Any:
        try:
            time = super().to_python(value)
            return time and time.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class _DateTimeFilter(rest_filters.IsoDateTimeFilter):
    field_class = DateTimeField


_KINDS: dict[str, type[django_filters.Filter]] = {
    "integer": _NumberFilter,
    "number": _NumberFilter,
    "text": django_filters.CharFilter,
    "boolean": rest_filters.BooleanFilter,
    "date": django_filters.DateFilter,
    "date-time": _DateTimeFilter,
    "uuid": django_filters.UUIDFilter,
}

# Joined by OR unless `strict_filtering` is true (contract, "What those do").
_ALTERNATIVES = ("lsp__ids", "location__ids", "pad__ids")


class _CommaWidget(BaseCSVWidget):
    """Values separated by commas, in one parameter or several. Empty ones are ignored: commas alone filter nothing."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return [part for value in values for part in value.split(",") if part.strip()] or None


class _CommaField(BaseCSVField):
    """At most MOST_VALUES values: the query grows with them."""

    def clean(self, value: Any) -> Any:
        check_count(value)
        return super().clean(value)


class _IdFilter(django_filters.Filter):
    field_class = IdField


class _IdsFilter(django_filters.Filter):
    field_class = IdsField


class WireFilters(rest_filters.FilterSet):
    """The filters that a request names; launches declare a hundred, and building them all would cost more than the query."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        declared: dict[str, django_filters.Filter] = vars(type(self))["base_filters"]
        self.base_filters = {name: each for name, each in declared.items() if data and name in data}
        super().__init__(data, *args, **kwargs)


class LaunchFilters(WireFilters):
    """Launches have filters that combine: places and providers are alternatives, and related agencies may count."""

    def filter_queryset(self, queryset: Rows) -> Rows:
        values = dict(self.form.cleaned_data)
        related = bool(values.get("related"))
        alternatives = [name for name in _ALTERNATIVES if values.get(name)]
        if len(alternatives) > 1 and not values.get("strict_filtering"):
            matching = queryset.none()
            for name in alternatives:
                matching |= _launches_of(self.filters[name], queryset, name, values.pop(name), related)
            queryset = queryset.filter(pk__in=matching.values("pk"))
        for name, value in values.items():
            queryset = _launches_of(self.filters[name], queryset, name, value, related)
        return queryset


def _launches_of(each: django_filters.Filter, rows: Rows, name: str, value: Any, related: bool) -> Rows:
    if related and value and name in ("lsp__id", "lsp__ids"):
        return rows.filter(launch_service_provider__in=agencies_related_to([int(id) for id in value]))
    filtered: Rows = each.filter(rows, value)
    return filtered


@cache
def filter_set_of(resource: Resource) -> type[rest_filters.FilterSet]:
    """The declared filters of a resource as the framework's."""
    model = model_of(resource.model)
    base = LaunchFilters if model is Launch else WireFilters
    members: dict[str, Any] = {each.name: _django_filter(each, model) for each in resource.filters}
    members["Meta"] = type("Meta", (), {"model": model, "fields": ()})
    filter_set: type[rest_filters.FilterSet] = type(f"{resource.name}_filters", (base,), members)
    return filter_set


def _django_filter(declared: Filter, model: Any) -> django_filters.Filter:
    """One declared filter as the framework's."""
    if declared.rule:
        applied = _by_rule(RULES.get(declared.rule))
        return _several_values(declared.kind, applied) if declared.several else _KINDS[declared.kind](method=applied)
    is_name = not _field_at_end(model, declared.path).is_relation  # a relation may be stored by its name (docs/adr/0005)
    compare = partial(_compare, declared, is_name)
    if declared.choice_of:
        return _IdsFilter(method=_many(compare)) if declared.several else _IdFilter(method=_one(compare))
    return _several_values(declared.kind, _many(compare)) if declared.several else _KINDS[declared.kind](method=_one(compare))


def _several_values(kind: str, method: Callable[[Rows, str, Any], Rows]) -> django_filters.Filter:
    """A filter that takes several values of a kind."""
    listing = type("CommaFilter", (django_filters.BaseInFilter, _KINDS[kind]), {"base_field_class": _CommaField})
    django_filter: django_filters.Filter = listing(widget=_CommaWidget(), method=method)
    return django_filter


def _one(compare: Callable[[Rows, str, Any], Rows]) -> Callable[[Rows, str, Any], Rows]:
    return lambda rows, name, value: compare(rows, "", value)


def _many(compare: Callable[[Rows, str, Any], Rows]) -> Callable[[Rows, str, Any], Rows]:
    return lambda rows, name, values: compare(rows, "in", list(values)) if values else rows


def _by_rule(rule: Callable[[Rows, Any], Rows] | None) -> Callable[[Rows, str, Any], Rows]:
    """A rule as a method; a filter that only changes others has no rule."""
    return lambda rows, name, value: rule(rows, value) if rule and value not in (None, []) else rows


def _compare(declared: Filter, is_name: bool, rows: Rows, lookup: str, value: Any) -> Rows:
    if is_name and declared.choice_of:
        choices: Any = model_of(declared.choice_of)._default_manager
        named = choices.filter(pk__in=value if lookup else [value])
        lookup, value = "in", named.exclude(name=None).values("name")

    def compares(column: str) -> Q:
        if declared.lookup == "contains" and declared.kind == "text":
            # Case matters, as on PostgreSQL; LIKE of SQLite ignores case.
            return Q(GreaterThan(StrIndex(F(column), Value(value)), 0))
        return Q(**{f"{column}__{lookup or declared.lookup}": value})

    return rows.filter(condition_at_end(rows.model, declared.path, compares))


def _field_at_end(model: Any, path: str) -> Any:
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(last)


def filtered(resource: Resource, rows: Rows, query: Mapping[str, list[str]]) -> Rows:
    """The rows that match every filter in a query; the framework's ValidationError for values that do not parse."""
    if not resource.filters or filter_set_of(resource).base_filters.keys().isdisjoint(query):
        return rows
    filter_set = filter_set_of(resource)(data=MultiValueDict(query), queryset=rows)
    if not filter_set.is_valid():
        raise translate_validation(filter_set.errors)
    matching: Rows = filter_set.qs
    return matching
