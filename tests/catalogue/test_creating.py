"""Objects of one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from launchledger import clock
from launchledger.catalogue.actions import Observation, OverrideRefused, Wanted, create, delete, next_own_key, observe
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.starter import FIRST_OWN_ID
from launchledger.journal.models import Entry
from launchledger.sync.store import Store
from launchledger.sync.targets import targets
from tests.support.observed import GO, NOW, SECOND, launch, moment, record, tell, uuid

pytestmark = pytest.mark.django_db


def _create(kind: str, reason: str = "Ours", **values: Any) -> Any:
    key = next_own_key(kind)
    create([Wanted(kind, key, column, {column: value}, reason) for column, value in values.items()])
    return key


def test_an_object_of_ones_own_has_an_id_that_upstream_never_gives() -> None:
    """Numbers count on from the last of its kind, also behind a deleted one; launches have UUIDs."""
    tell(record("Event", 7, name="Theirs"))
    assert [_create("Event", name="First"), _create("Event", name="Second")] == [FIRST_OWN_ID, FIRST_OWN_ID + 1]
    delete("Event", FIRST_OWN_ID + 1, NOW, "test")
    assert _create("Event", name="Third") == FIRST_OWN_ID + 2
    launches = {_create("Launch", name="One", status=GO), _create("Launch", name="Two", status=GO)}
    assert len(launches) == 2
    assert _create("Pad", name="Pad") == FIRST_OWN_ID


def test_it_is_served_and_counted_as_any_other() -> None:
    """Its numbers and those of others follow, and the journal has the reason."""
    tell(record("Pad", 1), launch(1, "2024-02-01T00:00:00", pad=1, net_precision=SECOND))
    key = _create("Launch", "Flown by us", name="Ours", net=moment("2024-01-01T00:00:00"), net_precision=SECOND, status=3, pad=1)
    ranks = dict(Launch.objects.values_list("pk", "pad_launch_attempt_count"))
    assert ranks == {key: 1, uuid(1): 2}
    assert Client().get(f"/2.2.0/launch/{key}/").json()["name"] == "Ours"
    entry = Entry.objects.get(kind="Launch", key=key, action="created")
    assert (entry.source, entry.changes["reason"]) == ("override", [None, "Flown by us"])


def test_a_mirror_does_not_miss_it_in_a_list_of_upstream() -> None:
    """It is of no upstream, so it is not asked for there, and not deleted."""
    type, theirs = record("EventType", 1, name="Docking"), record("Event", 7, name="Theirs", type=1, date="2030-01-01T00:00:00")
    observe([Observation([type, theirs], "sync:ll.example", NOW)])
    _create("Event", name="Ours", type=1, date=moment("2030-01-01T00:00:00"))
    store = Store("https://ll.example/2.2.0", "sync:ll.example")
    began = clock.now() + timedelta(hours=1)
    assert store.end_walk(targets()["event"], 1, began, began + timedelta(hours=1)) == ["7"]


def test_what_an_override_refuses_is_refused() -> None:
    """A relation to nothing, no reason, a key that is taken; nothing is written."""
    before = Entry.objects.count()
    for values, reason in (({"status": 99}, "Why"), ({"name": "x"}, " ")):
        with pytest.raises(OverrideRefused):
            _create("Launch", reason, **values)
    assert (Entry.objects.count(), Launch.objects.count()) == (before, 0)
    key = _create("Event", name="Ours")
    with pytest.raises(OverrideRefused, match="exists already"):
        create([Wanted("Event", key, "name", {"name": "Again"}, "Why")])
