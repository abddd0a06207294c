"""Syncing with a real server over HTTP: the sandbox, whose clock goes along with ours. It is asked for lists alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection

from launchledger.journal.models import Entry
from launchledger.pytest_plugin import LL2
from launchledger.sync.models import Call, KeptReply
from launchledger.sync.running import Syncer
from tests.support.syncing import START, Together, assert_same, results_of, sync_once, syncing, theirs

# They commit, as syncing does: within one transaction PostgreSQL would keep each version of the rows that every call updates.
pytestmark = pytest.mark.django_db(transaction=True)


def test_every_reply_is_the_same_after_a_sync(ll2: LL2, together: Together) -> None:
    """Byte for byte, for every address of a crawl, after one sync with a server that does not throttle."""
    sync_once(ll2, together)
    assert assert_same(ll2) > (500 if connection.vendor == "sqlite" else 40)


def test_changes_without_a_date_and_deletions_are_seen(ll2: LL2, together: Together) -> None:
    """The next sync brings an edit that has no `last_updated`, a slip, a new object, and that objects are gone."""
    sync_once(ll2, together)
    together.wait(3600)
    ll2.change("astronaut", 4, set={"name": "Edwin Aldrin", "status": 1})
    ll2.change("agencies", 63, set={"abbrev": "RKA"})
    launch, slipped = (each["id"] for each in results_of(ll2, "launch/upcoming/?limit=2&mode=list"))
    ll2.change("launch", slipped, set={"net": "2030-05-01T00:00:00Z", "status": 2})
    ll2.change("launch", launch, delete=True)
    ll2.change("event", results_of(ll2, "event/?limit=1")[0]["id"], delete=True)
    made = sync_once(ll2, together)
    assert sum(each.taken.deleted for each in made if each.taken) == 2
    assert_same(ll2)


def test_what_is_gone_stays_gone_although_others_show_it(ll2: LL2, together: Together) -> None:
    """A spacecraft flight of a deleted launch shows it still; that revives nothing, until the launch has an address again."""
    sync_once(ll2, together)
    flight = json.loads(theirs(f"{ll2.url}spacecraft/flight/?limit=1"))["results"][0]
    launch = flight["launch"]["id"]
    together.wait(3600)
    ll2.change("launch", launch, delete=True)
    made = sync_once(ll2, together)
    assert sum(each.taken.deleted for each in made if each.taken) == 1
    together.wait(3600)
    ll2.change("spacecraft/flight", flight["id"], set={"destination": "Elsewhere"})
    made = sync_once(ll2, together)
    assert f'"{launch}"'.encode() in theirs(f"{ll2.url}spacecraft/flight/{flight['id']}/")
    assert sum(each.taken.deleted for each in made if each.taken) == 0
    entries = Entry.objects.filter(key=launch, action__in=("deleted", "revived"))
    assert list(entries.values_list("action", flat=True)) == ["deleted"]
    assert_same(ll2)
    ll2.reset()
    together.wait(3600)
    sync_once(ll2, together)
    assert_same(ll2)


def test_an_upstream_that_throttles_is_never_asked_too_often(ll2: LL2, together: Together) -> None:
    """At 15 calls an hour no call is refused, and nothing is missing in the end; only the times in space have gone on."""
    ll2.limit("15/hour")
    until = START + timedelta(hours=4)
    with syncing(ll2, journal=False) as syncer:
        syncer.sync(together.wait, lambda made: None, until)
    calls = [request for request in ll2.requests if "api-throttle" not in request.path]
    assert {call.status for call in calls} == {200}
    assert 40 <= len(calls) <= 4 * 15
    ll2.limit(None)
    made = sync_once(ll2, together)
    assert sum(each.taken.report.outcomes[path]["new"] for each in made if each.taken for path in each.taken.report.outcomes) == 0
    assert_same(ll2)


def test_faults_are_waited_out(ll2: LL2, together: Together) -> None:
    """A third of all calls fail, each in one of all ways, and nothing is lost or wrong in the end."""
    for seed, fault in enumerate(("429", "403", "500", "reset", "cut", "invalid", "count", "moved", "repeated", "empty")):
        ll2.fail(fault=fault, share=0.04, seed=seed, seconds=30)
    sync_once(ll2, together)
    ll2.reset()
    together.wait(7200)
    sync_once(ll2, together)  # what was given up, or missed on pages that moved, comes with the next sync
    assert_same(ll2)


def test_a_reply_that_was_kept_is_taken_in_at_the_next_start(
    ll2: LL2, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends between a reply and its objects costs no call."""
    with syncing(ll2, journal=False) as syncer, monkeypatch.context() as patch:
        patch.setattr(Syncer, "_take_in", _killed)
        with pytest.raises(KeyboardInterrupt):
            syncer.sync_once(together.wait, lambda made: None)
    asked = Call.objects.count()
    assert KeptReply.objects.filter(done_at=None).count() == 1
    with syncing(ll2, journal=False):
        assert KeptReply.objects.filter(done_at=None).count() == 0
    assert Call.objects.count() == asked == 1
    sync_once(ll2, together)
    requests = [(request.path, request.query) for request in ll2.requests if "api-throttle" not in request.path]
    assert requests.count(requests[0]) <= 2  # the second is that of a whole sync


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
