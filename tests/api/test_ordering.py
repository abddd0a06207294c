"""`ordering`: every single value of a resource's objects orders its list, on either way to a reply."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from launchledger.api.ordering import MOST_COLUMNS, columns_that_order
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import Pad
from launchledger.catalogue.models.programs import Update
from launchledger.wire.v2_2_0 import WIRE
from tests.support.whole import take_in, whole

pytestmark = pytest.mark.django_db


def _ids(client: Client, address: str) -> list[Any]:
    return [item["id"] for item in client.get(f"/2.2.0/{address}").json()["results"]]


@pytest.mark.parametrize("path", sorted(WIRE.resources))
def test_every_single_value_orders(client: Client, path: str) -> None:
    """No column is a failure, whatever its kind, and none takes an object away."""
    resource = WIRE.resources[path]
    take_in(resource.model, [whole(resource.detail, number) for number in (1, 2)])
    ordered = {column: _ids(client, f"{path}/?ordering=-{column}") for column in columns_that_order(WIRE.resources[path])}
    unordered = sorted(_ids(client, f"{path}/"))
    assert all(sorted(ids) == unordered for ids in ordered.values())


@pytest.mark.parametrize(("path", "model"), [("agencies", Agency), ("pad", Pad)])
def test_counts_order(client: Client, path: str, model: Any) -> None:
    """Clients ask for the agencies and pads with the most launches; those without a count come last."""
    for number, count in ((1, 5), (2, 9), (3, None), (4, 7)):
        model.objects.create(id=number, name=f"{number}", total_launch_count=count)
    assert _ids(client, f"{path}/?ordering=-total_launch_count") == [2, 4, 1, 3]


def test_relations_lists_and_unknown_names_change_nothing(client: Client) -> None:
    """They leave the default order, as in the framework."""
    for number, name in ((1, "B"), (2, "A")):
        Agency.objects.create(id=number, name=name)
    for name in ("launcher_list", "nonsense", "pk", "observations", "name_key"):
        assert _ids(client, f"agencies/?ordering={name}") == [2, 1], name


def test_an_order_compares_so_many_columns_at_most(client: Client) -> None:
    """The tenth column counts and the eleventh changes nothing."""
    for number in (1, 2):
        Agency.objects.create(id=number)
    alike = sorted(columns_that_order(WIRE.resources["agencies"]) - {"id"})[:MOST_COLUMNS]
    assert _ids(client, f"agencies/?ordering={','.join(alike[:-1])},-id") == [2, 1]
    assert _ids(client, f"agencies/?ordering={','.join(alike)},-id") == [1, 2]


def test_updates_come_newest_first(client: Client) -> None:
    """As on upstream's page of 2021 that was saved without an order."""
    for number, day in ((1, 2), (2, 3), (3, 1)):
        Update.objects.create(id=number, created_on=f"2021-03-0{day}T00:00:00Z")
    assert _ids(client, "updates/") == [2, 1, 3]
