"""Deleted rows: in no list and number, still shown by rows that lead to them, and revived by a later sighting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import Model, QuerySet
from django.test import Client

from launchledger.catalogue.actions import LONGEST_REASON, Deletion, Observation, delete, observe
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.launches import Launch, Location, Pad
from launchledger.catalogue.models.spacecraft import Spacecraft
from launchledger.catalogue.models.stations import SpaceStation
from launchledger.catalogue.queries.overview import next_launches, sources
from launchledger.explorer.overview import count_rows, listed_resources
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, HOST, LATE, MIDDLE, VOSTOK_1, VOSTOK_6, flight
from tests.support.bodies import launch as launch_body
from tests.support.observed import NOW, SECOND, launch, record, tell, uuid

pytestmark = pytest.mark.django_db


def _observe(model: str, body: dict[str, Any], at: datetime = EARLY, source: str = "file:a.json") -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at)])


def _get(path: str) -> Any:
    response = Client().get(f"/2.2.0/{path}")
    return response.json() if response.status_code == 200 else response.status_code


def _ids(path: str) -> list[Any]:
    found = _get(path)
    assert found["count"] == len(found["results"])
    return [each["id"] for each in found["results"]]


def _entries(after: int = 0) -> QuerySet[Entry]:
    return Entry.objects.filter(serial__gt=after).order_by("serial")


def _last() -> int:
    return Entry.objects.values_list("serial", flat=True).last() or 0


def _number(model: type[Model], column: str, key: int | str = 1) -> Any:
    return model._default_manager.values_list(column, flat=True).get(pk=key)


def test_a_deleted_object_is_in_no_list_and_has_no_detail() -> None:
    """Neither in lists of any mode, nor in counts, searches and filters, nor where the whole catalogue is looked over."""
    _observe("Launch", launch_body(net="2030-01-01T00:00:00Z"))
    assert _ids("launch/?search=vostok") == [VOSTOK_1]
    assert len(next_launches(NOW, 5)) == 1
    assert delete("Launch", VOSTOK_1, LATE, "test") == Deletion.DELETED
    assert _get(f"launch/{VOSTOK_1}/") == 404
    for path in ("launch/", "launch/?mode=list", "launch/?mode=detailed", "launch/?search=vostok", "launch/upcoming/"):
        assert _ids(path) == [], path
    assert _ids("launch/?lsp__id=66") == []
    assert _get(f"launch/upcoming/{VOSTOK_1}/") == 404
    assert count_rows(listed_resources())["launch"] == 0
    assert next_launches(NOW, 5) == []
    assert sum(source.rows for source in sources(resource.model for resource in listed_resources())) == sum(
        count_rows(listed_resources()).values()
    )


def test_what_leads_to_a_deleted_object_still_shows_it() -> None:
    """A launch keeps its pad and its provider, and is found by them; lists leave them out."""
    _observe("Launch", launch_body())
    delete("Pad", 32, LATE, "test")
    delete("Agency", 66, LATE, "test")
    shown = _get(f"launch/{VOSTOK_1}/")
    assert (shown["pad"]["id"], shown["launch_service_provider"]["id"]) == (32, 66)
    assert _ids("launch/?lsp__id=66") == [VOSTOK_1]
    assert (_get("pad/32/"), _get("agencies/66/")) == (404, 404)
    assert (_ids("pad/"), _ids("agencies/")) == ([], [])
    assert _get("location/15/")["pads"] == []


def test_lists_in_other_objects_leave_out_what_is_deleted() -> None:
    """Lists stored with their owner and lists stored with their members; filters by the list follow."""
    program = {"id": 9, "url": f"{HOST}/program/9/", "name": "Vostok", "agencies": [{"id": 66, "name": "Soviet Space Program"}]}
    _observe("Launch", launch_body(program=[program]))
    assert _ids("launch/?program=9") == [VOSTOK_1]
    assert [each["id"] for each in _get(f"launch/{VOSTOK_1}/")["program"]] == [9]
    delete("Program", 9, MIDDLE, "test")
    assert _get(f"launch/{VOSTOK_1}/")["program"] == []
    assert _ids("launch/?program=9") == []
    _observe("Program", program, LATE)
    assert [each["id"] for each in _get(f"launch/{VOSTOK_1}/")["program"]] == [9]
    delete("Agency", 66, LATE, "test")
    assert _get("program/9/")["agencies"] == []


@pytest.mark.parametrize("at", [EARLY, MIDDLE, LATE])
def test_only_a_later_sighting_revives(at: datetime) -> None:
    """An older one and one of the same time leave the object deleted, and still set its columns."""
    _observe("Agency", {"id": 1, "name": "OKB-1"}, EARLY)
    delete("Agency", 1, MIDDLE, "test")
    serial = _last()
    _observe("Agency", {"id": 1, "name": "OKB-1", "abbrev": "OKB"}, at, "file:b.json")
    assert _number(Agency, "abbrev") == "OKB"
    revived = [(entry.source, entry.observed_at, entry.changes) for entry in _entries(serial).filter(action="revived")]
    if at > MIDDLE:
        assert _get("agencies/1/")["name"] == "OKB-1"
        assert revived == [("file:b.json", LATE, {"deleted_at": ["2024-01-01T00:00:00Z", None]})]
    else:
        assert _get("agencies/1/") == 404
        assert revived == []


def test_a_deletion_is_journaled_with_its_own_source_time_and_reason() -> None:
    """One entry, although the number of a launch that others count is computed anew; the object's own source stays."""
    tell(launch(1, "2024-01-01T00:00:00", pad=1), launch(2, "2024-02-01T00:00:00", pad=1), record("Pad", 1))
    serial = _last()
    assert delete("Launch", uuid(1), NOW, "command:delete", "Entered twice") == Deletion.DELETED
    first, *others = _entries(serial)
    assert (first.action, first.kind, first.key) == ("deleted", "Launch", uuid(1))
    assert (first.source, first.observed_at) == ("command:delete", NOW)
    assert first.changes == {"deleted_at": [None, "2024-06-01T12:00:00Z"], "reason": [None, "Entered twice"]}
    assert {entry.source for entry in others} == {"statistics"}
    assert {entry.transaction for entry in others} == {first.transaction}
    assert _number(Launch, "source", uuid(1)) == "test"


