"""Catalogues of older versions: what they stored is there after migrating."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from launchledger.catalogue.actions import Deletion, delete
from launchledger.catalogue.models.astronauts import AstronautFlightsLink
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.queries.history import Step, steps_of
from launchledger.documents.listed import listed
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, VOSTOK_1, VOSTOK_6

OTHER = "00000000-0000-4000-8000-000000000001"
OLD = "0009_incomplete_launches"


def _migrate(name: str = "") -> Any:
    """The models of this state, of the newest if none is named."""
    executor = MigrationExecutor(connection)
    targets = [("catalogue", name)] if name else executor.loader.graph.leaf_nodes("catalogue")
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def old_models(transactional_db: None) -> Iterator[Any]:
    """The models of version 0.1.0 as they were before histories."""
    yield _migrate(OLD)
    _migrate()


def test_the_history_begins_with_what_was_known(old_models: Any) -> None:
    """The value that an older version stored, from `last_updated` to its last sighting; never one that was not observed."""
    model = old_models.get_model("catalogue", "Launch")
    observed = [
        ["2025-01-01T00:00:00Z", "file:new.json", ["last_updated", "net"], "", 7],
        ["2023-01-01T00:00:00Z", "old", ["name"]],
    ]
    model.objects.create(id=VOSTOK_1, net=EARLY, last_updated=EARLY, observations=observed)
    old_models.get_model("catalogue", "Astronaut").objects.create(id=1, observations=[["2025-01-01T00:00:00Z", "a", ["status"]]])
    old_models.get_model("catalogue", "Astronaut").objects.create(id=2)
    _migrate()
    assert steps_of("Launch", VOSTOK_1) == {"net": [Step("2023-01-01T00:00:00Z", EARLY, LATE, "file:new.json")]}
    assert steps_of("Astronaut", "1") == {"status": [Step(None, LATE, LATE, "a")]}
    assert steps_of("Astronaut", "2") == {}


def test_places_that_followed_still_do(old_models: Any) -> None:
    """They come behind those that the list was given, in their order, and each part counts from 0."""
    link = old_models.get_model("catalogue", "AstronautFlightsLink")
    astronaut = old_models.get_model("catalogue", "Astronaut").objects.create(id=1)
    launches = [old_models.get_model("catalogue", "Launch").objects.create(id=key) for key in (VOSTOK_1, VOSTOK_6, OTHER)]
    for launch, position in zip(launches, (0, 1_000_000, 1_000_001), strict=True):
        link.objects.create(owner=astronaut, member=launch, position=position)
    _migrate()
    places = AstronautFlightsLink.objects.order_by("follows", "position").values_list("member_id", "follows", "position")
    assert list(places) == [(VOSTOK_1, False, 0), (VOSTOK_6, True, 0), (OTHER, True, 1)]


def test_nothing_of_an_older_version_is_deleted(old_models: Any) -> None:
    """Launches are in the lists that they were in, and a launch that is deleted then leaves them."""
    for key, status in ((VOSTOK_1, None), (VOSTOK_6, old_models.get_model("catalogue", "LaunchStatus").objects.create(id=3))):
        old_models.get_model("catalogue", "Launch").objects.create(id=key, status=status)
    _migrate()
    assert list(listed(WIRE.shapes["LaunchList"]).values_list("pk", flat=True)) == [VOSTOK_6]
    assert not Launch.objects.exclude(deleted_at=None).exists()
    assert delete("Launch", VOSTOK_6, LATE, "test") == Deletion.DELETED
    assert list(listed(WIRE.shapes["LaunchList"])) == []
