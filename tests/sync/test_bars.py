"""A mirror of an upstream in memory, on a virtual clock: how soon it notices what changes, and that it never asks too much.

`make bench ARGS=sync` measures thirty days; here some days must do.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.second_database import examples
from tests.support.virtual_mirror import Measured, VirtualMirror, measure
from tests.support.virtual_upstream import DAY, HOUR, MINUTE, VirtualUpstream


@pytest.fixture(scope="module")
def days() -> Measured:
    """Four days with a catalogue of upstream's size, at 15 calls an hour."""
    return measure(4, seed=5)


def test_the_allowance_is_never_exceeded(days: Measured) -> None:
    """Upstream never sees more than 15 calls in any hour, and most of them are used."""
    assert days.most_in_an_hour == 15


def test_the_first_walks_cost_hardly_more_than_the_pages(days: Measured) -> None:
    """At most a tenth more calls than ceil(count / 100) over all lists, with the news meanwhile."""
    assert days.bootstrap_sweeps <= days.bootstrap_calls <= 1.10 * days.least_calls


@pytest.mark.parametrize(
    ("urgency", "bar"), [("within 1 h", 5 * MINUTE), ("within 24 h", 30 * MINUTE), ("other launches and events", 2 * HOUR)]
)
def test_launches_and_events_are_fresh(days: Measured, urgency: str, bar: float) -> None:
    """The median age of a change when it is noticed is within the bar."""
    changes, middle, _ = days.ages[urgency]
    assert changes >= 10
    assert middle <= bar


def test_everything_else_is_noticed(days: Measured) -> None:
    """Changes without a date within 48 hours, deletions within 72, and after a quiet sweep nothing differs."""
    assert days.ages["anything else"][2] <= 48 * HOUR
    assert days.ages["deleted"][2] <= 72 * HOUR
    assert days.waiting["anything else"] <= 48 * HOUR
    assert days.differences == 0


@settings(max_examples=examples(12), deadline=None)
@given(
    seed=st.integers(0, 2**32),
    faults=st.sampled_from([0.0, 0.05, 0.3]),
    kills=st.sampled_from([0.0, 0.1]),
    limit=st.sampled_from([4, 15, 60]),
)
def test_faults_and_kills_lose_nothing(seed: int, faults: float, kills: float, limit: int) -> None:
    """Whatever fails, and whenever the process is killed: in the end every row is as upstream's, and no call was too many."""
    upstream = VirtualUpstream(seed, 0.03)
    mirror = VirtualMirror(upstream, seed, limit, faults, kills)
    mirror.run(mirror.now + DAY)
    assert mirror.most_in_an_hour() <= limit
    upstream.lively, mirror.limit = False, None
    for _ in range(8):  # a sweep that a fault hit may miss a row, and the next one sees it
        mirror.run(mirror.now + 90 * DAY, since=mirror.now)
        if not mirror.differences():
            break
    assert mirror.differences() == []
