"""The short way to a reply: details and pages of lists, put together from documents without a request of the framework.

Promises: the bytes and headers that the views give to the same request; whatever is in doubt (a value that a filter refuses, an
odd number, an Accept that asks for a page, a host that is not ours, an object that is not there) is left to them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict

from launchledger.api.moments import listed
from launchledger.api.ordering import in_order
from launchledger.api.paging import WirePagination
from launchledger.api.selecting import is_known, selected
from launchledger.api.views import key_named
from launchledger.catalogue.queries.listed import decided_by
from launchledger.catalogue.queries.listing import Listing, Page, listing
from launchledger.conf.cors import EXPOSED
from launchledger.conf.hosts import is_allowed
from launchledger.contract.addresses import VERSION
from launchledger.contract.resources import RESOURCES, Resource
from launchledger.serving.depending import depends_only_on
from launchledger.serving.documents import Show, document_of, reading
from launchledger.serving.pages import Json, detail, page
from launchledger.serving.render import Address, Key
from launchledger.serving.reply import Header, Made
from launchledger.serving.responses import Asked

# What every JSON reply of the API says; a test holds it against the views.
HEADERS: tuple[Header, ...] = (
    ("Content-Type", "application/json"),
    ("Vary", "Accept"),
    ("Allow", "GET"),
    ("X-Content-Type-Options", "nosniff"),
    ("access-control-allow-origin", "*"),
    EXPOSED,
)

_ROOT = f"/{VERSION}/"
_ACCEPTED = {None, "", "*/*", "application/json", "application/json, text/plain, */*", "application/json, */*"}
_PLAIN_QUERY = re.compile(r"(?:(?:format=json|mode=[a-z]+|limit=[1-9]\d{0,3}|offset=\d{1,6})(?:&(?!$)|$))*", re.ASCII)
_QUERY = re.compile(r"\w+=[\w.,:+%-]*(?:&\w+=[\w.,:+%-]*){0,50}", re.ASCII)
_NUMBERS = {"limit": re.compile(r"[1-9]\d{0,3}", re.ASCII), "offset": re.compile(r"\d{1,6}", re.ASCII)}


def answer(asked: Asked) -> Made | None:
    """The reply, or None for what is left to the framework."""
    if asked.accept not in _ACCEPTED or not asked.path.endswith("/") or not _is_ours(asked.host or ""):
        return None
    words = asked.path[len(_ROOT) : -1]
    base = f"{asked.scheme}://{asked.host}{asked.prefix}{_ROOT}"
    resource = RESOURCES.get(words)
    if resource is not None:
        query = _plain(asked.query)
        if query is not None:
            with reading() as documents:
                made = _made(_page(resource, query, base, _plain_rows(resource, query.get("mode", "")), documents))
            depends_only_on(*decided_by(resource.shape_in(query.get("mode", ""))))
            return made
        return _selected(resource, asked.query, base)
    path, _, id = words.rpartition("/")
    query = _plain(asked.query) if path in RESOURCES else None
    return None if query is None else _detail(RESOURCES[path], id, query, base)


def _plain(text: str) -> dict[str, str] | None:
    """A query of parameters that select no rows, each given once; None for any other."""
    if not text:
        return {}
    if not _PLAIN_QUERY.fullmatch(text):
        return None
    parameters = [pair.split("=") for pair in text.split("&")]
    query = dict(parameters)
    return query if len(query) == len(parameters) else None


def _selected(resource: Resource, text: str, base: str) -> Made | None:
    """A page of what filters, a search and an order select."""
    if not _QUERY.fullmatch(text):
        return None
    parameters = QueryDict(text)
    query = {name: str(value) for name, value in parameters.items()}
    is_odd = any(name in query and not form.fullmatch(query[name]) for name, form in _NUMBERS.items())
    if is_odd or query.get("format", "json") != "json" or not is_known(resource, parameters):
        return None
    with reading() as documents:
        rows = selected(resource, resource.shape_in(query.get("mode", "")), parameters)
        return None if rows is None else _made(_page(resource, query, base, listing(rows), documents))


def _made(data: Json) -> Made:
    return Made(HEADERS, data.body, data.digest)


def _detail(resource: Resource, id: str, query: dict[str, str], base: str) -> Made | None:
    keys: list[Key] = key_named(resource, id)
    shape = resource.detail_modes.get(query.get("mode", ""), resource.detail)
    if not keys or resource.when:
        return None
    document = document_of(shape, keys[0])
    depends_only_on()
    return None if document is None else _made(detail(document, _address(query, base)))


def _plain_rows(resource: Resource, mode: str) -> Listing | None:
    """The rows of a resource in their order, before anything is selected."""
    shape = resource.shape_in(mode)
    if resource.when:
        return listing(in_order(listed(resource, shape), resource.order))
    return _all_in_order(resource.path, shape)


@cache
def _all_in_order(path: str, shape: str) -> Listing | None:
    """The whole list of a resource in one shape, where no clock changes it."""
    return listing(in_order(listed(RESOURCES[path], shape), RESOURCES[path].order))


def _page(resource: Resource, query: dict[str, str], base: str, rows: Listing | None, documents: Show) -> Json:
    shape = resource.shape_in(query.get("mode", ""))
    limit = min(int(query.get("limit", WirePagination.default_limit)), WirePagination.max_limit)
    offset = int(query.get("offset", 0))
    cut = rows.page(limit, offset) if rows else Page(0, [])
    at = f"{base}{resource.path}/"
    next_page = _page_at(at, query, limit, offset + limit) if offset + limit < cut.count else None
    previous_page = _page_at(at, query, limit, max(0, offset - limit)) if offset > 0 else None
    return page(cut.count, next_page, previous_page, documents(shape, cut.keys), _address(query, base))


def _address(query: dict[str, str], base: str) -> Address:
    return Address(base, "/?format=json" if "format" in query else "/")


def _page_at(at: str, query: dict[str, str], limit: int, offset: int) -> str:
    """The address of another page: the request's own parameters by name, always with `limit`, with `offset` unless it is 0."""
    parameters = {**query, "limit": str(limit), "offset": str(offset)}
    if not offset:
        del parameters["offset"]
    return f"{at}?{urlencode(sorted(parameters.items()))}"


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    """Whether the site answers on this host."""
    return is_allowed(host, settings.ALLOWED_HOSTS)
