"""The short way to a reply: details and plain pages of lists, put together from documents without the framework.

Promises: the bytes and headers that the views give to the same request; whatever is in doubt (a filter, a search, an odd number,
an Accept that asks for a page, a host that is not ours, an object that is not there) is left to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from launchledger.api.moments import listed
from launchledger.api.ordering import in_order
from launchledger.api.paging import WirePagination
from launchledger.api.views import key_named
from launchledger.catalogue.queries.fetching import snapshot
from launchledger.contract.addresses import VERSION
from launchledger.contract.resources import NORMAL, RESOURCES, Resource
from launchledger.serving.documents import Fresh, keep, show
from launchledger.serving.pages import Json, detail, page
from launchledger.serving.render import Address, Key
from launchledger.serving.reply import Header
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


def answer(asked: Asked) -> tuple[Iterable[Header], bytes] | None:
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
        return HEADERS, _list(RESOURCES[words], query, address).body
    path, _, id = words.rpartition("/")
    body = _detail(RESOURCES[path], id, query, address) if path in RESOURCES else None
    return None if body is None else (HEADERS, body.body)


def _detail(resource: Resource, id: str, query: dict[str, str], address: Address) -> Json | None:
    keys: list[Key] = key_named(resource, id)
    shape = resource.detail_modes.get(query.get("mode", ""), resource.detail)
    if not keys or resource.when:
        return None
    fresh = Fresh()
    with snapshot():
        documents = show(shape, keys, fresh)
    keep(fresh)
    return detail(documents[0], address) if documents else None


def _list(resource: Resource, query: dict[str, str], address: Address) -> Json:
    shape = resource.modes.get(query.get("mode", NORMAL), resource.modes[NORMAL])
    limit = min(int(query.get("limit", WirePagination.default_limit)), WirePagination.max_limit)
    offset = int(query.get("offset", 0))
    fresh = Fresh()
    with snapshot():
        rows: Any = listed(resource)
        count = rows.count()
        in_page = in_order(rows, resource.order).values_list("pk", flat=True)[offset : offset + limit]
        keys = list(in_page) if offset < count else []
        documents = show(shape, keys, fresh)
    keep(fresh)
    at = f"{address.base}{resource.path}/"
    next_page = _page_at(at, query, limit, offset + limit) if offset + limit < count else None
    previous_page = _page_at(at, query, limit, max(0, offset - limit)) if offset > 0 else None
    return page(count, next_page, previous_page, documents, address)


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
