"""The fast path: details and pages of lists without a request, a view or a response of the framework.

Promises: the bytes and headers that the views give to the same request, because both get their data from `answers`. Leaves to the
framework what it alone says: that a value is refused, that an object is not there, that a host is not ours, and every reply that
is not surely plain JSON.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs

from django.conf import settings
from rest_framework.exceptions import ValidationError

from launchledger.api.answers import Query, list_page, one
from launchledger.api.urls_in_bodies import carrying
from launchledger.conf.cors import EXPOSED
from launchledger.conf.hosts import is_allowed
from launchledger.documents.pages import Json
from launchledger.http_cache.reply import Header, RawReply
from launchledger.http_cache.responses import RequestKey
from launchledger.wire.served import resolve

# What every JSON reply of the API says; a test holds it against the views.
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


def answer(asked: RequestKey) -> RawReply | None:
    """The reply, or None for what is left to the framework."""
    if asked.accept not in _ACCEPTED or not asked.path.endswith("/") or not _is_ours(asked.host or ""):
        return None
    query = _parsed(asked.query)
    if query is None:
        return None
    try:
        data = _data(asked, query)
    except ValidationError:
        return None
    return None if data is None else RawReply(HEADERS, data.body, data.digest)


@lru_cache(maxsize=128)  # of texts that the server bounds (`http_cache.edge.LONGEST`); most clients ask with the same few
def _parsed(text: str) -> Query | None:
    """The parameters of a query, None for one that is spelled in another way, or asks for another format than JSON."""
    if not text:
        return {}
    query = parse_qs(text, keep_blank_values=True) if _QUERY.fullmatch(text) else None
    return query if query and query.get("format", _JSON)[-1] == "json" else None


def _data(asked: RequestKey, query: Query) -> Json | None:
    place = resolve(asked.path)
    if place is None or place.resource is None or asked.path != f"{place.wire.root}{place.path}/":
        return None
    resource = place.resource
    base = f"{asked.scheme}://{asked.host}{asked.prefix}{place.wire.root}"
    address = carrying(base, "json" if "format" in query else None)
    if not place.id:
        return list_page(resource, query, address, f"{base}{resource.path}/").data
    if resource.when:  # whether an object is at its time would be asked twice where it is not
        return None
    return one(resource, place.id, query["mode"][-1] if "mode" in query else "", address)


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    """Whether the site answers on this host."""
    return is_allowed(host, settings.ALLOWED_HOSTS)
