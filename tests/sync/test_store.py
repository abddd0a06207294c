"""What the plan of calls reads from the catalogue: which objects a walk through a list should have seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import time_machine

from launchledger import clock
from launchledger.catalogue.actions import Observation, delete, observe
from launchledger.documents.listed import listed
from launchledger.journal.writing import writing
from launchledger.sync.servers import source_of
from launchledger.sync.store import Store
from launchledger.sync.targets import targets
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, flight, launch
from tests.support.overriding import observe_body

pytestmark = pytest.mark.django_db

SERVER = "https://ll.example"
SOURCE = source_of(SERVER)
BEGAN = datetime(2026, 11, 29, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _observe(number: int, at: datetime, source: str = SOURCE, name: str = "Agency") -> None:
    with time_machine.travel(at, tick=False):
        observe([Observation(WIRE.reader.read("Agency", {"id": number, "name": name, "type": None}), source, at)])


_numbers = count(1)


def _missing(*walked: int) -> list[str]:
    """The agencies that a walk should have seen which began at BEGAN, saw these, and ended an hour later."""
    store = Store(SERVER, SOURCE)
    number = next(_numbers)
    with writing():
        store.note_walked("agencies", number, [str(key) for key in walked])
        return store.end_walk(targets()["agencies"], number, BEGAN, BEGAN + 60 * MINUTE)


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


def test_what_the_last_walk_saw_is_missing_although_it_is_not_listed_any_more() -> None:
    """A launch that shows one of its two flights takes itself from the other, which no list shows then. It may be gone too."""
    store = Store(SERVER, SOURCE)
    flights = targets()["spacecraft/flight"]
    body = launch(VOSTOK_1)
    with time_machine.travel(BEGAN - 3 * MINUTE, tick=False):
        for number in (1, 2):
            observe_body("SpacecraftFlight", {**flight(number), "launch": body}, clock.now(), SOURCE)
    with writing():
        store.note_walked(flights.path, 1, ["1", "2"])
        assert store.end_walk(flights, 1, BEGAN - 2 * MINUTE, BEGAN) == []
    shown = {**body, "last_updated": "2026-11-29T12:00:00Z", "rocket": {**body["rocket"], "spacecraft_stage": {"id": 1}}}
    with time_machine.travel(BEGAN, tick=False):
        observe_body("Launch", shown, clock.now(), SOURCE)
    assert not listed(DEFAULT.resources[flights.path].shape_in(NORMAL)).filter(pk=2).exists()
    with writing():
        store.note_walked(flights.path, 2, ["1"])
        assert store.end_walk(flights, 2, BEGAN + MINUTE, BEGAN + 2 * MINUTE) == ["2"]
        store.note_walked(flights.path, 3, ["1"])
        assert store.end_walk(flights, 3, BEGAN + 3 * MINUTE, BEGAN + 4 * MINUTE) == [], "it was asked for once"


def test_what_is_deleted_here_is_not_missing() -> None:
    """A walk that saw it before it was deleted does not make it be asked for again."""
    _observe(1, BEGAN - 3 * MINUTE)
    assert _missing(1) == []
    with time_machine.travel(BEGAN, tick=False):
        delete("Agency", 1, BEGAN, SOURCE)
    assert _missing() == []
