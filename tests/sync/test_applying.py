"""Entries of an upstream's journal become observations: whatever they hold, and in whatever order objects are deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from launchledger.catalogue.actions import Observation, delete, observe
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import Launch, Pad
from launchledger.journal.models import Entry
from launchledger.journal.writing import writing
from launchledger.sync.applying import Applied, apply, records_of
from launchledger.sync.upstream import JournalEntry
from launchledger.wire.v2_2_0 import WIRE

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
SOURCE = "upstream:ledger.example"


def _entry(kind: str, key: Any, action: str = "changed", *, serial: int = 1, at: datetime = AT, **changes: Any) -> JournalEntry:
    pairs = {name.replace("__", "."): [None, value] for name, value in changes.items()}
    return JournalEntry(serial, at, at.isoformat(), "sandbox", kind, key, action, pairs)


def _apply(*entries: JournalEntry, mark: datetime = AT, now: datetime = AT + timedelta(seconds=5)) -> Applied:
    with writing():
        return apply(entries, mark.timestamp(), now.timestamp(), SOURCE)


def _observe(model: str, body: dict[str, Any], at: datetime = AT) -> None:
    observe([Observation(WIRE.reader.read(model, body), SOURCE, at)])


def test_values_and_names_are_those_of_the_wire() -> None:
    """Also of a part of an object, of relations and of lists of ids; what this version does not know is left out."""
    key = "0d779392-1a36-4c1e-b0b8-ec11e3031ee6"
    _apply(
        _entry(
            "Launch", key, "created", name="One", net="2026-12-01T00:00:00Z", rocket__configuration=164, status=1, mood="good"
        ),
        _entry("Mood", 1, "created", name="?"),
        _entry("Launch", key, serial=2, program=[1, 2], last_updated="2026-11-29T11:00:00Z"),
    )
    launch = Launch.objects.get(pk=key)
    assert (launch.name, launch.net, launch.status_id) == ("One", datetime(2026, 12, 1, tzinfo=UTC), 1)
    assert launch.configuration_id == 164
    assert list(launch.program.order_by("position").values_list("member_id", flat=True)) == [1, 2]
    assert (launch.source, launch.observed_at) == (SOURCE, AT)


def test_later_entries_win_whatever_the_clocks_say() -> None:
    """An upstream whose clock is behind, or goes back, changes nothing of it; neither does a page that was read before."""
    _observe("Agency", {"id": 7, "name": "From a list"})
    _apply(_entry("Agency", 7, at=AT - timedelta(hours=1), name="Later"), _entry("Agency", 7, serial=2, at=AT, name="Last"))
    assert Agency.objects.get(pk=7).name == "Last"
    _apply(_entry("Agency", 7, serial=3, at=AT - timedelta(hours=2), name="The very last"))
    assert Agency.objects.get(pk=7).name == "The very last"
    _apply(_entry("Agency", 7, serial=4, at=AT + timedelta(days=9), name="Future"))
    assert Agency.objects.get(pk=7).observed_at == AT + timedelta(seconds=5)


def test_what_is_deleted_stays_so_until_upstream_revives_it() -> None:
    """A number that upstream computes for a deleted object changes here as well; an entry that revives makes it be asked for."""
    _observe("Agency", {"id": 7, "name": "One"}, AT - timedelta(days=1))
    applied = _apply(
        _entry("Agency", 7, "deleted", deleted_at="2026-11-29T12:00:00Z"),
        _entry("Agency", 7, serial=2, at=AT + timedelta(seconds=1), total_launch_count=5),
    )
    agency = Agency.objects.get(pk=7)
    assert agency.deleted_at is not None
    assert agency.total_launch_count == 5
    assert applied.deleted == [("Agency", 7)]
    assert _apply(_entry("Agency", 7, "revived", serial=3, deleted_at=None)).asked == {
        ("agencies", "7"): "agencies: upstream revived it"
    }
    assert [each.action for each in Entry.objects.order_by("serial")] == ["created", "deleted", "changed"]


def test_an_object_that_was_observed_later_is_asked_for_before_it_is_deleted() -> None:
    """The deletion may be older than what is here; upstream's own reply decides."""
    _observe("Agency", {"id": 7, "name": "One"}, AT + timedelta(days=1))
    applied = _apply(_entry("Agency", 7, "deleted", deleted_at="2026-11-29T12:00:00Z"))
    assert applied.deleted == []
    assert list(applied.asked) == [("agencies", "7")]


