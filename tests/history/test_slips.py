"""How often and how far launches slipped: the same whatever the order of loading, and nothing claimed that was not observed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.queries.history import steps_of, steps_of_all
from launchledger.history.slips import GROUPS, Figure, Slips, groups, slips_of
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import emptied_afterwards
from tests.support.bodies import VOSTOK_1, launch
from tests.support.whole import uuid

pytestmark = pytest.mark.django_db

REPLIES = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere")) / "upstream" / "2.2.0"
NET = datetime(2026, 6, 15, 12, tzinfo=UTC)
EXACT, DAY, MONTH, QUARTER, YEAR, DECADE = (
    {"id": id, "name": name, "abbrev": name, "description": ""}
    for id, name in ((1, "MIN"), (5, "DAY"), (7, "M"), (9, "Q2"), (14, "Y"), (16, "DEC"))
)
SUCCESS = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": ""}
GO = {"id": 1, "name": "Go for Launch", "abbrev": "Go", "description": ""}


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _state(net: datetime, updated: datetime, seen: datetime | None = None, id: str = VOSTOK_1, **more: Any) -> Observation:
    """A reply with this net, which upstream changed last at one time and which was seen at another."""
    body = launch(id=id, net=_text(net), last_updated=_text(updated), **{"net_precision": EXACT, "status": GO, **more})
    return Observation(WIRE.reader.read("Launch", body), "test", seen or updated)


def _slips(*states: Observation) -> Slips:
    observe(states)
    return slips_of([VOSTOK_1])[VOSTOK_1]


def _ago(days: float) -> datetime:
    """So many days before the net."""
    return NET - timedelta(days=days)


def test_a_later_net_is_a_slip_and_an_earlier_one_is_none() -> None:
    """The days moved are from the first net to the last."""
    nets = [NET, NET + timedelta(days=2), NET + timedelta(days=1), NET + timedelta(days=10)]
    slips = _slips(*(_state(net, _ago(300 - number)) for number, net in enumerate(nets)))
    assert (slips.slips, slips.scrubs, slips.days_moved, len(slips.steps)) == (2, 0, 10.0, 4)


@pytest.mark.parametrize(("hours", "scrubs"), [(25, 0), (24, 1), (1, 1), (0, 1), (-1, 0)])
def test_a_scrub_is_a_slip_within_a_day_before_net(hours: float, scrubs: int) -> None:
    """By when the new net was first seen."""
    states = [_state(NET, _ago(30)), _state(NET + timedelta(days=1), NET - timedelta(hours=hours))]
    assert _slips(*states).scrubs == scrubs


@pytest.mark.parametrize(
    ("precision", "net", "within", "beyond"),
    [
        (DAY, "2026-06-15T00:00:00", "2026-06-16T00:00:00", "2026-06-16T00:00:01"),
        (MONTH, "2026-12-31T00:00:00", "2027-01-01T00:00:00", "2027-01-01T00:00:01"),
        (QUARTER, "2026-04-01T00:00:00", "2026-07-01T00:00:00", "2026-07-02T00:00:00"),
        (YEAR, "2026-02-01T00:00:00", "2026-12-31T23:00:00", "2027-01-02T00:00:00"),
        (DECADE, "2026-02-01T00:00:00", "2029-12-31T23:00:00", "2030-01-02T00:00:00"),
    ],
)
def test_a_move_that_the_precision_left_open_is_no_slip(precision: Any, net: str, within: str, beyond: str) -> None:
    """A launch announced for a month that is put on a day of it has not slipped; one that leaves the month has."""
    first, inside, outside = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (net, within, beyond))
    for later, slips in ((inside, 0), (outside, 1)):
        with emptied_afterwards():
            assert _slips(_state(first, _ago(500), net_precision=precision), _state(later, _ago(400))).slips == slips


def test_the_ends_of_time_are_nets_like_others() -> None:
    """The first and the last day that a time can have, as broken replies do, are compared without a day before or after them."""
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    with emptied_afterwards():
        assert _slips(_state(first, _ago(500)), _state(last, _ago(400))).slips == 1
    for precision in (DAY, MONTH, QUARTER, YEAR, DECADE):
        with emptied_afterwards():
            assert _slips(_state(last, _ago(500), net_precision=precision), _state(NET, _ago(400))).slips == 0


def test_steps_together_keep_what_a_smaller_reply_left_out() -> None:
    """A reply without a window says nothing of it: no step begins, and the window stays."""
    with_window, without = (launch(net=_text(NET), last_updated=_text(_ago(days)), status=GO) for days in (9, 8))
    for name in ("window_start", "window_end"):
        del without[name]
    slips = _slips(*(Observation(WIRE.reader.read("Launch", body), "test", _ago(7)) for body in (with_window, without)))
    (step,) = slips.steps
    assert (step.first_seen, step.last_seen) == (_ago(9), _ago(7))
    assert step.value["window_start"] == with_window["window_start"]


def _flown(id: str, net: datetime, slip: float, updated: float, until: float, **more: Any) -> list[Observation]:
    """A launch with this net from so many days before it until so many, which flew so many days later."""
    flew = net + timedelta(days=slip)
    begin, end = net - timedelta(days=updated), net - timedelta(days=until)
    return [_state(net, begin, end, id, **more), _state(flew, flew, flew, id, status=SUCCESS, **more)]


def test_figures_say_how_far_those_slipped_that_were_watched_then() -> None:
    """Median and 90th percentile by days before net; a launch counts only for times at which its net was observed."""
    for number in range(1, 11):
        observe(_flown(uuid(number), NET, slip=number, updated=40 if number > 1 else 8, until=5))
    observe([_state(NET, _ago(40), _ago(5), uuid(20))])  # has not flown
    (group,) = groups(Launch.objects.all(), "year")
    assert (group.id, group.name) == (2026, "2026")
    assert group.figures == [
        Figure(7, 10, _ago(40), 5.5, 9.0),
        Figure(30, 9, _ago(40), 6.0, 10.0),
    ]


def test_nothing_is_claimed_between_what_was_observed() -> None:
    """What the net was between the last sighting of one net and the first of the next is not known."""
    observe(_flown(VOSTOK_1, NET, slip=100, updated=80, until=60))
    assert groups(Launch.objects.all(), "year") == []


@pytest.mark.parametrize("by", sorted(GROUPS))
def test_launches_are_put_together(by: str) -> None:
    """By the launch's provider, configuration, pad, or year of its net, each with its name; in three queries at most."""
    observe(_flown(VOSTOK_1, NET, slip=1, updated=40, until=5))
    with CaptureQueriesContext(connection) as queries:
        (group,) = groups(Launch.objects.all(), by)
    assert len(queries) <= 3
    body = launch()
    expected = {
        "provider": (body["launch_service_provider"]["id"], body["launch_service_provider"]["name"]),
        "configuration": (body["rocket"]["configuration"]["id"], body["rocket"]["configuration"]["name"]),
        "pad": (body["pad"]["id"], body["pad"]["name"]),
        "year": (2026, "2026"),
    }
    assert (group.id, group.name) == expected[by]


