"""The status of the mirror: what is stored of each list, the budget, what is wrong, and what comes next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, delete, observe, observe_starter
from launchledger.catalogue.models.launches import Pad
from launchledger.sync.budget import Budget, Throttle
from launchledger.sync.following import Following
from launchledger.sync.lease import Lease
from launchledger.sync.refused import set_aside
from launchledger.sync.servers import source_of
from launchledger.sync.state import Failure, Known, Pause, Sweep
from launchledger.sync.status import NEXT_CALLS, ListStatus, Status, as_json, status
from launchledger.sync.store import Store
from launchledger.sync.targets import targets
from launchledger.wire.v2_2_0 import WIRE
from tests.support.whole import least

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERVER = "https://ll.thespacedevs.com"
SOURCE = source_of(SERVER)

QUERIES = (
    "the plan of the upstream that answered last",
    "the same plan as the plan of calls loads it",
    "the newest entry of the journal, to know whether what was read of the catalogue is as it was",
    "the launches near now, which decide when news are asked for",
    "the events near now",
    "objects whose details were never asked for",
    "objects whose details were asked for longest ago",
    "the server with its limit",
    "the calls that count",
    "who syncs",
    "rows, oldest observation and deleted rows of every list",
    "refused objects",
)


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _save(known: Known) -> None:
    Store(SERVER, SOURCE).save(known, NOW, answered=True)


def _status() -> Status:
    found = status(NOW)
    assert found is not None
    return found


def _list(path: str) -> ListStatus:
    return next(each for each in _status().lists if each.path == path)


def _observe_pads(*numbers: int, at: datetime = NOW, source: str = SOURCE) -> None:
    shape = WIRE.shapes["Pad"]
    observe(
        [Observation(WIRE.reader.read("Pad", least(shape, number) | {"name": f"Pad {number}"}), source, at) for number in numbers]
    )


def test_nothing_was_ever_synced() -> None:
    """Then there is no status, and its JSON says so."""
    assert status(NOW) is None
    assert as_json(None) == {"upstream": None}


def test_every_list_is_there_once() -> None:
    """Whole lists, without parts such as launch/upcoming and without dashboards."""
    _save(Known())
    paths = [each.path for each in _status().lists]
    assert sorted(paths) == sorted(path for path, target in targets().items() if path == target.whole and not target.is_page)
    assert {"launch", "config/orbit", "updates"} < set(paths)


def test_what_a_list_holds() -> None:
    """Its rows, upstream's count, the last whole walk, the oldest observation, and what is deleted or refused."""
    _observe_pads(1, at=NOW - 3 * HOUR)
    _observe_pads(2, 3, 4)
    delete("Pad", 4, NOW, SOURCE, "Upstream does not have it any more.")
    set_aside(SERVER, "pad", {"id": 5}, request="/2.2.0/pad/", at=NOW, path="$.name", reason="is no text")
    ended = (NOW - HOUR).timestamp()
    _save(Known(sweeps={"pad": Sweep("pad", 1, count=4, last_began=ended - 60, last_ended=ended, last_seen=3, short=1)}))
    assert _list("pad") == ListStatus("pad", 3, 4, NOW - HOUR, 1, None, NOW - 3 * HOUR, refused=1, deleted=1)
    assert _list("program") == ListStatus("program", 0, None, None, 0, None, None, refused=0, deleted=0)


def test_the_starter_is_no_observation() -> None:
    """Its rows are counted, and are not what the oldest observation is of."""
    observe_starter()
    _save(Known())
    assert _list("pad").stored > 10
    assert _list("pad").oldest is None
    number = Pad.objects.values_list("pk", flat=True)[0]
    _observe_pads(number)
    assert _list("pad").oldest == NOW


def test_how_much_of_a_walk_is_behind() -> None:
    """Of a running walk; of launches the first time through both parts together. None where none is running."""
    _save(Known(sweeps={"pad": Sweep("pad", 1, began=1.0, walked=100, count=196)}))
    assert _list("pad").share == 0.5
    assert _list("launch").share is None
    upcoming = Sweep("launch/upcoming", 1, count=98, last_began=1.0, last_ended=2.0)
    _save(Known(sweeps={upcoming.path: upcoming}))
    assert _list("launch").share == pytest.approx(1 / 73, abs=0.001)
    previous = Sweep("launch/previous", 1, began=3.0, walked=200, count=294)
    _save(Known(sweeps={upcoming.path: upcoming, previous.path: previous}))
    assert _list("launch").share == 0.75
    assert _list("launch").completed_at is None
    done = replace(previous, began=None, last_began=3.0, last_ended=4.0)
    _save(Known(sweeps={upcoming.path: upcoming, previous.path: done}))
    assert (_list("launch").share, _list("launch").completed_at) == (None, datetime.fromtimestamp(4, UTC))