def test_deleting_again_changes_nothing_but_the_time() -> None:
    """No entry; and a sighting between the two deletions no longer revives."""
    _observe("Agency", {"id": 1, "name": "OKB-1"}, EARLY)
    delete("Agency", 1, EARLY, "test")
    serial = _last()
    assert delete("Agency", 1, EARLY, "test") == delete("Agency", 1, LATE, "test") == Deletion.SAME
    _observe("Agency", {"id": 1, "name": "OKB-1"}, MIDDLE)
    assert list(_entries(serial)) == []
    assert _number(Agency, "deleted_at") == LATE


def test_a_deletion_that_is_older_than_a_sighting_does_nothing() -> None:
    """The object stays, and nothing is journaled."""
    _observe("Agency", {"id": 1, "name": "OKB-1"}, LATE)
    serial = _last()
    assert delete("Agency", 1, MIDDLE, "test") == Deletion.OUTDATED
    assert _get("agencies/1/")["id"] == 1
    assert list(_entries(serial)) == []


def test_what_cannot_be_deleted_is_refused() -> None:
    """A kind that the catalogue does not have, a key that no object can have, a reason that is a book: nothing is written."""
    with pytest.raises(LookupError):
        delete("Nothing", 1, LATE, "test")
    with pytest.raises(ValueError, match="not a valid key of Agency"):
        delete("Agency", "one", LATE, "test")
    with pytest.raises(ValueError, match="300 characters"):
        delete("Agency", 1, LATE, "test", "x" * (LONGEST_REASON + 1))
    assert not Agency.objects.exists()


def test_numbers_do_not_count_a_deleted_launch() -> None:
    """Its pad, location and provider, the ranks and the turnaround of later launches, and its own slug, which another gets."""
    told = {"pad": 1, "launch_service_provider": 1, "net_precision": SECOND}
    first, second = (launch(number, f"2024-0{number}-01T00:00:00", **told) for number in (1, 2))
    tell(record("Pad", 1, location=1), record("Location", 1), record("Agency", 1), first, second)
    later = [("pad_launch_attempt_count", 2), ("agency_launch_attempt_count", 2), ("orbital_launch_attempt_count", 2)]
    owners: list[tuple[type[Model], str]] = [
        (Pad, "total_launch_count"),
        (Location, "total_launch_count"),
        (Agency, "successful_launches"),
    ]
    assert [_number(model, column) for model, column in owners] == [2, 2, 2]
    assert [_number(Launch, column, uuid(2)) for column, _ in later] == [number for _, number in later]
    before = _number(Launch, "pad_turnaround", uuid(2))
    delete("Launch", uuid(1), NOW, "test")
    assert [_number(model, column) for model, column in owners] == [1, 1, 1]
    assert [_number(Launch, column, uuid(2)) for column, _ in later] == [number - 1 for _, number in later]
    assert _number(Launch, "pad_turnaround", uuid(2)) < before
    assert (_number(Launch, "slug", uuid(1)), _number(Launch, "pad_launch_attempt_count", uuid(1))) == ("", None)
    tell(launch(1, "2024-01-01T00:00:00", **told), at=NOW.replace(year=2025))
    assert [_number(model, column) for model, column in owners] == [2, 2, 2]
    assert [_number(Launch, column, uuid(2)) for column, _ in later] == [number for _, number in later]
    assert _number(Launch, "slug", uuid(1)) == "launch-1"


