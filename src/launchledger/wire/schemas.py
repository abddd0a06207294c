"""The shapes as OpenAPI 3 schemas, under their names in the contract."""

from __future__ import annotations

from typing import Any

from launchledger.wire.fields import Field, Kind, Shape

Schema = dict[str, Any]

_SCALARS: dict[Kind, Schema] = {
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.TEXT: {"type": "string"},
    Kind.NAME_OF: {"type": "string"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATE_TIME: {"type": "string", "format": "date-time"},
    Kind.DURATION: {"type": "string", "format": "duration"},
    Kind.URL: {"type": "string", "format": "uri"},
}

ERROR: Schema = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
VALIDATION_ERROR: Schema = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def shape_schema(shape: Shape) -> Schema:
    """The schema of one shape; nested shapes are references to their own."""
    return {
        "type": "object",
        "properties": {field.key: _field_schema(shape, field) for field in shape.fields},
        "required": [field.key for field in shape.fields if field.sent],
    }


def page_schema(shape: str) -> Schema:
    """The schema of a page of these objects."""
    link: Schema = {"type": "string", "format": "uri", "nullable": True}
    return {
        "type": "object",
        "properties": {
            "count": {"type": "integer"},
            "next": link,
            "previous": link,
            "results": {"type": "array", "items": reference(shape)},
        },
        "required": ["count", "next", "previous", "results"],
    }


def page_name(shape: str) -> str:
    return f"Paginated{shape}List"


# Texts that are null in a saved reply of upstream, or may be null in another shape of the same row.
_NULL_TEXTS = frozenset({"EventDetailedSerializerForSpacewalk.feature_image", "Update.profile_image"})
# Kinds that are null until they are observed (docs/adr/0006). The others have an empty value that is not null.
_NULL_UNSEEN = frozenset({Kind.ONE, Kind.PART, Kind.DATE, Kind.DATE_TIME})


def _may_be_null(shape: Shape, field: Field) -> bool:
    """Whether our replies may have null: where the contract allows it, and where an unobserved value has no empty value."""
    unseen = field.kind in _NULL_UNSEEN or bool(field.path)
    return field.null or unseen or f"{shape.name}.{field.key}" in _NULL_TEXTS


def _field_schema(shape: Shape, field: Field) -> Schema:
    if field.kind is Kind.MANY:
        return {"type": "array", "items": reference(field.shape)}
    if field.kind in (Kind.ONE, Kind.PART):
        return {"allOf": [reference(field.shape)], "nullable": True}
    schema: Schema = {"type": field.json_type} if field.kind is Kind.COMPUTED else dict(_SCALARS[field.kind])
    if field.format:
        schema["format"] = field.format
    if field.enum:
        schema["enum"] = list(field.enum)
    if _may_be_null(shape, field):
        schema["nullable"] = True
    return schema
