"""Details as of a time: rows and lists with the later entries of the journal undone, within bounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger import clock
from launchledger.api.answers import object_detail, parse_key
from launchledger.catalogue.actions import Observation, delete, observe
from launchledger.documents.renderer import Address
from launchledger.formats.encoding import encode
from launchledger.history import past
from launchledger.history.at import detail_at
from launchledger.history.past import TooMuch
from launchledger.journal.compacting import compact, span_before
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import emptied_afterwards
from tests.support.bodies import VOSTOK_1, VOSTOK_6, docking_event, flight, launch
from tests.support.observed import record, tell
from tests.support.overriding import end, make_overrides
from tests.support.upstream import REPLIES, needs_upstream

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADDRESS = Address("http://testserver/2.2.0/", "/")
Travelling = time_machine.Traveller


@pytest.fixture
def travelling() -> Iterator[Travelling]:
    with time_machine.travel(BEGIN, tick=False) as found:
        yield found


def _take_in(model: str, body: dict[str, Any]) -> None:
    observe([Observation(WIRE.reader.read(model, body), "test", clock.now())])


def _at(at: datetime, path: str, id: int | str) -> Any:
    resource = WIRE.resources[path]
    key = parse_key(resource, str(id))
    assert key is not None
    return detail_at(at, resource, key, resource.detail, ADDRESS, ADDRESS.base)


def _now(path: str, id: int | str) -> Any:
    found = object_detail(WIRE.resources[path], str(id), "", ADDRESS)
    return found and found.body


def _said_each_hour(travelling: Travelling, path: str, id: int | str, *changes: Callable[[], Any]) -> dict[datetime, Any]:
    """Let these changes happen an hour after each other; what the wire said half an hour after each, by that time."""
    said = {}
    for change in changes:
        travelling.shift(HOUR)
        change()
        said[clock.now() + HOUR / 2] = _now(path, id)
    travelling.shift(2 * HOUR)
    return said


def _assert_same(said: dict[datetime, Any], path: str, id: int | str) -> None:
    for at, then in said.items():
        found = _at(at, path, id)
        assert (found and encode(found)) == then, at


def test_an_object_is_absent_before_its_first_entry_and_while_it_is_deleted(travelling: Travelling) -> None:
    """Also where it was deleted before it was first seen, and seen again afterwards."""
    said = _said_each_hour(
        travelling,
        "pad",
        7,
        lambda: delete("Pad", 7, clock.now(), "test"),
        lambda: tell(record("Pad", 7, name="A"), at=clock.now()),
        lambda: tell(record("Pad", 7, name="B"), at=clock.now()),
        lambda: delete("Pad", 7, clock.now(), "test", "It was never built"),
        lambda: tell(record("Pad", 7, name="C"), at=clock.now()),
    )
    assert [then is None for then in said.values()] == [True, False, False, True, False]
    _assert_same({BEGIN: None, **said}, "pad", 7)


def test_a_row_that_left_a_list_is_in_it_again(travelling: Travelling) -> None:
    """An update that belongs to another launch now, or to none, and one that came later; each at its place."""
    tell(*(record("Launch", id, name=id, status=3) for id in (VOSTOK_1, VOSTOK_6)))
    said = _said_each_hour(
        travelling,
        "launch",
        VOSTOK_1,
        lambda: tell(record("Launch", VOSTOK_1, updates=[3, 1, 2]), at=clock.now()),
        lambda: tell(record("Update", 1, launch=VOSTOK_6), at=clock.now()),
        lambda: tell(record("Update", 4, launch=VOSTOK_1), record("Update", 3, launch=None), at=clock.now()),
        lambda: tell(record("Launch", VOSTOK_1, updates=[4]), at=clock.now()),
        lambda: delete("Update", 4, clock.now(), "test"),
    )
    ids = [[each["id"] for each in json.loads(then)["updates"]] for then in said.values()]
    assert ids == [[3, 1, 2], [3, 2], [2, 4], [4], []]
    _assert_same(said, "launch", VOSTOK_1)


def test_relations_lists_and_what_is_nested_are_as_they_were(travelling: Travelling) -> None:
    """A flight whose crew, dockings, launch and landing change, each in its own row."""
    said = _said_each_hour(
        travelling,
        "spacecraft/flight",
        1,
        lambda: _take_in("SpacecraftFlight", flight()),
        lambda: _take_in("SpacecraftFlight", flight(docking_events=[docking_event()])),
        lambda: _take_in("SpacecraftFlight", flight(launch_crew=[], landing=None, docking_events=[])),
        lambda: _take_in("Launch", launch(net="2026-05-01T00:00:00Z", name="Another name")),
        lambda: _take_in("SpacecraftFlight", flight(mission_end=None)),
    )
    assert len(set(said.values())) == 5
    _assert_same({BEGIN: None, **said}, "spacecraft/flight", 1)


def test_overrides_count_while_they_last(travelling: Travelling) -> None:
    """What was served counts: not what was observed beneath, nor the reason."""
    said = _said_each_hour(
        travelling,
        "launch",
        VOSTOK_1,
        lambda: _take_in("Launch", launch()),
        lambda: make_overrides("Launch", VOSTOK_1, name="Ours"),
        lambda: _take_in("Launch", launch(name="Theirs")),
        lambda: end("Launch", VOSTOK_1, "name"),
    )
    assert [json.loads(then)["name"] for then in said.values()] == ["Vostok-K | Vostok 1", "Ours", "Ours", "Theirs"]
    _assert_same(said, "launch", VOSTOK_1)


def test_upcoming_and_previous_go_by_the_clock_of_the_time(travelling: Travelling) -> None:
    """A launch is upcoming until a day after its net, and previous from then on, whatever its net is now."""
    net = BEGIN + 2 * HOUR
    _take_in("Launch", launch(net=f"{net:%Y-%m-%dT%H:%M:%SZ}"))
    travelling.shift(timedelta(days=9))
    _take_in("Launch", launch(net="2030-01-01T00:00:00Z"))
    for hours, upcoming, previous in ((1, True, False), (3, True, True), (25, True, True), (27, False, True)):
        at = BEGIN + hours * HOUR
        assert (_at(at, "launch/upcoming", VOSTOK_1) is not None) is upcoming
        assert (_at(at, "launch/previous", VOSTOK_1) is not None) is previous


def test_more_than_the_bounds_is_refused(travelling: Travelling, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many parts, entries of them, or entries that may have moved a part: refused as a whole, with the reason."""
    _take_in("SpacecraftFlight", flight())
    travelling.shift(HOUR)
    _take_in("SpacecraftFlight", flight(mission_end=None, destination="Elsewhere", docking_events=[docking_event()]))
    for bound, reason in (("MOST_ROWS", "parts"), ("MOST_ENTRIES", "times since"), ("MOST_EXAMINED", "changed its parts")):
        with monkeypatch.context() as patch:
            patch.setattr(past, bound, 0)
            with pytest.raises(TooMuch, match=reason):
                _at(BEGIN, "spacecraft/flight", 1)
    assert _at(BEGIN, "spacecraft/flight", 1) is not None


