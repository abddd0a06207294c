"""A mirror of another Launchledger follows its journal, over HTTP: every change arrives, and nothing else is asked for."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from django.db import connection

from launchledger.journal.models import Entry
from launchledger.pytest_plugin import LL2, SandboxError
from launchledger.sync.models import KeptReply
from launchledger.sync.running import Made, Syncer
from launchledger.sync.state import What
from tests.support.syncing import Together, assert_same, results_of, sync_once, syncing, theirs

# They commit, as syncing does: within one transaction PostgreSQL would keep each version of the rows that every call updates.
pytestmark = pytest.mark.django_db(transaction=True)

RESOURCES = (
    *("agencies", "launch", "event", "pad", "location", "astronaut", "spacecraft/flight", "spacecraft", "config/launcher"),
    *("docking_event", "expedition", "spacestation", "program", "launcher", "updates", "spacewalks", "config/spacecraft"),
)


def _follow(ll2: LL2, together: Together) -> list[Made]:
    return sync_once(ll2, together, journal=True)


def _asked(made: list[Made]) -> set[What]:
    return {each.call.what for each in made} - {What.USE}


def test_after_the_lists_the_journal_alone_is_asked(ll2: LL2, together: Together) -> None:
    """An edit without a `last_updated`, a slip, a new object and deletions: in one call, and byte for byte the same."""
    _follow(ll2, together)
    assert_same(ll2)
    together.wait(3600)
    ll2.change("astronaut", 4, set={"name": "Edwin Aldrin", "status": 1})
    launch, slipped = (each["id"] for each in results_of(ll2, "launch/upcoming/?limit=2&mode=list"))
    ll2.change("launch", slipped, set={"net": "2030-05-01T00:00:00Z", "status": 2})
    ll2.change("launch", launch, delete=True)
    ll2.change("agencies", create={"id": 2_000_000_001, "name": "New", "abbrev": "N"})
    made = _follow(ll2, together)
    assert _asked(made) == {What.CHANGES}
    assert len(made) <= 3
    assert_same(ll2, running=False)


def test_what_is_deleted_and_revived_is_the_same(ll2: LL2, together: Together) -> None:
    """A revived object is asked for by its address, because its entry has none of its values."""
    _follow(ll2, together)
    event = results_of(ll2, "event/?limit=1")[0]["id"]
    for _ in range(2):
        together.wait(60)
        ll2.change("event", event, delete=True)
        assert _asked(_follow(ll2, together)) == {What.CHANGES}
        assert_same(ll2, running=False)
        together.wait(60)
        ll2.change("event", create={"id": event, "name": "Again", "date": "2027-01-01T00:00:00Z"})
        assert _asked(_follow(ll2, together)) == {What.CHANGES, What.ABSENT}
        assert_same(ll2, running=False)


def test_random_changes_with_faults_end_in_the_same_replies(ll2: LL2, together: Together) -> None:
    """Of every kind, some at one moment, while calls fail in all ways; also numbers that upstream computed."""
    _follow(ll2, together)
    random = Random(1)
    for seed, fault in enumerate(("429", "403", "500", "reset", "cut", "invalid", "empty")):
        ll2.fail("ledger", fault=fault, share=0.04, seed=seed, seconds=30)
    for number in range(60 if connection.vendor == "sqlite" else 30):
        _change(ll2, random, number)
        if random.random() < 0.3:
            together.wait(random.choice((0.5, 30, 4000)))
        if random.random() < 0.1:
            _follow(ll2, together)
    _follow(ll2, together)
    assert_same(ll2, running=False)


def _change(ll2: LL2, random: Random, number: int) -> None:
    """A random change of a random object."""
    path = random.choice(RESOURCES)
    rows = results_of(ll2, f"{path}/?limit=20")
    if not rows:
        return
    found: dict[str, Any] = random.choice(rows)
    detail = json.loads(theirs(f"{ll2.url}{path}/{found['id']}/"))
    texts = [name for name, value in detail.items() if isinstance(value, str) and name in ("name", "description", "location")]
    change: dict[str, Any] = dict.fromkeys(texts, f"Text {number}")
    if path == "launch":
        change |= {"net": f"20{random.randint(20, 40)}-0{random.randint(1, 9)}-10T00:00:00Z", "status": random.randint(1, 7)}
    if path == "launch" and random.random() < 0.3:
        change["pad"] = random.choice(results_of(ll2, "pad/?limit=20"))["id"]
    if path == "pad":
        change["location"] = random.choice(results_of(ll2, "location/?limit=20"))["id"]
    if path == "docking_event":
        change["departure"] = random.choice((None, "2026-12-30T00:00:00Z"))
    try:
        if random.random() < 0.1:
            ll2.change(path, found["id"], delete=True)
        elif change:
            ll2.change(path, found["id"], set=change)
    except SandboxError:  # the sandbox says why it cannot be; what it accepts is to be the same here
        return


def test_a_journal_that_was_replaced_makes_the_lists_be_read_again(ll2: LL2, together: Together) -> None:
    """The upstream went back to an older state of its catalogue."""
    _follow(ll2, together)
    ll2.change("agencies", 121, set={"name": "Another name"})
    _follow(ll2, together)
    ll2.reset()
    together.wait(3600)
    ll2.at(together.now)
    assert What.SWEEP in _asked(_follow(ll2, together))
    assert_same(ll2, running=False)


def test_entries_that_were_kept_are_applied_at_the_next_start(
    ll2: LL2, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends between a page and its entries loses none, and applies none twice."""
    _follow(ll2, together)
    ll2.change("agencies", 121, set={"name": "Another name"})
    with syncing(ll2, journal=True) as syncer, monkeypatch.context() as patch:
        patch.setattr(Syncer, "_take_in", _killed)
        with pytest.raises(KeyboardInterrupt):
            syncer.sync_once(together.wait, lambda made: None)
    assert KeptReply.objects.filter(done_at=None).count() == 1
    before = Entry.objects.filter(kind="Agency", key="121").count()
    with syncing(ll2, journal=True):
        assert Entry.objects.filter(kind="Agency", key="121").count() == before + 1
    _follow(ll2, together)
    assert Entry.objects.filter(kind="Agency", key="121").count() == before + 1
    assert_same(ll2, running=False)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_upstream_with_a_limit_is_swept(ll2: LL2, together: Together) -> None:
    """The Space Devs have no journal, and a call for it would be lost."""
    ll2.limit("1000/hour")
    assert What.CHANGES not in _asked(_follow(ll2, together))
    assert not [request for request in ll2.requests if request.path.startswith("/ledger/")]
