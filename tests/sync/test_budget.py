"""The budget of calls: never more than allowed in any window, whoever asks, whatever the clock does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django.fixtures import Settings

from launchledger.clock import now
from launchledger.conf.rates import Rate
from launchledger.sync.budget import KEPT, LONGEST_CALL, LONGEST_WAIT, MARGIN, Budget, NoBudget, Throttle, Window
from launchledger.sync.models import Call
from launchledger.sync.state import Allowance
from tests.support.processes import database_of_its_own, environment

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERVER = "https://upstream.example"

pytestmark = pytest.mark.django_db

_TAKE_MANY = """
import django, sys
django.setup()
from launchledger.sync.budget import Budget, NoBudget
budget, taken = Budget("http://x"), 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    try:
        budget.take("/")
    except NoBudget:
        break
    taken += 1
print(taken)
"""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


def _call(budget: Budget) -> int:
    call = budget.take("/2.2.0/launch/")
    budget.end(call, "page")
    return call


def test_the_window_slides(clock: time_machine.Traveller) -> None:
    """15 in an hour, each free an hour and a margin after it ended; nothing is recorded for a call that must wait."""
    budget = Budget(SERVER)
    for _ in range(15):
        _call(budget)
        clock.shift(60)
    with pytest.raises(NoBudget, match="no call is left until 2026-07-20T13:00:01Z") as none:
        budget.take("/")
    assert none.value.until == NOW + HOUR + MARGIN
    assert Call.objects.count() == 15
    clock.move_to(none.value.until)
    _call(budget)
    with pytest.raises(NoBudget):
        budget.take("/")


def test_any_hour_has_15_calls_at_most(clock: time_machine.Traveller) -> None:
    """Whatever the times of the calls, and though a call may reach upstream at any time until it ends."""
    budget, arrived = Budget(SERVER), []
    for step in range(400):
        try:
            call = budget.take("/")
        except NoBudget as none:
            clock.move_to(none.until)
            continue
        late = timedelta(seconds=step * 7 % 50)
        arrived.append(now() + late)
        clock.shift(late + timedelta(seconds=step % 3))
        budget.end(call, "page")
        clock.shift(step * 31 % 200)
    assert len(arrived) > 200
    assert all(later - first >= HOUR for first, later in zip(arrived, arrived[15:], strict=False))


def test_a_call_without_an_end_counts_for_as_long_as_it_may_last(clock: time_machine.Traveller) -> None:
    """The process was killed: nobody knows when the call reached upstream."""
    budget = Budget(SERVER)
    for _ in range(15):
        budget.take("/")
    with pytest.raises(NoBudget) as none:
        budget.take("/")
    assert none.value.until == NOW + LONGEST_CALL + HOUR + MARGIN


def test_a_clock_that_was_ahead_blocks_for_one_window(clock: time_machine.Traveller) -> None:
    """Calls of the future count, and are free an hour from now."""
    budget = Budget(SERVER)
    clock.move_to(NOW + timedelta(days=3650))
    for _ in range(14):
        _call(budget)
    budget.take("/")
    clock.move_to(NOW)
    assert budget.window().left == 0
    with pytest.raises(NoBudget) as none:
        budget.take("/")
    assert none.value.until <= NOW + LONGEST_CALL + HOUR + MARGIN
    clock.move_to(none.value.until)
    assert budget.window().left
    _call(budget)


def test_upstream_may_ask_to_wait(clock: time_machine.Traveller) -> None:
    """No call before that, also by another process; never longer than a day, or until a clock is right again."""
    Budget(SERVER).wait(90.5)
    with pytest.raises(NoBudget) as none:
        Budget(SERVER).take("/")
    assert none.value.until == NOW + timedelta(seconds=90.5)
    Budget("https://other.example").take("/")
    assert Budget(SERVER).wait(1e9) == NOW + LONGEST_WAIT
    clock.move_to(NOW - timedelta(days=2))
    Budget(SERVER).take("/")


@pytest.mark.parametrize(
    ("throttle", "left"), [(Throttle(15, 3600, 5), 10), (Throttle(10, 3600, 2), 8), (Throttle(99, 3600, 0), 12)]
)
def test_the_smaller_limit_and_the_larger_use_count(clock: time_machine.Traveller, throttle: Throttle, left: int) -> None:
    """We made 3 calls, and may make 15."""
    budget = Budget(SERVER)
    for _ in range(3):
        _call(budget)
    budget.believe(throttle)
    assert budget.window().left == min(left, throttle.limit - 3)
    budget.believe(throttle)
    assert budget.window().left == min(left, throttle.limit - 3), "the same view again changes nothing"


def test_foreign_calls_come_and_go(clock: time_machine.Traveller) -> None:
    """Another program at this address: its calls count until upstream no longer counts them, or the window is over."""
    budget = Budget(SERVER)
    budget.believe(Throttle(15, 3600, 15, next_use=120))
    with pytest.raises(NoBudget) as none:
        budget.take("/")
    assert none.value.until == NOW + timedelta(seconds=120) + MARGIN, "upstream says when the first is free"
    clock.shift(60)
    budget.believe(Throttle(15, 3600, 4))
    assert budget.window().left == 11
    clock.move_to(NOW + HOUR + 2 * MARGIN)
    assert budget.window().left == 15


def test_limits_of_different_periods_both_count(clock: time_machine.Traveller, settings: Settings) -> None:
    """Two a minute, and three an hour."""
    settings.UPSTREAM_RATE = Rate(3, 3600)
    budget = Budget(SERVER)
    budget.believe(Throttle(2, 60, 0))
    _call(budget)
    _call(budget)
    assert budget.window().left == 0
    clock.shift(61)
    assert budget.window().left == 1
    _call(budget)
    assert budget.window().free_at == NOW + HOUR + MARGIN


def test_an_upstream_without_a_limit_has_none(clock: time_machine.Traveller) -> None:
    """Calls are recorded all the same. An upstream that is known to have one is not believed."""
    budget, careful = Budget(SERVER), Budget(SERVER, may_be_unlimited=False)
    budget.believe(None)
    for _ in range(40):
        _call(budget)
    assert (budget.window().left, budget.window().free_at, Call.objects.count()) == (None, NOW, 40)
    assert careful.window().left == 0
    with pytest.raises(NoBudget):
        careful.take("/")


def test_old_calls_are_deleted(clock: time_machine.Traveller) -> None:
    """The table is as large as the calls of a day."""
    budget = Budget(SERVER)
    for _ in range(60):
        _call(budget)
        clock.shift(HOUR)
    assert Call.objects.count() <= KEPT / HOUR + 2


@pytest.mark.django_db(transaction=True)
def test_processes_share_one_budget(tmp_path: Path) -> None:
    """Four at once ask for 20 each: 15 get through in all, and the one that ends last gets no more."""
    with database_of_its_own(tmp_path) as url:
        command = [sys.executable, "-c", _TAKE_MANY]
        processes = [
            subprocess.Popen(command, env=environment(url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        taken = [int(process.communicate()[0]) for process in processes]
    assert sum(taken) == 15


def test_the_plan_gets_the_strictest_limit() -> None:
    """With the calls that count; without a limit it gets none."""
    hour, day = Rate(15, 3600), Rate(100, 86_400)
    assert Window((), (), None, NOW).allowance == Allowance(None)
    assert Window((hour, day), (NOW,), None, NOW).allowance == Allowance(100, 86_400, (NOW.timestamp(),))
    assert Window((hour,), (), None, NOW).allowance == Allowance(15, 3600)