def test_a_row_joins_a_list_of_another_at_its_place() -> None:
    """Lists that are relations of their members are told by the members: the relation, and the place if it changed."""
    _observe("Location", {"id": 1, "name": "A", "pads": [{"id": 10, "name": "P"}, {"id": 11, "name": "Q"}]})
    _observe("Location", {"id": 2, "name": "B"})
    _apply(_entry("Pad", 11, location_position=0, location=2), _entry("Pad", 10, serial=2, name="R"))
    assert list(Pad.objects.order_by("pk").values_list("location_id", "location_position", "name")) == [(1, 0, "R"), (2, 0, "Q")]
    _apply(_entry("Pad", 11, serial=3, location=1))
    assert Pad.objects.values_list("location_id", "location_position").get(pk=11) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "key", "changes"),
    [
        ("Agency", 7, {"name": 5}),
        ("Agency", 7, {"name": "a\x00b"}),
        ("Agency", 7, {"founding_year": [1]}),
        ("Pad", 7, {"location_position": -1}),
        ("Launch", "0d779392-1a36-4c1e-b0b8-ec11e3031ee6", {"net": "soon"}),
        ("Launch", "0d779392-1a36-4c1e-b0b8-ec11e3031ee6", {"status": {"id": 1}}),
        ("Launch", "0d779392-1a36-4c1e-b0b8-ec11e3031ee6", {"program": [{"id": 1}]}),
        ("Launch", "0d779392-1a36-4c1e-b0b8-ec11e3031ee6", {"program": "1"}),
        ("Launch", "0d779392-1a36-4c1e-b0b8-ec11e3031ee6", {"vidURLs": ["x"]}),
    ],
)
def test_an_entry_with_impossible_values_is_not_applied(kind: str, key: Any, changes: dict[str, Any]) -> None:
    """The others of its page are; the object itself is asked for instead, and its own reply taken in or set aside."""
    applied = _apply(_entry("Agency", 8, name="Other"), _entry(kind, key, serial=2, **changes))
    assert Agency.objects.get(pk=8).name == "Other"
    assert Entry.objects.count() == 1
    assert len(applied.asked) == 1


@pytest.mark.parametrize(
    ("kind", "key"),
    [("Agency", -7), ("Agency", "seven"), ("Agency", 2**70), ("Launch", 7), ("Launch", "../agencies/7"), ("Mood", 1)],
)
@pytest.mark.parametrize("action", ["created", "changed", "deleted", "revived"])
def test_an_entry_of_what_cannot_be_is_left_out(kind: str, key: Any, action: str) -> None:
    """A kind that this version does not know, and an id that no object has: nothing is written, and nothing asked for."""
    applied = _apply(_entry(kind, key, action, name="x"))
    assert (applied.asked, applied.deleted, Entry.objects.count()) == ({}, [], 0)


def test_what_is_of_upstream_itself_is_not_taken_over() -> None:
    """How it observed a row, what lies beneath its overrides, and the time since which a duration runs there."""
    record, *_ = records_of(
        _entry(
            "Astronaut",
            3,
            name="A",
            source="x",
            observations=[],
            deleted_at="2026-01-01T00:00:00Z",
            reason="because",
            time_in_space="P3D",
            time_in_space_since="2026-01-01T00:00:00Z",
            observed__name="B",
        )
    )
    assert record.columns == {"name": "A", "time_in_space": timedelta(days=3)}


def test_a_deletion_here_that_is_older_is_not_revived_by_a_change(django_assert_num_queries: Any) -> None:
    """Rows that were deleted before the page are known from one query for each kind."""
    _observe("Agency", {"id": 7, "name": "One"}, AT - timedelta(days=2))
    delete("Agency", 7, AT - timedelta(days=1), SOURCE)
    _apply(_entry("Agency", 7, name="Two"))
    agency = Agency.objects.get(pk=7)
    assert (agency.name, agency.deleted_at) == ("Two", AT - timedelta(days=1))
