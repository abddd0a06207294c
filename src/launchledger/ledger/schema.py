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
from launchledger.wire.openapi import (
    FORMAT,
    LIMIT,
    OFFSET,
    add_schemas,
    detail_operation,
    filter_parameters,
    refusals,
    reply,
)
from launchledger.wire.schemas import ERROR, VALIDATION_ERROR, reference
from launchledger.wire.served import WIRES

Json = dict[str, Any]

VERSION = "1"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_AT: Json = {
    "name": "time",
    "in": "path",
    "required": True,
    "description": "The time, such as 2026-07-20T14:00:00Z. One that is still to come counts as now.",
    "schema": {"type": "string", "format": "date-time"},
}
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
    paths = {**{path: _operation(path, view) for path, view in views.items()}, **dict(_details_at_a_time())}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Launchledger: the ledger",
            "version": VERSION,
            "description": "What changed in the catalogue, when, from what to what, and who said so.",
        },
        "paths": {path: {"get": paths[path]} for path in sorted(paths)},
        "components": {
            "schemas": {
                "Error": ERROR,
                "ValidationError": VALIDATION_ERROR,
                **_schemas_of_the_wire(),
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
        "operationId": _name(path),
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


def _details_at_a_time() -> Iterator[tuple[str, Json]]:
    """The details of the wire at a time, each as the wire's own document has it."""
    refused = reply(reference("ValidationError"), "A time that cannot be read, or since which too much changed")
    for wire in WIRES.values():
        for path, resource in wire.resources.items():
            detail = detail_operation(resource)
            at = f"/ledger/at/{{time}}{wire.root}{path}/{{id}}/"
            yield (
                at,
                {
                    **detail,
                    "operationId": _name(at),
                    "summary": f"{detail['summary']} at a time",
                    "tags": ["ledger"],
                    "parameters": [_AT, *detail["parameters"]],
                    "responses": {**detail["responses"], "400": refused},
                },
            )


def _schemas_of_the_wire() -> dict[str, Json]:
    found: dict[str, Json] = {}
    for wire in WIRES.values():
        for resource in wire.resources.values():
            for shape in (resource.detail, *resource.detail_modes.values()):
                add_schemas(shape, found)
    return found


def _name(path: str) -> str:
    return re.sub(r"\W+", "_", path).strip("_")
