"""The pages about the API: its OpenAPI document and Swagger UI. What draws them is slow to load, so it waits to be asked for.

Promises: the document is put together once, and written once in each form, whatever else is in a query: to write it as YAML takes
a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from launchledger.api.methods import ReadView
from launchledger.api.schema import served_document
from launchledger.wire.served import DEFAULT

View = Callable[[HttpRequest], HttpResponseBase]

PATH = f"{DEFAULT.root}schema/"
_PREFIXES = 4  # of which the document is kept; a server has one
_WRITTEN = 18  # documents that are kept as written


def format_asked(query: str) -> str:
    """The part of a query of the document that makes one reply differ from another: its format."""
    try:
        asked = QueryDict(query).get("format")
    except (SuspiciousOperation, ValueError):
        return query  # which Django refuses
    return "" if asked is None else urlencode({"format": asked}, errors="replace")


def document(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document, as JSON or (`?format=yaml`) YAML."""
    return _views()[0](request)


def swagger(request: HttpRequest) -> HttpResponseBase:
    """Swagger UI, with its script apart so that no page needs scripts of its own."""
    return _views()[1](request)


def swagger_or_document(request: HttpRequest) -> HttpResponseBase:
    """Upstream's address of both: Swagger UI, or with `?format=openapi` the OpenAPI document as JSON."""
    if request.GET.get("format") != "openapi":
        return swagger(request)
    request.GET = QueryDict("format=json")
    return document(request)


@cache
def _views() -> tuple[View, View]:
    from drf_spectacular import renderers, views

    @lru_cache(maxsize=_PREFIXES)
    def schema(prefix: str) -> dict[str, Any]:
        return {**served_document(DEFAULT), **({"servers": [{"url": prefix}]} if prefix else {})}

    def written_once(renderer: type[BaseRenderer]) -> type[BaseRenderer]:
        # By prefix, and by the indent that an Accept asked for, of which the framework knows nine.
        written: dict[tuple[str, str], bytes] = {}

        def render(self: Any, data: Any, accepted: str | None = None, context: Any = None) -> Any:
            prefix = (context or {})["request"].META["SCRIPT_NAME"]
            if data is not schema(prefix):  # a refusal
                return super(made, self).render(data, accepted, context)
            indent = str(self.get_indent(accepted, context or {})) if hasattr(self, "get_indent") else ""
            if (prefix, indent) not in written:
                if len(written) >= _WRITTEN:
                    written.clear()
                written[prefix, indent] = super(made, self).render(data, accepted, context)
            return written[prefix, indent]

        made: Any = type(renderer.__name__, (renderer,), {"render": render})
        return cast("type[BaseRenderer]", made)

    forms = (renderers.OpenApiJsonRenderer2, renderers.OpenApiJsonRenderer, renderers.OpenApiYamlRenderer)

    class Document(ReadView):
        renderer_classes = [written_once(form) for form in forms]

        def get(self, request: Request) -> Response:
            name = f"Launchledger.{request.accepted_renderer.format}"
            disposition = {"Content-Disposition": f'inline; filename="{name}"'}
            return Response(schema(request.META["SCRIPT_NAME"]), headers=disposition)

    return Document.as_view(), views.SpectacularSwaggerSplitView.as_view(template_name="launchledger/swagger.html")
