"""The OpenAPI document, told from the resources and shapes: it must equal the contract for what is served."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from launchledger.api import throttle_view
from launchledger.api.dashboard import SHAPE as DASHBOARD_SHAPE
from launchledger.api.dashboard import DashboardView
from launchledger.api.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from launchledger.api.throttle_view import ThrottleView
from launchledger.api.views import DetailView, IndexView, ListView
from launchledger.wire.fields import Shape
from launchledger.wire.filters import Filter
from launchledger.wire.openapi import ERROR, VALIDATION_ERROR, page_name, page_schema, reference, shape_schema
from launchledger.wire.resources import DETAILED, LIST, NORMAL, Resource

Json = dict[str, Any]

_FORMAT: Json = {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["json", "api"]}}
_LIMIT: Json = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "default": DEFAULT_LIMIT, "maximum": LARGEST_LIMIT},
}
_OFFSET: Json = {"name": "offset", "in": "query", "schema": {"type": "integer", "default": 0, "minimum": 0}}

_REFUSALS = {
    "401": "A key that is not known",
    "404": "No such object, or no such `format`",
    "405": "Any method other than GET",
    "406": "An `Accept` that takes neither JSON nor HTML",
    "414": "An address that is too long",
    "429": "Too many requests",
}


class WireSchema(AutoSchema):
    """Describes our own views; anything else is described as the framework does."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Json | None:
        self.registry = registry
        match self.view:
            case ListView():
                return self._list(self.view.resource)
            case DetailView():
                return self._detail(self.view.resource)
            case IndexView():
                return {
                    "operationId": "api_root_retrieve",
                    "summary": "Index: route name to absolute list URL",
                    "tags": ["root"],
                    "parameters": [_FORMAT],
                    "responses": {
                        "200": _reply({"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}, "OK"),
                        **self._refusals(),
                    },
                }
            case DashboardView():
                return self._dashboard()
            case ThrottleView():
                return self._throttle()
        operation: Json | None = super().get_operation(path, path_regex, path_prefix, method, registry)
        return operation

    def _list(self, resource: Resource) -> Json:
        pages = [self._page(shape) for shape in resource.modes.values()]
        modes = [_mode(*resource.modes, default=NORMAL)] if len(resource.modes) > 1 else []
        return {
            "operationId": f"{resource.name}_list",
            "summary": resource.summary,
            "description": resource.description,
            "tags": [resource.tag],
            "parameters": [_LIMIT, _OFFSET, *_filters(resource), *modes, _FORMAT],
            "responses": {
                "200": _reply(_any_of(pages), "OK"),
                "400": _reply(self._fixed("ValidationError", VALIDATION_ERROR), "A filter value that does not parse"),
                **self._refusals(),
            },
        }

    def _detail(self, resource: Resource) -> Json:
        shapes = [resource.detail, *resource.detail_modes.values()]
        modes = [_mode(*resource.detail_modes)] if resource.detail_modes else []
        id_schema = {"type": "string", "format": "uuid"} if resource.has_text_id else {"type": "integer"}
        return {
            "operationId": f"{resource.name}_retrieve",
            "summary": f"{resource.summary} (one)",
            "description": resource.description,
            "tags": [resource.tag],
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": id_schema}, *modes, _FORMAT],
            "responses": {
                "200": _reply(_any_of([self._shape(shape) for shape in shapes]), "OK"),
                **self._refusals(),
            },
        }

    def _dashboard(self) -> Json:
        return {
            "operationId": "dashboard_starship_retrieve",
            "summary": "Choice list: starship",  # as the contract has it; client generators make names of such texts
            "description": "The Starship program: updates, launches and events, closures, notices, vehicles and orbiters.",
            "tags": ["dashboard"],
            "parameters": [_mode(LIST, NORMAL, DETAILED), _FORMAT],
            "responses": {"200": _reply(self._shape(DASHBOARD_SHAPE), "OK"), **self._refusals()},
        }

    def _throttle(self) -> Json:
        return {
            "operationId": "api_throttle_retrieve",
            "summary": "The caller's own rate-limit state; does not count as a call",
            "tags": ["api-throttle"],
            "parameters": [_FORMAT],
            "responses": {"200": _reply(self._fixed("APIThrottle", throttle_view.SCHEMA), "OK"), **self._refusals()},
        }

    def _refusals(self) -> Json:
        error = self._fixed("Error", ERROR)
        return {status: _reply(error, description) for status, description in _REFUSALS.items()}

    def _shape(self, shape: Shape) -> Json:
        """A reference to a shape's schema, which is brought in with all that it names."""
        if self._is_new(shape.name, shape_schema(shape)):
            for field in shape.fields:
                if field.shape:
                    self._shape(shape.nested(field))
        return reference(shape.name)

    def _page(self, shape: Shape) -> Json:
        self._shape(shape)
        return self._fixed(page_name(shape.name), page_schema(shape.name))

    def _fixed(self, name: str, schema: Json) -> Json:
        self._is_new(name, schema)
        return reference(name)

    def _is_new(self, name: str, schema: Json) -> bool:
        """Bring in a schema, unless it is there."""
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
        is_new = component not in self.registry
        self.registry.register_on_missing(component)
        return is_new


def _filters(resource: Resource) -> list[Json]:
    parameters = [_parameter(declared) for declared in resource.filters]
    if resource.search is not None:
        parameters.append({"name": "search", "in": "query", "schema": {"type": "string"}})
    return [*parameters, {"name": "ordering", "in": "query", "schema": {"type": "string"}}]


def _mode(*modes: str, default: str = "") -> Json:
    schema: Json = {"type": "string", "enum": list(modes)}
    return {"name": "mode", "in": "query", "schema": schema | ({"default": default} if default else {})}


def _any_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _parameter(declared: Filter) -> Json:
    schema: Json = {"type": "string", "format": declared.kind}
    if declared.kind in ("integer", "number", "boolean"):
        schema = {"type": declared.kind}
    elif declared.kind == "text":
        schema = {"type": "string"}
    if not declared.several:
        return {"name": declared.name, "in": "query", "schema": schema}
    if declared.declared_single:
        return {"name": declared.name, "in": "query", "schema": schema, "description": "Several with commas between them."}
    array = {"type": "array", "items": schema}
    return {"name": declared.name, "in": "query", "schema": array, "style": "form", "explode": declared.several == "repeated"}


def _reply(schema: Json, description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
