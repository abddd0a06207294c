"""The history of watched columns: steps that follow from what was observed, and not from the order of loading."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.queries.history import Step, steps_of
from launchledger.formats.times import UNKNOWN
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import emptied_afterwards
from tests.support.bodies import EARLY, LATE, MIDDLE, VOSTOK_1, docking_event, flight, launch

pytestmark = pytest.mark.django_db
REPLIES = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere")) / "upstream" / "2.2.0"
# What the pages say of one launch's net, in the order of time.
SLIPPED, NETS = "82aef7fd-9664-4e94-970c-5e99eff1b331", ["2025-05-05T11:05:00Z", "2025-08-04T10:20:00Z"]
FIRST, SECOND = "2023-05-01T00:00:00Z", "2024-06-01T00:00:00Z"  # of last_updated


def _seen(model: str, body: dict[str, Any], at: datetime, source: str = "test") -> Observation:
    return Observation(WIRE.reader.read(model, body), source, at)


def _slips() -> list[Observation]:
    """A launch that slips twice and back, in replies of four days, of which the last is known by no time of upstream's."""
    nets = [("2026-01-01T00:00:00Z", FIRST), ("2026-02-01T00:00:00Z", SECOND), ("2026-01-01T00:00:00Z", "2024-07-01T00:00:00Z")]
    return [
        _seen("Launch", launch(net=net, last_updated=updated), LATE + timedelta(days=day), f"reply {day}")
        for day, (net, updated) in enumerate(nets)
    ]


def test_each_value_is_a_step() -> None:
    """From upstream's `last_updated` to that of the next value; the last one until the reply that had it."""
    observe(_slips())
    assert steps_of("Launch", VOSTOK_1)["net"] == [
        Step("2026-01-01T00:00:00Z", _at(FIRST), _at(FIRST) + (_at(SECOND) - _at(FIRST)), "reply 0"),
        Step("2026-02-01T00:00:00Z", _at(SECOND), _at("2024-07-01T00:00:00Z"), "reply 1"),
        Step("2026-01-01T00:00:00Z", _at("2024-07-01T00:00:00Z"), LATE + timedelta(days=2), "reply 2"),
    ]
    assert [step.value for step in steps_of("Launch", VOSTOK_1)["status"]] == [3]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_older_reply_adds_the_step_that_it_tells(order: Sequence[int]) -> None:
    """A state that a newer one has replaced already is a part of the history, whichever was loaded first."""
    slips = _slips()
    with emptied_afterwards():
        observe(slips)
        expected = steps_of("Launch", VOSTOK_1)
    for place in order:
        observe([slips[place]])
    assert steps_of("Launch", VOSTOK_1) == expected


def test_seeing_the_same_again_only_moves_the_last_time_on() -> None:
    """However often: one row, and one step from upstream's time to the newest reply."""
    for day in (3, 0, 5, 1):
        observe([_seen("Launch", launch(last_updated=FIRST), LATE + timedelta(days=day), f"reply {day}")])
    (step,) = steps_of("Launch", VOSTOK_1)["net"]
    assert (step.first_seen, step.last_seen, step.source) == (_at(FIRST), LATE + timedelta(days=5), "reply 0")
    assert ObservedState.objects.filter(kind="Launch").count() == 1


def test_replies_without_a_time_of_their_own_are_put_together_by_month() -> None:
    """The end of a flight is known as of the replies; of each month the first and the last count."""
    ends = [(1, None), (2, None), (20, "2025-03-01T00:00:00Z"), (40, "2025-03-01T00:00:00Z")]
    for days, end in ends:
        observe([_seen("SpacecraftFlight", flight(mission_end=end), LATE + timedelta(days=days), f"reply {days}")])
    key = str(flight()["id"])
    assert steps_of("SpacecraftFlight", key)["mission_end"] == [
        Step(None, LATE + timedelta(days=1), LATE + timedelta(days=2), "reply 1"),
        Step("2025-03-01T00:00:00Z", LATE + timedelta(days=20), LATE + timedelta(days=40), "reply 20"),
    ]
    assert ObservedState.objects.filter(kind="SpacecraftFlight", key=key).count() == 3


def test_a_column_that_a_reply_left_out_is_in_none_of_its_steps() -> None:
    """A smaller shape says nothing of the window, which stays as the larger one had it."""
    observe([_seen("Launch", launch(last_updated=FIRST), EARLY)])
    body = launch(last_updated=SECOND, net="2026-02-01T00:00:00Z")
    for name in ("window_start", "window_end"):
        del body[name]
    observe([_seen("Launch", body, LATE)])
    steps = steps_of("Launch", VOSTOK_1)
    assert (len(steps["net"]), len(steps["window_start"])) == (2, 1)


def test_of_an_unknown_time_only_what_has_its_own_counts() -> None:
    """A reply without any time has no place in the history."""
    observe([_seen("DockingEvent", docking_event(), UNKNOWN), _seen("Launch", launch(last_updated=FIRST), UNKNOWN)])
    assert not ObservedState.objects.filter(kind="DockingEvent").exists()
    (step,) = steps_of("Launch", VOSTOK_1)["net"]
    assert (step.first_seen, step.last_seen) == (_at(FIRST), _at(FIRST))


def test_what_is_known_is_written_by_one_statement() -> None:
    """A batch asks one query for all its states, and reads none."""
    batch = [_seen("Launch", launch(id=f"00000000-0000-4000-8000-{number:012}"), MIDDLE) for number in range(20)]
    with CaptureQueriesContext(connection) as queries:
        observe(batch)
    assert sum("catalogue_observedstate" in query["sql"] for query in queries) == 1


@pytest.mark.skipif(not REPLIES.is_dir(), reason="LAUNCHLEDGER_UPSTREAM names no folder of replies")
def test_real_lists_give_the_same_history_in_any_order() -> None:
    """Pages of upcoming launches of 2022 to 2026, each as old as its newest launch: forwards, backwards and shuffled."""
    pages = sorted(_pages(), key=lambda page: page[0].at)
    orders = [pages, pages[::-1], *(Random(seed).sample(pages, len(pages)) for seed in range(3))]
    histories = []
    for order in orders:
        with emptied_afterwards():
            for page in order:
                observe(page)
            histories.append(
                list(ObservedState.objects.order_by("kind", "key", "since", "state").values_list("key", "state", "last"))
            )
            slipped = steps_of("Launch", SLIPPED)["net"]
    assert all(history == histories[0] for history in histories)
    assert [step.value for step in slipped] == NETS


def _pages() -> list[list[Observation]]:
    found = []
    for file in REPLIES.glob("launch__list__*.json"):
        bodies = json.loads(file.read_text(encoding="utf-8"))["results"]
        at = max(_at(body["last_updated"]) for body in bodies)
        found.append([_seen("Launch", body, at, file.name) for body in bodies])
    return found


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
