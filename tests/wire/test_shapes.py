"""The shapes against each other, against the catalogue's tables and against the two replies that this project began with."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from launchledger.catalogue.models.base import Link
from launchledger.wire.fields import SCALARS, Field, Kind, Shape
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.shapes import FAMILIES
from tests.support.upstream import SEEDS, needs_upstream

NESTED = (Kind.ONE, Kind.MANY, Kind.PART)
EACH = pytest.mark.parametrize("shape", WIRE.shapes.values(), ids=WIRE.shapes)
COLUMN_TYPES: dict[Kind, type[models.Field[Any, Any]]] = {
    Kind.INTEGER: models.BigIntegerField,
    Kind.NUMBER: models.FloatField,
    Kind.TEXT: models.TextField,
    Kind.NAME_OF: models.TextField,
    Kind.BOOLEAN: models.BooleanField,
    Kind.DATE: models.DateField,
    Kind.DATE_TIME: models.DateTimeField,
    Kind.DURATION: models.DurationField,
}
# The wire allows no null there, and yet there is no value that would not be invented: an unknown time.
UNTOLD = {Kind.DATE, Kind.DATE_TIME}


def tables(shape: Shape) -> list[type[models.Model]]:
    """The models that hold rows of this shape: links and videos have a table for each kind of owner."""
    found = [model for model in apps.get_app_config("catalogue").get_models() if model.__name__ == shape.model]
    return found or [model for model in apps.get_app_config("catalogue").get_models() if shape.model in _bases(model)]


def _bases(model: type[models.Model]) -> set[str]:
    return {base.__name__ for base in model.__mro__}


def test_names_are_unique() -> None:
    """A name in two families would hide one of the two shapes."""
    assert len(WIRE.shapes) == sum(len(family.SHAPES) for family in FAMILIES)


@EACH
def test_nested_shapes_exist_and_fit(shape: Shape) -> None:
    """A field names a shape exactly if it is a structure; a part is one of the same model, and only a part is."""
    for field in shape.fields:
        assert bool(field.shape) == (field.kind in NESTED), field.key
        if field.shape:
            nested = WIRE.shapes[field.shape]
            assert bool(nested.part) == (field.kind is Kind.PART), field.key
            assert not nested.part or nested.model == shape.model, field.key


@EACH
def test_every_column_exists_and_fits(shape: Shape) -> None:
    """Each column that a shape names is one of its model, of the type that holds this kind of value."""
    assert tables(shape), f"no table holds {shape.model}"
    for model, field in itertools.product(tables(shape), shape.fields):
        if field.kind in (Kind.COMPUTED, Kind.PART) or not field.loads_membership:
            continue
        column: Any = model._meta.get_field(field.column)
        if field.kind in SCALARS and field.column != "id":
            assert isinstance(column, COLUMN_TYPES[field.kind]), field.key
        elif field.kind in (Kind.ONE, Kind.MANY):
            assert WIRE.shapes[field.shape].model in _bases(_members(column)), field.key
            assert field.kind is Kind.ONE or column.many_to_many or column.one_to_many, field.key


def _members(column: Any) -> type[models.Model]:
    """The model of a relation; for a table of links, the model of the members."""
    target: Any = column.related_model
    members: type[models.Model] = target._meta.get_field("member").related_model if issubclass(target, Link) else target
    return members


@EACH
def test_a_column_that_is_never_null_on_the_wire_has_a_default(shape: Shape) -> None:
    """A value that was never observed must not be null where the contract allows no null."""
    for model, field in itertools.product(tables(shape), shape.fields):
        if field.kind in SCALARS - UNTOLD and field.column != "id" and not shape.part and not _may_be_null(shape, field):
            column: Any = model._meta.get_field(field.column)
            assert column.get_default() is not None, field.key


def _may_be_null(shape: Shape, field: Field) -> bool:
    """Where two shapes disagree about null, an unobserved value is null: some reply may show it."""
    of_model = (known for known in WIRE.shapes.values() if known.model == shape.model)
    return any(other.null for known in of_model for other in known.fields if other.key == field.key)


@EACH
def test_what_may_be_null_is_null_until_it_is_observed(shape: Shape) -> None:
    """Where the wire has null for an unknown value, none is invented; and any column accepts null, if that is sent."""
    for model, field in itertools.product(tables(shape), shape.fields):
        if field.kind in SCALARS and field.column != "id":
            column: Any = model._meta.get_field(field.column)
            assert column.null, field.key
            assert not field.null or column.get_default() is None, field.key


@EACH
def test_shapes_of_one_model_agree_on_a_key(shape: Shape) -> None:
    """The same key never means two columns, so that objects can be read without knowing their mode."""
    vocabulary = WIRE.reader.vocabularies[f"{shape.model}.{shape.part}" if shape.part else shape.model]
    for field in shape.fields:
        known = vocabulary[field.key]
        assert field.kind is Kind.COMPUTED or (known.kind, known.column) == (field.kind, field.column), field.key


def test_keys_of_one_shape_are_unique() -> None:
    """A key must not appear twice in one object."""
    for shape in WIRE.shapes.values():
        keys = [field.key for field in shape.fields]
        assert len(keys) == len(set(keys)), shape.name


def test_an_address_is_the_second_key_after_the_id() -> None:
    """As on upstream's wire, in every object that has an address of its own."""
    for shape in WIRE.shapes.values():
        for place, field in enumerate(shape.fields):
            if field.kind is Kind.URL:
                assert (place, shape.fields[0].key) == (1, "id"), shape.name


def test_paths_of_computed_fields_exist() -> None:
    """Each step of a path is a relation of the model before it, and the last one a column."""
    for shape in WIRE.shapes.values():
        for field in shape.fields:
            model: Any = tables(shape)[0]
            for step in field.path[:-1]:
                model = model._meta.get_field(step).related_model
            assert not field.path or model._meta.get_field(field.path[-1]).concrete


@needs_upstream
@pytest.mark.parametrize("seed", SEEDS, ids=lambda file: file.name[:3])
def test_the_order_of_keys_is_that_of_the_seeds(seed: Any) -> None:
    """Every object in the two real replies has the keys of its shape, in its order, and no others."""
    text = seed.read_bytes().decode()
    _compare(json.loads(text[text.index("\n{") :]), WIRE.shapes["SpacecraftFlightDetailed"], "$")


def _compare(body: Any, shape: Shape, path: str) -> None:
    assert list(body) == [field.key for field in shape.fields if field.sent], path
    for field in shape.fields:
        value = body.get(field.key)
        if field.shape and value is not None:
            for place, member in enumerate(value if isinstance(value, list) else [value]):
                _compare(member, WIRE.shapes[field.shape], f"{path}.{field.key}[{place}]")
