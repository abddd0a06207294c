"""The pages about the API: its OpenAPI document and Swagger UI. Their libraries are slow to import, so the first request does it.

Promises: the document is built once, and encoded once in each form, whatever else is in a query: encoding it as YAML takes a
quarter of a second.
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
from launchledger.conf.policies import policy
from launchledger.wire.served import DEFAULT

View = Callable[[HttpRequest], HttpResponseBase]

PATH = f"{DEFAULT.root}schema/"
_MOST_PREFIXES = 4  # for which the document is cached; a server has one
_MOST_WRITTEN = 18  # encoded documents that are cached

# It writes styles into the page, and draws icons and fonts from data.
_SWAGGER_POLICY = policy(styles="'self' 'unsafe-inline'", fonts="'self' data:")


def requested_format(query: str) -> str:
    """The part of a query that the reply depends on: its format."""
    try:
        format = QueryDict(query).get("format")
    except (SuspiciousOperation, ValueError):
        return query  # which Django refuses
    return "" if format is None else urlencode({"format": format}, errors="replace")


def document(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document, as JSON or (`?format=yaml`) YAML."""
    return _views()[0](request)


def swagger(request: HttpRequest) -> HttpResponseBase:
    """Swagger UI, with its script in a file, so that no page has inline scripts."""
    page = _views()[1](request)
    page.headers["Content-Security-Policy"] = _SWAGGER_POLICY
    return page


def swagger_or_document(request: HttpRequest) -> HttpResponseBase:
    """Upstream's address of both: Swagger UI, or with `?format=openapi` the OpenAPI document as JSON."""
    if request.GET.get("format") != "openapi":
        return swagger(request)
    request.GET = QueryDict("format=json")
    return document(request)


@cache
def _views() -> tuple[View, View]:
    from drf_spectacular import renderers, views

    @lru_cache(maxsize=_MOST_PREFIXES)
    def schema(prefix: str) -> dict[str, Any]:
        return {**served_document(DEFAULT), **({"servers": [{"url": prefix}]} if prefix else {})}

    def cached_renderer(renderer: type[BaseRenderer]) -> type[BaseRenderer]:
        # By prefix, and by the indent in Accept, of which the framework knows nine.
        written: dict[tuple[str, str], bytes] = {}

        def render(self: Any, data: Any, accepted: str | None = None, context: Any = None) -> Any:
            prefix = (context or {})["request"].META["SCRIPT_NAME"]
            if data is not schema(prefix):  # a refusal
                return super(renderer_class, self).render(data, accepted, context)
            indent = str(self.get_indent(accepted, context or {})) if hasattr(self, "get_indent") else ""
            if (prefix, indent) not in written:
                if len(written) >= _MOST_WRITTEN:
                    written.clear()
                written[prefix, indent] = super(renderer_class, self).render(data, accepted, context)
            return written[prefix, indent]

        renderer_class: Any = type(renderer.__name__, (renderer,), {"render": render})
        return cast("type[BaseRenderer]", renderer_class)

    forms = (renderers.OpenApiJsonRenderer2, renderers.OpenApiJsonRenderer, renderers.OpenApiYamlRenderer)

    class Document(ReadView):
        renderer_classes = [cached_renderer(form) for form in forms]

        def get(self, request: Request) -> Response:
            name = f"Launchledger.{request.accepted_renderer.format}"
            disposition = {"Content-Disposition": f'inline; filename="{name}"'}
            return Response(schema(request.META["SCRIPT_NAME"]), headers=disposition)

    return Document.as_view(), views.SpectacularSwaggerSplitView.as_view(template_name="launchledger/swagger.html")
