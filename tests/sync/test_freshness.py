"""How fresh the mirror is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from launchledger.sync.budget import Budget
from launchledger.sync.forecast import forecast
from launchledger.sync.freshness import Freshness, answered_at, freshness
from launchledger.sync.lease import DURATION, Lease
from launchledger.sync.servers import source_of
from launchledger.sync.state import Allowance, Known, Pause, Sweep
from launchledger.sync.store import Store
from launchledger.sync.targets import targets

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SERVER = "https://ll.thespacedevs.com"
WHOLE = 35  # lists of the wire, without parts and dashboards


def _save(known: Known, at: datetime = NOW, *, server: str = SERVER, answered: bool = True) -> None:
    Store(server, source_of(server)).save(known, at, answered=answered)


def _walked(*paths: str) -> Known:
    began = NOW.timestamp() - 3600
    return Known(sweeps={path: Sweep(path, 1, count=1, last_began=began, last_ended=began + 60) for path in paths})


def _fresh(now: datetime = NOW) -> Freshness:
    found = freshness(now)
    assert found is not None
    return found


def test_nothing_was_ever_synced(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Then there is nothing to tell, and that costs one query each."""
    with django_assert_num_queries(1):
        assert freshness(NOW) is None
    with django_assert_num_queries(1):
        assert answered_at() is None


def test_a_whole_mirror(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Two queries: the plan, and who syncs. The budget does not matter any more."""
    _save(_walked(*targets()))
    with django_assert_num_queries(2):
        found = _fresh()
    assert (found.upstream, found.host, found.answered_at) == (SERVER, "ll.thespacedevs.com", NOW)
    assert (found.complete, found.lists, found.first_walks.are_complete, found.first_walks.seconds_left) == (
        WHOLE,
        WHOLE,
        True,
        0,
    )


def test_a_list_is_complete_when_both_its_parts_are(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """While first walks are left, the budget is read too: the server, and the calls that count."""
    _save(_walked("pad", "launch/upcoming"))
    with django_assert_num_queries(4):
        assert _fresh().complete == 1
    _save(_walked("pad", "launch/upcoming", "launch/previous"))
    assert _fresh().complete == 2


def test_the_time_that_is_left_is_what_the_plan_will_need() -> None:
    """Within a tenth of what the plan itself foresees, from the start and from the middle; a pause counts too."""
    seconds = 0
    with time_machine.travel(NOW, tick=False):
        for known in (Known(ask_use=False), replace(_walked("launch/upcoming", "updates", "event/previous"), ask_use=False)):
            _save(known)
            left = _fresh().first_walks
            assert left.seconds_left is not None
            foreseen = [each for each in forecast(known, Allowance(15), NOW.timestamp(), 86_400) if "first time" in each.reason]
            assert left.calls_left == pytest.approx(len(foreseen), abs=2)
            seconds = left.seconds_left
            assert seconds == pytest.approx(foreseen[-1].at - NOW.timestamp(), rel=0.1)
        _save(replace(known, pause=Pause(NOW.timestamp() + 1800, "outage")))
        assert _fresh().first_walks.seconds_left == seconds + 1800


def test_an_upstream_without_a_limit_needs_as_long_as_it_takes() -> None:
    """No time is promised where it depends on the speed of the upstream; The Space Devs always have a limit."""
    for server, is_known in ((SERVER, True), ("http://127.0.0.1:8000", False)):
        Budget(server).believe(None)
        _save(Known(), NOW + timedelta(hours=not is_known), server=server)
        left = _fresh().first_walks
        assert (left.calls_left > 300, left.seconds_left is not None) == (True, is_known)


def test_who_syncs_and_since_when() -> None:
    """The holder of the lease; nobody after it was given back, or was not renewed."""
    _save(Known())
    with time_machine.travel(NOW, tick=False) as clock:
        lease = Lease()
        lease.take()
        holder = _fresh().holder
        assert holder is not None
        assert (holder.name.startswith("process "), holder.since) == (True, NOW)
        assert _fresh(NOW + DURATION).holder is None
        clock.shift(60)
        lease.renew()
        holder = _fresh(NOW + DURATION).holder
        assert holder is not None
        assert holder.since == NOW
        lease.release()
        assert _fresh(NOW + timedelta(seconds=60)).holder is None


def test_of_several_upstreams_the_one_that_answered_last_counts() -> None:
    """One that was asked later and never answered does not; where none answered, the one that was asked first last is shown."""
    other = "http://127.0.0.1:8000"
    _save(Known(), NOW - timedelta(hours=3), server=other, answered=False)
    assert (_fresh().upstream, answered_at()) == (other, None)
    _save(Known(), NOW - timedelta(hours=2))
    assert (_fresh().upstream, answered_at()) == (SERVER, NOW - timedelta(hours=2))
    _save(Known(), NOW - timedelta(hours=1), server=other)
    assert (_fresh().upstream, answered_at()) == (other, NOW - timedelta(hours=1))