def test_a_time_before_a_compaction_is_refused(travelling: Travelling) -> None:
    """Entries that are needed to go back to it are gone; from the newest of them on everything is as it was."""
    _take_in("SpacecraftFlight", flight())
    for destination in ("Elsewhere", "Nowhere", "Home"):
        travelling.shift(HOUR)
        _take_in("SpacecraftFlight", flight(destination=destination))
    for _ in compact(span_before(clock.now() - HOUR / 2), {}):
        pass
    with pytest.raises(TooMuch, match="compacted up to 2026-03-01T02:00:00Z"):
        _at(BEGIN + HOUR, "spacecraft/flight", 1)
    assert _at(BEGIN + 2 * HOUR, "spacecraft/flight", 1)["destination"] == "Nowhere"
    assert _at(BEGIN + 3 * HOUR, "spacecraft/flight", 1)["destination"] == "Home"


def _queries_of(at: datetime, path: str, id: int | str) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as queries:
        _at(at, path, id)
    return queries.captured_queries


def test_the_number_of_queries_does_not_grow_with_a_list(travelling: Travelling) -> None:
    """Two for each kind of row on each level, one for each list, three for a list of rows that lead to their owner."""
    tell(*(record("Launch", id, name=id, status=3) for id in (VOSTOK_1, VOSTOK_6)))
    tell(record("Launch", VOSTOK_1, updates=[1]), record("Launch", VOSTOK_6, updates=list(range(2, 60))))
    travelling.shift(HOUR)
    tell(record("Launch", VOSTOK_1, updates=[]), record("Launch", VOSTOK_6, updates=[]), at=clock.now())
    few, many = (len(_queries_of(BEGIN, "launch", id)) for id in (VOSTOK_1, VOSTOK_6))
    assert few == many <= 60


@needs_upstream
def test_real_launches_are_as_they_were_on_each_day(travelling: Travelling) -> None:
    """Pages of launches that upstream sent between 2022 and 2026, one after another, and the times between them."""
    pages = sorted(
        (json.loads(file.read_text(encoding="utf-8"))["results"] for file in REPLIES.glob("2.2.0/launch__list__*.json")),
        key=lambda bodies: max(body["last_updated"] for body in bodies),
    )
    with emptied_afterwards():
        seen: dict[str, int] = {}
        for bodies in pages:
            for body in bodies:
                seen[body["id"]] = seen.get(body["id"], 0) + 1
        often = sorted(seen, key=lambda id: (-seen[id], id))[:8]
        said: dict[datetime, list[Any]] = {}
        for bodies in pages:
            travelling.shift(HOUR)
            observe([Observation(WIRE.reader.read("Launch", body), "test", clock.now()) for body in bodies])
            said[clock.now() + HOUR / 2] = [_now("launch", id) for id in often]
        travelling.shift(HOUR)
        for place, id in enumerate(often):
            _assert_same({at: bodies[place] for at, bodies in said.items()}, "launch", id)
        changes = [len({bodies[place] for bodies in said.values()} - {None}) for place in range(len(often))]
        assert max(changes) > 2, "none of them changed"
