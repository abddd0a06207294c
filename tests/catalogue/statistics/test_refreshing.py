"""Numbers as time passes, and the thread that sees to it."""

from __future__ import annotations

import logging
import os
import threading
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Refresher, recompute, recompute_if_rules_changed, refresh
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.clock import Clock
from launchledger.catalogue.models.launches import Launch, Pad
from launchledger.catalogue.statistics.numbers import RULES
from launchledger.journal.models import Entry
from tests.support.observed import GO, NOW, launch, record, tell, uuid

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def begin() -> Any:
    """At noon, with a launch in thirty seconds and somebody born on the next day of the year."""
    with time_machine.travel(NOW, tick=False):
        tell(
            record("Pad", 1), launch(1, "2024-06-01T12:00:30", GO, pad=1), record("Astronaut", 1, date_of_birth=date(1980, 6, 2))
        )
        refresh(NOW)
        yield


def test_a_net_that_passes_is_counted() -> None:
    """The pad has one launch more; the entry records it, with its source."""
    assert refresh(SOON) == 1
    entry = Entry.objects.latest("serial")
    assert (entry.kind, entry.key, entry.source, entry.at) == ("Pad", "1", "statistics", SOON)
    assert entry.changes == {"total_launch_count": [0, 1], "orbital_launch_attempt_count": [0, 1]}


def test_where_nothing_passed_nothing_is_written() -> None:
    """Looking costs a fixed number of reads and takes no lock; after an hour only the clock is set."""
    serial = Entry.objects.latest("serial").serial
    with CaptureQueriesContext(connection) as queries:
        assert refresh(NOW + timedelta(seconds=29)) == 0
    assert [query["sql"][:6] for query in queries] == ["SELECT"] * len(queries)
    assert Clock.objects.get().refreshed_at == NOW
    refresh(SOON)
    assert refresh(NOW + timedelta(hours=2)) == 0
    assert Clock.objects.get().refreshed_at == NOW + timedelta(hours=2)
    assert Entry.objects.filter(serial__gt=serial).count() == 1


def test_ages_grow_on_birthdays() -> None:
    """On the day itself, in UTC; also when nobody looked for half a year."""
    refresh(NOW + timedelta(hours=11))
    assert Astronaut.objects.get(pk=1).age == 43
    refresh(NOW + timedelta(hours=12))
    assert Astronaut.objects.get(pk=1).age == 44
    refresh(NOW + timedelta(days=366))
    assert Astronaut.objects.get(pk=1).age == 45


def test_a_clock_that_was_set_back_starts_anew() -> None:
    """Numbers of a future that is not there yet are taken back."""
    refresh(SOON)
    refresh(NOW)
    assert Pad.objects.get(pk=1).total_launch_count == 0


def test_a_clock_that_is_behind_takes_nothing_back() -> None:
    """What a machine saw pass stays so when another one, whose clock is behind, observes something of it."""
    refresh(SOON)
    tell(record("Pad", 2), launch(1, "2024-06-01T12:00:30", GO, pad=2), at=SOON)
    assert [Pad.objects.get(pk=key).total_launch_count for key in (1, 2)] == [0, 1]


def test_numbers_by_older_rules_are_computed_anew() -> None:
    """Once, with their entries in the journal; where the rules are those of this version, looking is one read."""
    Pad.objects.update(total_launch_count=-1)
    with CaptureQueriesContext(connection) as queries:
        assert recompute_if_rules_changed() == 0
    assert len(queries) == 1
    Clock.objects.update(rules=0)
    assert recompute_if_rules_changed() == 1
    assert Pad.objects.get(pk=1).total_launch_count == 0
    assert Entry.objects.latest("serial").changes == {"total_launch_count": [-1, 0]}
    assert recompute_if_rules_changed() == 0


def test_a_server_brings_older_rules_in_line_too() -> None:
    """What refreshes while it runs does not trust a mark by other rules, although nothing passed since."""
    Pad.objects.update(total_launch_count=-1)
    Clock.objects.update(rules=0)
    assert refresh(NOW) == 1
    assert Clock.objects.get().rules == RULES


def test_recomputing_mends_what_somebody_broke() -> None:
    """Whatever was written past the writers, computed numbers are right again; observed ones stay."""
    tell(record("Agency", 1, total_launch_count=704))
    Pad.objects.update(total_launch_count=99)
    Launch.objects.update(pad_launch_attempt_count=99, slug="other")
    assert recompute(NOW) == 2
    assert Pad.objects.get(pk=1).total_launch_count == 0
    assert (Launch.objects.get(pk=uuid(1)).pad_launch_attempt_count, Launch.objects.get(pk=uuid(1)).slug) == (1, "launch-1")
    assert Agency.objects.get(pk=1).total_launch_count == 704
    assert recompute(NOW) == 0


def test_the_thread_refreshes_until_the_server_stops() -> None:
    """It works again and again, after a failure too, which it logs; when the block ends, it ends."""
    third = threading.Event()
    calls: list[str] = []

    def work() -> int:
        calls.append(threading.current_thread().name)
        if len(calls) == 1:
            raise RuntimeError("the first one fails")
        if len(calls) == 3:
            third.set()
        return 0

    with Refresher(period=0.001, refresh=work):
        assert third.wait(20)
    assert set(calls) == {"refresher"}
    assert "refresher" not in {thread.name for thread in threading.enumerate()}


def test_a_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """With its traceback, and the next time is not lost."""

    def fail() -> int:
        raise RuntimeError("no database")

    with caplog.at_level(logging.ERROR):
        Refresher(refresh=fail).run_once()
    assert "refreshing the numbers that depend on the time failed" in caplog.text
    assert "no database" in caplog.text


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # of Python 3.12, and what this test is about
def test_a_fork_waits_for_the_end_of_a_refresh() -> None:
    """A child is never made in the middle of one: here it is made from another thread while one goes on, and comes after it."""
    begun, ended = threading.Event(), threading.Event()
    forked_after: list[bool] = []

    def fork() -> None:
        begun.wait(20)
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)
        forked_after.append(ended.is_set())

    def work() -> int:
        begun.set()
        ended.wait(0.2)  # nobody sets it: the other thread has this long to fork too early
        ended.set()
        return 0

    other = threading.Thread(target=fork)
    with Refresher(period=1000, refresh=work) as refresher:
        other.start()
        refresher.run_once()
        other.join(20)
    assert forked_after == [True]
