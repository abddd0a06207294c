"""The OpenAPI document of the ledger, from what its views and the shapes of its replies declare, and the page that serves it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, get_resolver
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.methods import ReadView
from launchledger.api.schema import KEYS
from launchledger.history.slips import GROUPS
from launchledger.ledger.feeds import MEDIA_TYPE, FeedView
from launchledger.ledger.parameters import RESOURCES
from launchledger.ledger.replies import schemas_of
from launchledger.ledger.views import LedgerView
from launchledger.wire.openapi import FORMAT, LIMIT, OFFSET, filter_parameters, refusals, reply
from launchledger.wire.schemas import ERROR, VALIDATION_ERROR, reference

Json = dict[str, Any]

VERSION = "1"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_IN_PATHS: dict[str, Json] = {
    "resource": {"type": "string", "enum": sorted(RESOURCES)},
    "by": {"type": "string", "enum": list(GROUPS)},
    "id": {"type": "string"},
}
_UNREADABLE = reply(reference("ValidationError"), "A parameter that cannot be read")


class SchemaView(ReadView):
    """The OpenAPI document of the ledger."""

    summary = "OpenAPI document of the ledger"

    def get_view_name(self) -> str:
        return self.summary

    def get(self, request: Request) -> Response:
        prefix = request.META["SCRIPT_NAME"]
        return Response({**document(), **({"servers": [{"url": prefix}]} if prefix else {})})


@cache
def document() -> Json:
    """The document; its operations are those of the routes that lead to a view of the ledger."""
    views = dict(_views())
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Launchledger: the ledger",
            "version": VERSION,
            "description": "What changed in the catalogue, when, from what to what, and who said so.",
        },
        "paths": {path: {"get": _operation(path, views[path])} for path in sorted(views)},
        "components": {
            "schemas": {
                "Error": ERROR,
                "ValidationError": VALIDATION_ERROR,
                **schemas_of(*(view.reply for view in views.values() if issubclass(view, LedgerView))),
            },
            "securitySchemes": KEYS,
        },
        "security": [{}, {"tokenAuth": []}],
    }


def _views() -> Iterator[tuple[str, type[LedgerView | FeedView | SchemaView]]]:
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            view = getattr(pattern.callback, "view_class", None) if isinstance(pattern, URLPattern) else None
            if view is not None and issubclass(view, LedgerView | FeedView | SchemaView):
                yield "/" + _PARAMETER.sub(r"{\1}", str(pattern.pattern)), view


def _operation(path: str, view: type[LedgerView | FeedView | SchemaView]) -> Json:
    in_path = [{"name": name, "in": "path", "required": True, "schema": _IN_PATHS[name]} for name in re.findall(r"{(\w+)}", path)]
    if issubclass(view, LedgerView):
        of_list = [LIMIT, OFFSET, *filter_parameters(view.lists)] if view.lists else []
        in_query = [*(parameter.as_openapi() for parameter in view.parameters), *of_list, FORMAT]
        replies = {"200": reply(reference(view.reply.__name__)), "400": _UNREADABLE, **refusals()}
    elif issubclass(view, FeedView):
        in_query = [parameter.as_openapi() for parameter in view.parameters]
        replies = _replies_of_feed(view, has_place=bool(in_path))
    else:
        in_query = [FORMAT]
        replies = {"200": reply({"type": "object"}), **refusals()}
    return {
        "operationId": re.sub(r"\W+", "_", path).strip("_"),
        "summary": view.summary,
        "description": " ".join((view.__doc__ or "").split()),
        "tags": ["ledger"],
        "parameters": [*in_path, *in_query],
        "responses": replies,
    }


def _replies_of_feed(view: type[FeedView], *, has_place: bool) -> Json:
    """Atom, whatever is accepted; only that of an object can be missing, and only parameters can be refused."""
    refused = {status: each for status, each in refusals().items() if status != "406" and (status != "404" or has_place)}
    return {
        "200": {"description": "A feed by RFC 4287", "content": {MEDIA_TYPE: {}}},
        **({"400": _UNREADABLE} if view.parameters else {}),
        **refused,
    }
