"""The resources fit the shapes, and each model that a reply may have has a path."""

from __future__ import annotations

import pytest
from django.apps import apps

from launchledger.wire.resources import NORMAL, Resource
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.resources import DASHBOARD

EVERY = pytest.mark.parametrize("resource", WIRE.resources.values(), ids=lambda resource: resource.path)


@EVERY
def test_a_resource_shows_one_model_in_every_mode(resource: Resource) -> None:
    """The list in each mode and the detail are shapes of one model, and normal is always there."""
    assert {shape.model for shape in (resource.detail, *resource.modes.values())} == {resource.model}
    assert next(iter(resource.modes)) == NORMAL


@EVERY
def test_pages_neither_repeat_nor_skip_rows(resource: Resource) -> None:
    """The columns of the default order are the model's."""
    columns = {field.name for field in apps.get_model("catalogue", resource.model)._meta.concrete_fields}
    assert {name.removeprefix("-") for name in resource.order} <= columns
    assert resource.time_column in columns | {""}


def test_addresses_lead_to_their_resource() -> None:
    """Where objects of a model have an address, its path is that model's resource."""
    assert {path: WIRE.model_of_path[path] for path in WIRE.reader.model_of_resource} == WIRE.reader.model_of_resource


def test_every_model_that_a_file_can_hold_has_a_name_in_the_report() -> None:
    """Loading counts outcomes by resource, so each model must have one."""
    assert set(WIRE.path_of_model) == set(WIRE.model_of_path.values())
    assert WIRE.path_of_model["Launch"] == "launch"
    assert WIRE.model_of_path[DASHBOARD] == "StarshipDashboard"


def test_only_launches_have_text_ids() -> None:
    """Ids are integers; launches alone have UUIDs."""
    assert {resource.whole for resource in WIRE.resources.values() if resource.has_text_id} == {"launch"}


def test_names_of_resources_are_unique() -> None:
    """Operation ids and names of files are made of them."""
    assert len({resource.name for resource in WIRE.resources.values()}) == len(WIRE.resources)
    assert WIRE.resources["spacecraft/flight"].name == "spacecraft_flight"
    assert WIRE.resources["spacecraft/flight"].tag == "spacecraft"