def test_the_budget() -> None:
    """The stricter limit, what is left of it, and when the next call is free; none for an upstream without a limit."""
    _save(Known())
    Budget(SERVER).believe(Throttle(limit=3, seconds=3600, use=0))
    assert (_status().budget.limit, _status().budget.left, _status().budget.free_at) == (3, 3, NOW)
    for _ in range(3):
        call = Budget(SERVER).take("/2.2.0/pad/")
        Budget(SERVER).end(call, "page")
    assert (_status().budget.left, _status().budget.free_at) == (0, NOW + HOUR + timedelta(seconds=1))


def test_why_nothing_is_asked_for() -> None:
    """The plan waits for an upstream that fails, or upstream wants no call; each call that failed is there with its reason."""
    until = (NOW + HOUR).timestamp()
    failures = {"sweep pad": Failure(3, until, "answered 502 Bad Gateway")}
    _save(Known(pause=Pause(until, "5 calls in a row failed"), failures=failures))
    found = _status()
    assert found.pause is not None
    assert (found.pause.until, found.pause.reason) == (NOW + HOUR, "5 calls in a row failed")
    assert [(each.call, each.times, each.reason) for each in found.failures] == [("sweep pad", 3, "answered 502 Bad Gateway")]
    _save(Known(pause=Pause(NOW.timestamp(), "is over")))
    assert _status().pause is None
    Budget(SERVER).wait(60)
    pause = _status().pause
    assert pause is not None
    assert pause.until == NOW + timedelta(seconds=60)


def test_the_next_calls_are_those_of_the_plan() -> None:
    """The first ones with time and reason, in the order in which they will be made."""
    _save(Known(ask_use=False))
    calls = _status().next_calls
    assert len(calls) == NEXT_CALLS
    assert [each.at for each in calls] == sorted(each.at for each in calls)
    assert (calls[0].path, calls[0].reason) == ("config/agencytype", "config/agencytype: page 1, for the first time")


def test_the_status_costs_a_fixed_number_of_queries() -> None:
    """One for each thing it tells, however many lists and rows there are, so that it can be asked for all the time."""
    _save(Known())
    status(NOW)
    with CaptureQueriesContext(connection) as few:
        status(NOW)
    observe_starter()
    with CaptureQueriesContext(connection) as many:
        status(NOW)
    assert len(few) == len(many) == len(QUERIES), [each["sql"][:80] for each in many.captured_queries]


def test_a_journal_that_is_followed_is_told() -> None:
    """The last entry that was taken in, and upstream's newest; nothing before this process has checked it."""
    following = Following(offered=True, serial=7, newest=9)
    _save(Known(following=following))
    assert _status().journal is None
    _save(Known(following=replace(following, checked=True)))
    assert as_json(_status())["journal"] == {"serial": 7, "newest": 9}


def test_the_status_as_json() -> None:
    """Plain JSON with times as on the wire; the name of the machine is left out where everyone can read it."""
    _save(Known(pause=Pause((NOW + HOUR).timestamp(), "outage"), failures={"news launch": Failure(1, 1.0, "timed out")}))
    _observe_pads(1)
    Lease().take()
    told = as_json(_status())
    assert json.loads(json.dumps(told)) == told
    assert (told["upstream"], told["answered_at"]) == (SERVER, "2026-11-29T12:00:00Z")
    assert told["syncing"].keys() == {"since", "holder"}
    assert as_json(_status(), with_holder=False)["syncing"] == {"since": "2026-11-29T12:00:00Z"}
    assert next(each for each in told["lists"] if each["path"] == "pad") == {
        "path": "pad",
        "stored": 1,
        "upstream_count": None,
        "completed_at": None,
        "missed": 0,
        "walk_share": None,
        "oldest_observation": "2026-11-29T12:00:00Z",
        "refused": 0,
        "deleted": 0,
    }
    assert told["budget"] == {"limit": 15, "seconds": 3600, "left": 15, "next_free_at": "2026-11-29T12:00:00Z"}
    assert told["journal"] is None
    assert told["pause"] == {"until": "2026-11-29T13:00:00Z", "reason": "outage"}
    assert told["failures"][0]["reason"] == "timed out"
    assert told["next_calls"][0].keys() == {"at", "path", "id", "reason"}
