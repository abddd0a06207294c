"""The pages about the API: its OpenAPI document and Swagger UI. What draws them is slow to load, so it waits to be asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[[HttpRequest], HttpResponseBase]


def document(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document, as JSON or (`?format=yaml`) YAML."""
    return _views()[0](request)


def swagger(request: HttpRequest) -> HttpResponseBase:
    """Swagger UI, with its script apart so that no page needs scripts of its own."""
    return _views()[1](request)


@cache
def _views() -> tuple[View, View]:
    from drf_spectacular import renderers, views
    from drf_spectacular.generators import SchemaGenerator

    @cache
    def schema() -> Any:
        return SchemaGenerator(urlconf="launchledger.api.urls").get_schema(public=True)

    class Once(SchemaGenerator):
        """Puts the document together once: it is the same for everyone."""

        def get_schema(self, request: object = None, public: bool = False) -> Any:
            return schema()

    written_as = [renderers.OpenApiJsonRenderer2, renderers.OpenApiJsonRenderer, renderers.OpenApiYamlRenderer]
    document_view = views.SpectacularAPIView.as_view(generator_class=Once, renderer_classes=written_as)
    return document_view, views.SpectacularSwaggerSplitView.as_view(template_name="launchledger/swagger.html")
