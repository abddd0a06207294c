"""The derived schemas against those of the contract document."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from launchledger.wire.schemas import page_name, page_schema, reference, shape_schema
from launchledger.wire.v2_2_0 import WIRE
from tests.support.differences import NULLABLE, never_null
from tests.support.upstream import DOCUMENT, needs_upstream

OURS = {"AstronautDetailedLaunchList"}  # the shape of `mode=launchlist` is not documented

# Keys about schemas, not part of them.
PROSE = ("description", "title", "example")


@cache
def _document() -> dict[str, Any]:
    schemas: dict[str, Any] = yaml.load(DOCUMENT.read_text(encoding="utf-8"), yaml.CSafeLoader)["components"]["schemas"]
    return schemas


def _bare(schema: Any) -> Any:
    """A schema without prose and evidence; properties keep their order, and their names may be such words."""
    if isinstance(schema, list):
        return [_bare(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    bare = {key: value for key, value in schema.items() if not key.startswith("x-") and key not in PROSE}
    return {
        key: {name: _bare(nested) for name, nested in value.items()} if key == "properties" else _bare(value)
        for key, value in bare.items()
    }


@needs_upstream
@pytest.mark.parametrize("name", sorted(WIRE.shapes.keys() - OURS))
def test_a_shape_is_the_schema_of_the_contract(name: str) -> None:
    """Properties with their order, types, formats, nulls and choices, and which are always there; nulls of ours are listed."""
    ours, theirs = shape_schema(WIRE.shapes[name]), _bare(_document()[name])
    for key, property in ours["properties"].items():
        if f"{name}.{key}" in NULLABLE:
            ours["properties"][key] = never_null(property)
    assert list(ours["properties"]) == list(theirs["properties"])
    assert ours["properties"] == theirs["properties"]
    assert ours["required"] == theirs["required"]
    assert ours == theirs


@needs_upstream
def test_no_schema_of_the_contract_is_missing() -> None:
    """Every object that the document describes has a shape, except errors, pages and objects that are not rows."""
    assert {name for name in _document() if name not in WIRE.shapes and not name.startswith("Paginated")} == {
        "APIThrottle",
        "Error",
        "ValidationError",
    }


@needs_upstream
@pytest.mark.parametrize("path", WIRE.resources)
def test_a_page_is_the_schema_of_the_contract(path: str) -> None:
    """Where the document describes a page of a shape, ours is the same."""
    for shape in WIRE.resources[path].modes.values():
        if page_name(shape.name) in _document():
            assert page_schema(shape.name) == _bare(_document()[page_name(shape.name)])


def test_a_nested_shape_is_a_reference() -> None:
    """Schemas refer to each other by name; each may be null, until it is seen, and says so beside the reference."""
    properties = shape_schema(WIRE.shapes["SpacecraftFlight"])["properties"]
    assert properties["launch"] == {"allOf": [reference("LaunchSerializerCommon")], "nullable": True}
    assert properties["landing"] == {"allOf": [reference("Landing")], "nullable": True}
    assert properties["mission_end"] == {"type": "string", "format": "date-time", "nullable": True}


def test_constants_and_lists_have_schemas() -> None:
    """A constant is a choice of one, a list is an array of references, a field that is not sent is not required."""
    launch = shape_schema(WIRE.shapes["LaunchSerializerCommon"])
    assert launch["properties"]["type"] == {"type": "string", "enum": ["normal"]}
    assert launch["properties"]["program"] == {"type": "array", "items": reference("Program")}
    station = shape_schema(WIRE.shapes["SpaceStation"])
    assert "active_expedition" in station["properties"]
    assert "active_expedition" not in station["required"]
