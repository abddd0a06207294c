"""Replies that depend on the clock: cached until they expire, and not one instant longer."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from launchledger.catalogue.records import Record
from launchledger.documents.freshness import expires_at, is_recorded, recording
from tests.support.observed import NOW, launch, record, tell, uuid
from tests.support.wsgi import Served

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)

Traveller = time_machine.Traveller


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def launches(db: None) -> None:
    """One launched 23 hours ago, one an hour ago, one will in an hour and one in a week; and events at the same times."""
    for number, after in enumerate((-23 * HOUR, -HOUR, HOUR, 7 * DAY), 1):
        net = (NOW + after).isoformat()[:19]
        tell(*_listed(number, net), record("Event", number, date=net))


def _listed(number: int, net: str, **columns: Any) -> list[Record]:
    """A launch with what gives it a place in lists."""
    relations = {"launch_service_provider": "Agency", "pad": "Pad", "configuration": "LauncherConfiguration"}
    others = [record(model, 1, name=model) for model in relations.values()]
    return [launch(number, net, **dict.fromkeys(relations, 1), **columns), *others]


def _numbers(served: Served, address: str) -> list[int]:
    return [int(str(item["id"])[-12:]) for item in json.loads(served.ask(address).body)["results"]]


def test_the_earliest_expiry_wins() -> None:
    """A recording has the earliest of all expiries, those of inner recordings too; without one a reply never expires."""
    with recording() as outer:
        assert outer.until == math.inf
        expires_at(30)
        with recording() as inner:
            expires_at(20)
            expires_at(25)
        assert (inner.until, outer.until) == (20, 20)
        expires_at(40)
    assert outer.until == 20
    assert not is_recorded()


def test_an_expiry_outside_a_recording_is_ignored() -> None:
    """Code that reports when its reply expires need not know whether the reply is cached."""
    expires_at(10)
    with recording() as freshness:
        pass
    assert freshness.until == math.inf


@pytest.mark.usefixtures("launches")
@pytest.mark.parametrize("kind", ["launch", "event"])
@pytest.mark.parametrize(
    ("address", "first", "until", "then"),
    [
        ("previous/", [2, 1], HOUR, [3, 2, 1]),  # enters at its time
        ("upcoming/", [1, 2, 3, 4], HOUR + MICROSECOND, [2, 3, 4]),  # leaves after a day
        ("upcoming/?hide_recent_previous=true", [3, 4], HOUR + MICROSECOND, [4]),  # leaves after its time
    ],
)
def test_a_list_is_fresh_until_a_row_comes_or_goes(
    served: Served, clock: Traveller, kind: str, address: str, first: list[int], until: timedelta, then: list[int]
) -> None:
    """It is cached until then, whenever it was computed, and is another from then on, with nothing written."""
    path = f"/2.2.0/{kind}/{address}"
    assert _numbers(served, path) == first
    clock.move_to(NOW + HOUR - MICROSECOND)
    with served.django.asked(times=0):
        assert _numbers(served, path) == first
    clock.move_to(NOW + until)
    assert _numbers(served, path) == then
    with served.django.asked(times=0):
        assert _numbers(served, path) == then


@pytest.mark.usefixtures("launches")
def test_a_detail_expires_as_its_list_does(served: Served, clock: Traveller) -> None:
    """A launch under upcoming/ is a 404 a day after its net, though its detail was cached."""
    path = f"/2.2.0/launch/upcoming/{uuid(1)}/"
    assert [served.ask(path).status for _ in range(2)] == [200, 200]
    clock.move_to(NOW + HOUR + MICROSECOND)
    assert served.ask(path).status == 404


@pytest.mark.usefixtures("launches")
def test_max_age_ends_with_the_reply(served: Served, clock: Traveller) -> None:
    """max-age never reaches beyond the expiry; in the last second caches must revalidate."""
    path = "/2.2.0/launch/previous/"
    sent = {}
    for left in (HOUR, 20 * SECOND, 15 * SECOND, 14.9 * SECOND, 1.5 * SECOND, 0.5 * SECOND):
        clock.move_to(NOW + HOUR - left)
        sent[left.total_seconds()] = served.ask(path).headers["cache-control"]
    fifteen = "public, max-age=15"
    assert sent == {
        3600: fifteen,
        20: fifteen,
        15: fifteen,
        14.9: "public, max-age=14",
        1.5: "public, max-age=1",
        0.5: "no-cache",
    }
    assert len(served.django.calls) == 1


@pytest.mark.usefixtures("launches")
def test_a_clock_that_is_set_back_invalidates_replies(served: Served, clock: Traveller) -> None:
    """A reply of a later time does not serve an earlier one: what launched since is not past yet."""
    clock.move_to(NOW + 2 * HOUR)
    assert _numbers(served, "/2.2.0/launch/previous/") == [3, 2, 1]
    clock.move_to(NOW)
    assert _numbers(served, "/2.2.0/launch/previous/") == [2, 1]


@pytest.mark.django_db
def test_a_clock_that_is_set_back_invalidates_an_empty_list(served: Served, clock: Traveller) -> None:
    """Two days ahead nothing is upcoming, and nothing is known that will be; set right again, the launch of now is."""
    tell(*_listed(1, NOW.isoformat()[:19]))
    clock.move_to(NOW + timedelta(days=2))
    assert b'"count":0' in served.ask("/2.2.0/launch/upcoming/").body
    clock.move_to(NOW)
    assert b'"count":1' in served.ask("/2.2.0/launch/upcoming/").body


@pytest.mark.usefixtures("launches")
def test_what_no_clock_changes_stays_cached(served: Served, clock: Traveller) -> None:
    """Other replies stay fresh whatever the clock shows, and cost no query about it."""
    for path in ("/2.2.0/launch/", f"/2.2.0/launch/{uuid(1)}/", "/2.2.0/agencies/", "/2.2.0/spacecraft/?ordering=name"):
        served.ask(path)
        clock.shift(timedelta(days=3650))
        with served.django.asked(times=0):
            served.ask(path)


def test_the_dashboard_is_fresh_until_a_list_changes(served: Served, clock: Traveller) -> None:
    """Launches, events, closed roads and notices each move at their own time."""
    tell(
        record("Program", 1, name="Starship"),
        *_listed(1, (NOW + 1 * HOUR).isoformat()[:19], program=[1]),
        record("Event", 1, date=(NOW + 2 * HOUR).isoformat()[:19], program=[1]),
        record("RoadClosure", 1, title="Road", window_end=(NOW + 3 * HOUR).isoformat()[:19]),
        record("Notice", 1, date=(NOW + 4 * HOUR).isoformat()[:19]),
    )

    def shown() -> list[int]:
        body = json.loads(served.ask("/2.2.0/dashboard/starship/").body)
        upcoming = body["upcoming"]
        return [len(part) for part in (upcoming["launches"], upcoming["events"], body["road_closures"], body["notices"])]

    for hour, expected in enumerate(([1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0])):
        clock.move_to(NOW + hour * HOUR)
        with served.django.asked(times=1):
            assert shown() == expected
            clock.shift(HOUR - MICROSECOND)
            assert shown() == expected
    clock.shift(timedelta(days=365))
    with served.django.asked(times=0):
        assert shown() == [0, 0, 0, 0]


def _in_space() -> None:
    tell(
        record("Spacecraft", 1, name="Up"),
        record("Spacecraft", 2, name="Down", time_in_space=timedelta(minutes=31)),
        launch(1, "2024-06-01T11:30:00"),
        record("SpacecraftFlight", 1, spacecraft=1, launch=uuid(1), mission_end=None),
    )


def test_a_duration_that_runs_is_fresh_to_the_next_minute(served: Served, clock: Traveller) -> None:
    """What is in space shows whole minutes, so its reply is cached for the rest of one; other replies do not expire."""
    _in_space()
    clock.shift(20)
    for minutes in (30, 31, 32):
        with served.django.asked(times=1):
            assert json.loads(served.ask("/2.2.0/spacecraft/1/").body)["time_in_space"] == f"PT{minutes}M"
            clock.move_to((NOW + (minutes - 29) * MINUTE) - MICROSECOND)
            assert json.loads(served.ask("/2.2.0/spacecraft/1/").body)["time_in_space"] == f"PT{minutes}M"
        clock.shift(MICROSECOND)
    served.ask("/2.2.0/spacecraft/2/")
    clock.shift(DAY)
    with served.django.asked(times=0):
        served.ask("/2.2.0/spacecraft/2/")


def test_an_order_by_a_duration_that_runs_is_fresh_to_the_next_minute(served: Served, clock: Traveller) -> None:
    """Though the page shows no duration (mode=list has none), rows change their places by the minute."""
    _in_space()
    address = "/2.2.0/spacecraft/?mode=list&ordering=time_in_space"
    assert _numbers(served, address) == [1, 2]
    clock.shift(2 * MINUTE)
    assert _numbers(served, address) == [2, 1]
