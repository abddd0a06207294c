"""What the plan of calls reads from the catalogue: which objects a walk through a list should have seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from launchledger.catalogue.actions import Observation, delete, observe
from launchledger.journal.writing import writing
from launchledger.sync.servers import source_of
from launchledger.sync.store import Store
from launchledger.sync.targets import targets
from launchledger.wire.v2_2_0 import WIRE

pytestmark = pytest.mark.django_db

SERVER = "https://ll.example"
SOURCE = source_of(SERVER)
BEGAN = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _observe(number: int, at: datetime, source: str = SOURCE, name: str = "Agency") -> None:
    with time_machine.travel(at, tick=False):
        observe([Observation(WIRE.reader.read("Agency", {"id": number, "name": name, "type": None}), source, at)])


def _missing(*walked: int) -> list[str]:
    """The agencies that a walk should have seen which began at BEGAN, saw these, and ended an hour later."""
    store = Store(SERVER, SOURCE)
    with writing():
        store.note_walked("agencies", 1, [str(number) for number in walked])
        return store.end_walk(targets()["agencies"], 1, BEGAN, BEGAN + 60 * MINUTE)


def test_what_others_show_meanwhile_is_missing_all_the_same() -> None:
    """An upstream may show what it deleted within other objects: a sighting there is no proof that it is there."""
    for number in (1, 2):
        _observe(number, BEGAN - MINUTE)
    _observe(2, BEGAN + MINUTE, name="Another name")
    assert _missing(1) == ["2"]


def test_what_is_here_only_since_the_walk_began_is_not_missing() -> None:
    """It may have come to a page that the walk had left behind: a new object, and one that was revived."""
    for number in (1, 3):
        _observe(number, BEGAN - 3 * MINUTE)
    with time_machine.travel(BEGAN - 2 * MINUTE, tick=False):
        delete("Agency", 3, BEGAN - 2 * MINUTE, SOURCE)
    _observe(2, BEGAN)
    _observe(3, BEGAN + MINUTE)
    assert _missing(1) == []


def test_what_upstream_never_had_is_not_missing() -> None:
    """Objects of one's own, and those of another upstream."""
    _observe(1, BEGAN - MINUTE, "override")
    _observe(2, BEGAN - MINUTE, "upstream:other.example")
    assert _missing() == []
