"""Lists of objects for pages: the same rows, filters, search and order as the list of the wire.

Promises: a page of a list and its JSON twin take the same parameters, so a filter is declared once (`wire.filters`) and every
filter of the wire works here. Refuses with a page that names the parameter what the wire refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from rest_framework.exceptions import ValidationError

from launchledger.api.answers import Query, selected
from launchledger.api.ordering import in_order
from launchledger.api.paging import requested_slice
from launchledger.catalogue.queries.listing import page_of
from launchledger.catalogue.queries.overview import names_of
from launchledger.documents.listed import listed
from launchledger.explorer.html import rows_of
from launchledger.explorer.navigation import json_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.state import per_state
from launchledger.wire.resources import NORMAL, Resource
from launchledger.wire.served import DEFAULT

ROWS = 25  # on a page

_PLACES = ("limit", "offset", "format", "mode")


class Refused(Exception):
    """A request with a parameter that cannot be read; `reasons` has texts by the name of each."""

    def __init__(self, reasons: dict[str, Any]) -> None:
        super().__init__(str(reasons))
        self.reasons = {name: " ".join(map(str, texts)) for name, texts in reasons.items()}


class Option(NamedTuple):
    """A value of a field that can be chosen."""

    value: str
    name: str


class Options:
    """Values to choose from. Their HTML is made once: a list of providers has hundreds."""

    def __init__(self, options: Sequence[Option]) -> None:
        self.names = dict(options)
        self._html = rows_of('<option value="{}">{}</option>', options)

    def html(self, chosen: str) -> SafeString:
        """The options with one of them selected."""
        value = f'value="{escape(chosen)}"'
        return mark_safe(self._html.replace(value, f"{value} selected", 1)) if chosen in self.names else self._html  # noqa: S308


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form above a list: a parameter of the wire, the values to choose from, and the one that is chosen."""

    name: str
    label: str
    options: Options
    value: str

    @property
    def html(self) -> SafeString:
        return self.options.html(self.value)

    @property
    def chosen(self) -> str:
        """What the chosen value means."""
        return self.options.names.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that the list has: what it is, and the address of the list without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class List:
    """A page of a list. `first` and `last` are the numbers of its rows, from 1; `twin` is the address of the same list as JSON.

    `previous` and `following` are the addresses of the pages beside it, "" at the ends.
    """

    rows: list[Shown]
    count: int
    first: int
    last: int
    previous: str
    following: str
    twin: str
    search: str
    chosen: list[Chosen]
    fields: list[Field]


def list_of(
    request: HttpRequest,
    objects: Objects,
    path: str,
    *,
    fields: Sequence[Field] = (),
    own: Sequence[str] = (),
    order: Sequence[str] = (),
    only: Q | None = None,
) -> List:
    """The page of a resource's list, in its normal shape, that the parameters of a request choose.

    `own` are parameters that the page itself reads. `order` is the page's own, where none is asked for; `only` are the rows that
    the page's own parameters choose. Raises Refused.
    """
    resource = DEFAULT.resources[path]
    query = _query_of(request, own)
    parameters = {name: values[-1] for name, values in query.items()}
    limit, offset = requested_slice({"limit": str(ROWS), **parameters})
    rows = chosen_rows(request, path, own)
    if order and not parameters.get("ordering"):
        rows = in_order(rows, tuple(order))
    found = page_of(rows if only is None else rows.filter(only), limit, offset)
    kept = {name: values for name, values in request.GET.lists() if name not in _PLACES}
    as_json = {name: values for name, values in query.items() if name != "format"}
    return List(
        rows=objects.some(resource.modes[NORMAL], found.keys),
        count=found.count,
        first=offset + 1 if found.keys else 0,
        last=offset + len(found.keys),
        previous=_address(kept, limit, max(offset - limit, 0)) if offset else "",
        following=_address(kept, limit, offset + limit) if offset + limit < found.count else "",
        twin=json_of(f"{path}/{'?' if as_json else ''}{urlencode(as_json, doseq=True)}"),
        search=parameters.get("search", ""),
        chosen=_chosen(resource, query, kept, fields),
        fields=list(fields),
    )


def chosen_rows(request: HttpRequest, path: str, own: Sequence[str] = ()) -> QuerySet[Any]:
    """The rows of a list that the parameters of a request choose; `own` are the page's parameters. Raises Refused."""
    resource, query = DEFAULT.resources[path], _query_of(request, own)
    try:
        return selected(resource, resource.modes[NORMAL], query, {name: values[-1] for name, values in query.items()})
    except ValidationError as error:
        raise Refused(dict(error.detail) if isinstance(error.detail, dict) else {"": error.detail}) from None


def _query_of(request: HttpRequest, own: Sequence[str]) -> Query:
    """The parameters of a request that are the wire's."""
    return {name: values for name, values in request.GET.lists() if name not in own}


def _address(query: Query, limit: int, offset: int) -> str:
    """The list from a row on, with the same filters."""
    places = {**({"limit": [str(limit)]} if limit != ROWS else {}), **({"offset": [str(offset)]} if offset else {})}
    return f"?{urlencode({**query, **places}, doseq=True)}"


def _chosen(resource: Resource, query: Query, kept: Query, fields: Sequence[Field]) -> list[Chosen]:
    declared = {each.name: each for each in resource.filters}
    of_form = {field.name: field for field in fields}
    found = []
    for name, values in query.items():
        if name in (*_PLACES, "search") or not any(values) or (name not in declared and name != "ordering"):
            continue
        without = f"?{urlencode({other: of for other, of in kept.items() if other != name}, doseq=True)}"
        if field := of_form.get(name):
            found.append(Chosen(field.label, field.chosen, without))
        else:
            found.append(Chosen(name.replace("__", " ").replace("_", " "), ", ".join(values), without))
    return found


def field_of(request: HttpRequest, path: str, name: str, label: str, options: Options | None = None) -> Field:
    """A field for a filter of a resource: it chooses from these values, or from all rows that the list's own rows name."""
    value = request.GET.get(name, "")
    return Field(name, label, _options(path, name) if options is None else options, value)


@per_state
def _options(path: str, name: str) -> Options:
    """The rows that the listed rows of a resource name in the column of a filter, by name."""
    resource = DEFAULT.resources[path]
    column = next(each.path for each in resource.filters if each.name == name)
    rows = listed(resource.modes[NORMAL])
    field: Any = None
    for word in column.split("__"):
        field = (field.related_model if field else rows.model)._meta.get_field(word)
    kind = field.related_model.kind
    keys = rows.order_by().values_list(column, flat=True).distinct()
    names, _ = names_of([(kind, str(key)) for key in keys if key is not None])
    return Options([Option(key, name) for (_, key), name in sorted(names.items(), key=lambda item: item[1].casefold())])