@time_machine.travel(NOW, tick=False)
def test_numbers_do_not_count_a_deleted_flight() -> None:
    """Nor do the lists of its crew hold it: the spacecraft and the people are on the ground, the station is alone."""
    tell(
        launch(1, "2024-05-01T00:00:00", net_precision=SECOND),
        *(record(model, 1) for model in ("Spacecraft", "Astronaut", "SpaceStation")),
        record("AstronautFlight", 1, astronaut=1),
        record("SpacecraftFlight", 1, spacecraft=1, launch=uuid(1), launch_crew=[1]),
        record("DockingEvent", 1, docking="2024-05-02T00:00:00", flight_vehicle=1, docking_location=1),
        record("DockingLocation", 1, spacestation=1),
    )
    numbers: list[tuple[type[Model], str, Any]] = [
        (Spacecraft, "in_space", False),
        (Spacecraft, "flights_count", 0),
        (Astronaut, "in_space", False),
        (Astronaut, "flights_count", 0),
    ]
    assert [_number(model, column) for model, column, _ in numbers] == [True, 1, True, 1]
    assert _number(SpaceStation, "docked_vehicles") == 1
    delete("DockingEvent", 1, NOW, "test")
    assert _number(SpaceStation, "docked_vehicles") == 0
    delete("SpacecraftFlight", 1, NOW, "test")
    assert [_number(model, column) for model, column, _ in numbers] == [number for _, _, number in numbers]
    tell(record("SpacecraftFlight", 1, spacecraft=1), at=NOW.replace(year=2025))
    assert [_number(model, column) for model, column, _ in numbers] == [True, 1, True, 1]


def test_a_deletion_may_come_before_what_it_deletes() -> None:
    """What is deleted ahead is not there, whatever else of it becomes known that is older."""
    assert delete("SpacecraftFlight", 1, LATE, "test") == Deletion.DELETED
    (entry,) = _entries()
    assert (entry.action, entry.kind) == ("deleted", "SpacecraftFlight")
    _observe("SpacecraftFlight", flight(1), MIDDLE)
    assert _ids("spacecraft/flight/") == []
    assert _get("spacecraft/flight/1/") == 404


@pytest.mark.parametrize("path", ["astronaut/?ordering=name", "event/", "updates/", "pad/"])
def test_deletions_cost_lists_no_join_and_no_index(path: str) -> None:
    """What was deleted is found in a small index of its own, and the order by the same index as without deletions."""
    plans = _Plans()
    with connection.execute_wrapper(plans):
        _get(path)
    (keys,) = [sql for sql in plans.found if "LIMIT" in sql and "deleted_at" in sql]
    assert " JOIN " not in keys.upper()
    if connection.vendor == "sqlite":
        explained = " ".join(row[3] for row in plans.explain(keys))
        assert "_rm" in explained
        assert "TEMP B-TREE" not in explained


class _Plans:
    """Notes statements with their parameters, and explains them."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        self.found[sql] = parameters
        return execute(sql, parameters, many, context)

    def explain(self, sql: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", self.found[sql])
            return list(cursor.fetchall())


def test_deleting_both_launches_of_a_pair_is_one_after_another() -> None:
    """Each deletion is a transaction of its own, with a number of its own."""
    for key in (VOSTOK_1, VOSTOK_6):
        _observe("Launch", launch_body(key))
    serial = _last()
    for key in (VOSTOK_1, VOSTOK_6):
        delete("Launch", key, LATE, "test")
    deleted = [(entry.key, entry.transaction) for entry in _entries(serial).filter(action="deleted")]
    assert [key for key, _ in deleted] == [VOSTOK_1, VOSTOK_6]
    assert deleted[0][1] < deleted[1][1]
