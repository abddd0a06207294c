"""The short way to a reply: details and plain pages of lists, put together from documents without the framework.

Promises: the bytes and headers that the views give to the same request; whatever is in doubt (a filter, a search, an odd number,
an Accept that asks for a page, a host that is not ours, an object that is not there) is left to them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from launchledger.api.moments import listed
from launchledger.api.ordering import in_order
from launchledger.api.paging import WirePagination
from launchledger.api.views import key_named
from launchledger.catalogue.queries.listing import Listing, Page, listing
from launchledger.contract.addresses import VERSION
from launchledger.contract.resources import NORMAL, RESOURCES, Resource
from launchledger.serving.depending import depends_only_on
from launchledger.serving.documents import document_of, reading
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
)

_ROOT = f"/{VERSION}/"
_ACCEPTED = {None, "", "*/*", "application/json", "application/json, text/plain, */*", "application/json, */*"}
_QUERY = re.compile(r"(?:(?:format=json|mode=[a-z]+|limit=[1-9]\d{0,3}|offset=\d{1,6})(?:&(?!$)|$))*", re.ASCII)


def answer(asked: Asked) -> Made | None:
    """The reply, or None for what is left to the framework."""
    if asked.accept not in _ACCEPTED or not _QUERY.fullmatch(asked.query) or not asked.path.endswith("/"):
        return None
    parameters = [pair.split("=") for pair in asked.query.split("&")] if asked.query else []
    query = dict(parameters)
    words = asked.path[len(_ROOT) : -1]
    if len(query) < len(parameters) or not _is_ours(asked.host or ""):
        return None
    base = f"{asked.scheme}://{asked.host}{_ROOT}"
    address = Address(base, "/?format=json" if "format" in query else "/")
    if words in RESOURCES:
        return _made(_list(RESOURCES[words], query, address))
    path, _, id = words.rpartition("/")
    found = _detail(RESOURCES[path], id, query, address) if path in RESOURCES else None
    return None if found is None else _made(found)


def _made(data: Json) -> Made:
    return Made(HEADERS, data.body, data.digest)


def _detail(resource: Resource, id: str, query: dict[str, str], address: Address) -> Json | None:
    keys: list[Key] = key_named(resource, id)
    shape = resource.detail_modes.get(query.get("mode", ""), resource.detail)
    if not keys or resource.when:
        return None
    document = document_of(shape, keys[0])
    depends_only_on()
    return None if document is None else detail(document, address)


def _list(resource: Resource, query: dict[str, str], address: Address) -> Json:
    shape = resource.modes.get(query.get("mode", NORMAL), resource.modes[NORMAL])
    limit = min(int(query.get("limit", WirePagination.default_limit)), WirePagination.max_limit)
    offset = int(query.get("offset", 0))
    with reading() as documents:
        cut = _page(resource, limit, offset)
        shown = documents(shape, cut.keys)
    depends_only_on(resource.model)
    at = f"{address.base}{resource.path}/"
    next_page = _page_at(at, query, limit, offset + limit) if offset + limit < cut.count else None
    previous_page = _page_at(at, query, limit, max(0, offset - limit)) if offset > 0 else None
    return page(cut.count, next_page, previous_page, shown, address)


def _page(resource: Resource, limit: int, offset: int) -> Page:
    rows = _all_in_order(resource.path) if not resource.when else listing(in_order(listed(resource), resource.order))
    return rows.page(limit, offset) if rows else Page(0, [])


@cache
def _all_in_order(path: str) -> Listing | None:
    """The whole list of a resource that no clock changes."""
    return listing(in_order(listed(RESOURCES[path]), RESOURCES[path].order))


def _page_at(at: str, query: dict[str, str], limit: int, offset: int) -> str:
    """The address of another page: the request's own parameters by name, always with `limit`, with `offset` unless it is 0."""
    parameters = {**query, "limit": str(limit), "offset": str(offset)}
    if not offset:
        del parameters["offset"]
    return f"{at}?{urlencode(sorted(parameters.items()))}"


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    """Whether Django would answer on this host."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
