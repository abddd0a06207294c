"""Catalogues of older versions: what they kept is there after migrating."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from launchledger.catalogue.queries.history import Step, steps_of
from tests.bodies import EARLY, LATE, VOSTOK_1

OLD, NEW = "0009_incomplete_launches", "0010_observed_states"


def _migrate(name: str) -> Any:
    """The models of this state."""
    executor = MigrationExecutor(connection)
    executor.migrate([("catalogue", name)])
    return executor.loader.project_state([("catalogue", name)]).apps


@pytest.fixture
def old_models(transactional_db: None) -> Iterator[Any]:
    """The models without a history."""
    yield _migrate(OLD)
    _migrate(NEW)


def test_the_history_begins_with_what_was_known(old_models: Any) -> None:
    """The value that an older version kept, from `last_updated` to when it was seen last; never one that nobody saw."""
    model = old_models.get_model("catalogue", "Launch")
    observed = [
        ["2025-01-01T00:00:00Z", "file:new.json", ["last_updated", "net"], "", 7],
        ["2023-01-01T00:00:00Z", "old", ["name"]],
    ]
    model.objects.create(id=VOSTOK_1, net=EARLY, last_updated=EARLY, observations=observed)
    old_models.get_model("catalogue", "Astronaut").objects.create(id=1, observations=[["2025-01-01T00:00:00Z", "a", ["status"]]])
    old_models.get_model("catalogue", "Astronaut").objects.create(id=2)
    _migrate(NEW)
    assert steps_of("Launch", VOSTOK_1) == {"net": [Step("2023-01-01T00:00:00Z", EARLY, LATE, "file:new.json")]}
    assert steps_of("Astronaut", "1") == {"status": [Step(None, LATE, LATE, "a")]}
    assert steps_of("Astronaut", "2") == {}
