"""What the first page counts: the rows of each resource's list."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from launchledger.explorer.overview import count_rows, listed_resources
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_6, flight
from tests.support.whole import key, take_in, whole

pytestmark = pytest.mark.django_db


def test_every_count_is_that_of_the_resources_list(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The counts are those of the API's lists, also with launches that others only named, and cost one query."""
    take_in("SpacecraftFlight", [flight(1), flight(2)])
    take_in("Launch", [{"id": VOSTOK_6, "name": "Vostok-K | Vostok 6"}])
    with django_assert_num_queries(1):
        counts = count_rows(listed_resources())
    assert list(counts) == [resource.path for resource in listed_resources()]
    assert counts == {path: client.get(f"/2.2.0/{path}/").json()["count"] for path in counts}
    assert (counts["launch"], counts["spacecraft/flight"]) == (1, 2)


def test_each_object_is_counted_once() -> None:
    """No choice lists, and nothing twice: what is upcoming is a launch."""
    paths = [resource.path for resource in listed_resources()]
    assert {"launch", "config/launcher", "astronaut"} <= set(paths)
    assert not {"launch/upcoming", "event/previous", "config/launchstatus", "config/orbit"} & set(paths)
    models = [resource.model for resource in listed_resources()]
    assert len(models) == len(set(models))


def test_whole_rows_of_every_resource_are_counted() -> None:
    """One whole row of each resource makes every count at least one."""
    for resource in WIRE.resources.values():
        if resource in listed_resources():
            take_in(resource.model, [whole(resource.detail, 1) | {"id": key(resource, 1)}])
    assert min(count_rows(listed_resources()).values()) >= 1
