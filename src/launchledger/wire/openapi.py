"""The OpenAPI document of a version of the wire, a pure function of it: for 2.2.0 it must equal the contract as far as served.

Operations that are not part of the wire (the allowance of a caller, keys) are passed in by the server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from launchledger.wire.fields import Shape
from launchledger.wire.filters import Filter
from launchledger.wire.resources import DEFAULT_LIMIT, LARGEST_LIMIT, NORMAL, Resource
from launchledger.wire.schemas import ERROR, VALIDATION_ERROR, page_name, page_schema, reference, shape_schema
from launchledger.wire.wire import Page, Wire

Json = dict[str, Any]

FORMAT: Json = {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["json", "api"]}}
LIMIT: Json = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "default": DEFAULT_LIMIT, "maximum": LARGEST_LIMIT},
}
OFFSET: Json = {"name": "offset", "in": "query", "schema": {"type": "integer", "default": 0, "minimum": 0}}

_REFUSALS = {
    "401": "A key that is not known",
    "404": "No such object, or no such `format`",
    "405": "Any method other than GET",
    "406": "An `Accept` that takes neither JSON nor HTML",
    "414": "An address that is too long",
    "429": "Too many requests",
}


def document(wire: Wire, extra_operations: Mapping[str, Json], schemas: Mapping[str, Json]) -> Json:
    """The paths and schemas of a version; `extra_operations` are GET operations by path below it, `schemas` those they name."""
    operations = {**dict(_operations(wire)), **extra_operations}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Launchledger",
            "version": wire.version,
            "description": f"Launch Library 2, version {wire.version}, from your own catalogue.",
        },
        "paths": {f"{wire.root}{path}": {"get": operations[path]} for path in sorted(operations)},
        "components": {"schemas": dict(sorted({**_schemas(wire), **schemas}.items()))},
    }


def refusals() -> Json:
    """The error replies that any operation may give."""
    return {status: reply(reference("Error"), description) for status, description in _REFUSALS.items()}


def reply(schema: Json, description: str = "OK") -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _operations(wire: Wire) -> Iterator[tuple[str, Json]]:
    """The operations by the path below the version."""
    addresses = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
    yield (
        "",
        {
            "operationId": "api_root_retrieve",
            "summary": "Index: route name to absolute list URL",
            "tags": ["root"],
            "parameters": [FORMAT],
            "responses": {"200": reply(addresses), **refusals()},
        },
    )
    for path, resource in wire.resources.items():
        yield f"{path}/", _list(resource)
        yield f"{path}/{{id}}/", detail_operation(resource)
    for path, page in wire.pages.items():
        yield f"{path}/", _page(path, page)


def _list(resource: Resource) -> Json:
    pages = [reference(page_name(shape.name)) for shape in resource.modes.values()]
    modes = [_mode(*resource.modes, default=NORMAL)] if len(resource.modes) > 1 else []
    bad = reply(reference("ValidationError"), "A filter value that does not parse")
    return {
        "operationId": f"{resource.name}_list",
        "summary": resource.summary,
        "description": resource.description,
        "tags": [resource.tag],
        "parameters": [LIMIT, OFFSET, *filter_parameters(resource), *modes, FORMAT],
        "responses": {"200": reply(_any_of(pages)), "400": bad, **refusals()},
    }


def detail_operation(resource: Resource) -> Json:
    """The operation that gives one object of a resource."""
    shapes = [reference(shape.name) for shape in (resource.detail, *resource.detail_modes.values())]
    modes = [_mode(*resource.detail_modes)] if resource.detail_modes else []
    id_schema = {"type": "string", "format": "uuid"} if resource.has_text_id else {"type": "integer"}
    return {
        "operationId": f"{resource.name}_retrieve",
        "summary": f"{resource.summary} (one)",
        "description": resource.description,
        "tags": [resource.tag],
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": id_schema}, *modes, FORMAT],
        "responses": {"200": reply(_any_of(shapes)), **refusals()},
    }


def _page(path: str, page: Page) -> Json:
    return {
        "operationId": f"{path.replace('/', '_')}_retrieve",
        "summary": page.summary,
        "description": page.description,
        "tags": [path.split("/", maxsplit=1)[0]],
        "parameters": [_mode(*page.modes), FORMAT],
        "responses": {"200": reply(reference(page.shape.name)), **refusals()},
    }


def filter_parameters(resource: Resource) -> Iterator[Json]:
    """The parameters that filter and order rows."""
    yield from map(_parameter, resource.filters)
    if resource.search is not None:
        yield {"name": "search", "in": "query", "schema": {"type": "string"}}
    yield {"name": "ordering", "in": "query", "schema": {"type": "string"}}


def _parameter(declared: Filter) -> Json:
    schema: Json = {"type": "string", "format": declared.kind}
    if declared.kind in ("integer", "number", "boolean"):
        schema = {"type": declared.kind}
    elif declared.kind == "text":
        schema = {"type": "string"}
    parameter = {"name": declared.name, "in": "query", "schema": schema}
    if not declared.several:
        return parameter
    if declared.declared_single:
        return {**parameter, "description": "Several with commas between them."}
    array = {"type": "array", "items": schema}
    return {**parameter, "schema": array, "style": "form", "explode": declared.several == "repeated"}


def _mode(*modes: str, default: str = "") -> Json:
    schema: Json = {"type": "string", "enum": list(modes)}
    return {"name": "mode", "in": "query", "schema": schema | ({"default": default} if default else {})}


def _any_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _schemas(wire: Wire) -> dict[str, Json]:
    """The schemas of all shapes that replies show, of their pages and of errors."""
    found: dict[str, Json] = {"Error": ERROR, "ValidationError": VALIDATION_ERROR}
    for resource in wire.resources.values():
        for shape in resource.modes.values():
            found[page_name(shape.name)] = page_schema(shape.name)
        for shape in (resource.detail, *resource.modes.values(), *resource.detail_modes.values()):
            add_schemas(shape, found)
    for page in wire.pages.values():
        add_schemas(page.shape, found)
    return found


def add_schemas(shape: Shape, found: dict[str, Json]) -> None:
    """Add the schema of a shape, and of all shapes nested in it."""
    if shape.name not in found:
        found[shape.name] = shape_schema(shape)
        for field in shape.fields:
            if field.shape:
                add_schemas(shape.nested(field), found)
