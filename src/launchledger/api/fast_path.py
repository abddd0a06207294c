"""The fast path: details and pages of lists without a request, a view or a response of the framework.

Promises: the bytes and headers that the views give to the same request, because both get their data from `answers`. Leaves to the
framework: refused values, objects that do not exist, hosts that are not allowed, and every request that may not want plain JSON.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs

from django.conf import settings
from rest_framework.exceptions import ValidationError

from launchledger.api.answers import Query, list_page, object_detail
from launchledger.api.urls_in_bodies import address_with_format
from launchledger.conf.cors import EXPOSED
from launchledger.conf.hosts import is_allowed
from launchledger.documents.pages import Json
from launchledger.http_cache.reply import Header, RawReply
from launchledger.http_cache.responses import RequestKey
from launchledger.wire.served import resolve

# The headers of every JSON reply of the API; a test compares them with the views'.
HEADERS: tuple[Header, ...] = (
    ("Content-Type", "application/json"),
    ("Vary", "Accept"),
    ("Allow", "GET"),
    ("X-Content-Type-Options", "nosniff"),
    ("access-control-allow-origin", "*"),
    EXPOSED,
)

_ACCEPTED = {None, "", "*/*", "application/json", "application/json, text/plain, */*", "application/json, */*"}
_QUERY = re.compile(r"\w+=[\w.,:+%-]*(?:&\w+=[\w.,:+%-]*){0,50}", re.ASCII)
_JSON = ["json"]


def answer(request: RequestKey) -> RawReply | None:
    """The reply, or None to leave the request to the framework."""
    if request.accept not in _ACCEPTED or not request.path.endswith("/") or not _is_allowed_host(request.host or ""):
        return None
    query = _parsed(request.query)
    if query is None:
        return None
    try:
        data = _data(request, query)
    except ValidationError:
        return None
    return None if data is None else RawReply(HEADERS, data.body, data.digest)


@lru_cache(maxsize=128)  # of bounded texts (`http_cache.edge.LONGEST`); most clients send the same few
def _parsed(text: str) -> Query | None:
    """The parameters of a query, None if it is spelled in an unusual way or asks for a format other than JSON."""
    if not text:
        return {}
    query = parse_qs(text, keep_blank_values=True) if _QUERY.fullmatch(text) else None
    return query if query and query.get("format", _JSON)[-1] == "json" else None


def _data(request: RequestKey, query: Query) -> Json | None:
    place = resolve(request.path)
    if place is None or place.resource is None or request.path != f"{place.wire.root}{place.path}/":
        return None
    resource = place.resource
    base = f"{request.scheme}://{request.host}{request.prefix}{place.wire.root}"
    address = address_with_format(base, "json" if "format" in query else None)
    if not place.id:
        return list_page(resource, query, address, f"{base}{resource.path}/").data
    if resource.when:  # for an object outside the time window the query would run twice
        return None
    return object_detail(resource, place.id, query["mode"][-1] if "mode" in query else "", address)


@lru_cache(maxsize=256)
def _is_allowed_host(host: str) -> bool:
    """Whether LAUNCHLEDGER_ALLOWED_HOSTS allows this host."""
    return is_allowed(host, settings.ALLOWED_HOSTS)