states = st.builds(
    lambda net, updated, seen, precision, is_dated: (net, updated, max(updated, seen), precision, is_dated),
    st.integers(-3, 3),
    st.integers(0, 6),
    st.integers(0, 9),
    st.sampled_from([EXACT, MONTH]),
    st.booleans(),
)


def _observation(net: int, updated: int, seen: int, precision: Any, is_dated: bool) -> Observation:
    body = launch(net=_text(NET + timedelta(days=net)), net_precision=precision)
    body["last_updated"] = _text(_ago(9) + timedelta(days=updated))
    if not is_dated:
        del body["last_updated"]
    return Observation(WIRE.reader.read("Launch", body), f"seen {seen}", _ago(9) + timedelta(days=seen))


@settings(max_examples=30, deadline=None)
@given(st.lists(states, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_loading_does_not_matter(some: list[Any], random: Random) -> None:
    """Replies of a few days that tie, miss a date and repeat: the slips are the same one by one in any order.

    The steps of all objects together are those of each alone.
    """
    observations = [_observation(*each) for each in some]
    found = []
    for order in (observations, observations[::-1], random.sample(observations, len(observations))):
        with emptied_afterwards():
            for observation in order:
                observe([observation])
            found.append((slips_of([VOSTOK_1]), dict(steps_of_all("Launch", "net", [VOSTOK_1]))))
            of_one = steps_of("Launch", VOSTOK_1)["net"]
            assert found[-1][1] == {VOSTOK_1: [(step.value, step.first_seen, step.last_seen) for step in of_one]}
    assert found[0] == found[1] == found[2]


@pytest.mark.skipif(not REPLIES.is_dir(), reason="LAUNCHLEDGER_UPSTREAM names no folder of replies")
def test_real_lists_give_the_same_slips_in_any_order() -> None:
    """Pages of upcoming launches of 2022 to 2026, each as old as its newest launch: forwards, backwards and shuffled."""
    pages = sorted(_pages(), key=lambda page: page[0].at)
    found = []
    for order in (pages, pages[::-1], Random(1).sample(pages, len(pages))):
        with emptied_afterwards():
            for page in order:
                observe(page)
            keys = list(Launch.objects.values_list("pk", flat=True))
            found.append((slips_of(keys), dict(steps_of_all("Launch", "net", keys))))
    assert found[0] == found[1] == found[2]
    slips, steps = found[0]
    assert sum(each.slips for each in slips.values()) >= 5
    assert steps.keys() == slips.keys()


def _pages() -> Iterable[list[Observation]]:
    for file in REPLIES.glob("launch__list__*.json"):
        bodies = json.loads(file.read_text(encoding="utf-8"))["results"]
        at = max(datetime.fromisoformat(body["last_updated"]) for body in bodies)
        yield [Observation(WIRE.reader.read("Launch", body), file.name, at) for body in bodies]
