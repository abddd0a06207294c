"""The data of the API's replies: a page of a list, or one object.

Promises: the framework's views and the fast path (`fast_path`) both get their data here, so they give the same bytes. A reply
shows one snapshot of the catalogue, with a number of queries that does not grow with the page. Refuses values that a filter or a
search does not take with the framework's ValidationError, by the parameter's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from launchledger.api.filters import filtered
from launchledger.api.ordering import in_order, requested_order
from launchledger.api.paging import Slice, requested_slice
from launchledger.api.searching import searched
from launchledger.api.time_windows import listed
from launchledger.catalogue.queries.listing import Listing, listing, page_of
from launchledger.documents.dependencies import depends_only_on
from launchledger.documents.listed import deciding_kinds
from launchledger.documents.pages import Json, detail, page
from launchledger.documents.reading import document_of, reading
from launchledger.documents.renderer import Address, Key
from launchledger.wire.fields import Shape
from launchledger.wire.resources import LIST, Resource
from launchledger.wire.values import LARGEST_INTEGER

# All values of each parameter, at least one. A parameter that takes one value takes the last.
Query = Mapping[str, list[str]]

# Parameters that do not make a list depend on rows other than its own.
_PLAIN = frozenset({"format", "limit", "mode", "offset"})
_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class ListPage(NamedTuple):
    """A page of a list, with its slice and the number of all rows, for links to the other pages."""

    data: Json
    page_slice: Slice
    total: int


def list_page(resource: Resource, query: Query, address: Address, url: str) -> ListPage:
    """The page for a query; `url` is the list's own, absolute and without a query. Raises ValidationError."""
    parameters = {name: values[-1] for name, values in query.items()}
    shape = resource.shape_in(parameters.get("mode", ""))
    page_slice = requested_slice(parameters)
    is_plain = _PLAIN.issuperset(parameters)
    with reading() as documents:
        if is_plain and not resource.when:
            found = _whole_list(resource, shape).page(*page_slice)
        else:
            found = page_of(selected(resource, shape, query, parameters), *page_slice)
        shown = documents(shape, found.keys)
    if is_plain:
        depends_only_on(*deciding_kinds(shape))
    links = page_slice.next_page(url, query, found.count), page_slice.previous_page(url, query)
    return ListPage(page(found.count, *links, shown, address), page_slice, found.count)


def object_detail(resource: Resource, id: str, mode: str, address: Address) -> Json | None:
    """The object with the id in a path, None where there is none."""
    key = parse_key(resource, id)
    if key is None:
        return None
    shape = resource.detail_modes.get(mode, resource.detail)
    if resource.when:
        with reading() as documents:
            keys = list(listed(resource, resource.shape_in(LIST)).filter(pk=key).values_list("pk", flat=True))
            document = next(iter(documents(shape, keys)), None)
    else:
        document = document_of(shape, key)
    if document is None:
        return None
    depends_only_on()
    return detail(document, address)


def parse_key(resource: Resource, text: str) -> Key | None:
    """The key for an id in a path, None if no object can have it."""
    if resource.has_text_id:
        return str(UUID(text)) if _UUID.fullmatch(text) else None
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > LARGEST_INTEGER:
        return None
    return int(text)


def selected(resource: Resource, shape: Shape, query: Query, parameters: Mapping[str, str]) -> QuerySet[Any]:
    """The rows that match the filters and the search, in the requested order."""
    rows = filtered(resource, listed(resource, shape), query)
    return in_order(
        searched(resource, rows, parameters.get("search", "")), requested_order(resource, parameters.get("ordering", ""))
    )


@cache
def _whole_list(resource: Resource, shape: Shape) -> Listing:
    """All rows of a resource in one shape and in its own order, which do not depend on the clock."""
    return listing(in_order(listed(resource, shape), resource.order))
