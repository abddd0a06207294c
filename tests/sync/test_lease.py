"""The lease: one process syncs at a time, and a killed one stops nobody for long."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from launchledger.sync.lease import DURATION, Held, Lease, Lost
from launchledger.sync.models import Lease as Row
from tests.support.processes import database_of_its_own, environment

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db

_TAKE = """
import django, sys
django.setup()
from launchledger.sync.lease import Held, Lease
print("ready", flush=True)
sys.stdin.readline()
try:
    Lease().take()
except Held as held:
    print("held", held, flush=True)
else:
    print("mine", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def test_a_second_process_is_told_who_has_it(clock: time_machine.Traveller) -> None:
    """And since when; after a release the next one has it at once."""
    first, second = Lease(), Lease()
    first.take()
    clock.shift(60)
    first.renew()
    with pytest.raises(Held, match=rf"process {os.getpid()} on .+ syncs since 2026-07-20T12:00:00Z; if it was killed") as held:
        second.take()
    assert "can take over at 2026-07-20T12:03:10Z" in str(held.value)
    first.release()
    second.take()
    with pytest.raises(Lost):
        first.renew()
    first.release()
    second.renew()


def test_a_lease_that_is_not_renewed_ends(clock: time_machine.Traveller) -> None:
    """The new holder has it; the old one, if it was only asleep, can write nothing more."""
    first, second = Lease(), Lease()
    first.take()
    clock.shift(DURATION - SECOND)
    with pytest.raises(Held):
        second.take()
    first.renew()
    clock.shift(DURATION)
    second.take()
    with pytest.raises(Lost):
        first.renew()
    second.renew()


def test_a_clock_that_was_ahead_does_not_hold_it_forever(clock: time_machine.Traveller) -> None:
    """A lease of the future ends DURATION after somebody first wanted it."""
    clock.move_to(NOW + timedelta(days=3650))
    Lease().take()
    clock.move_to(NOW)
    with pytest.raises(Held):
        Lease().take()
    clock.shift(DURATION)
    Lease().take()


def test_a_holder_of_another_machine_may_be_running(clock: time_machine.Traveller) -> None:
    """Nobody can know, so its lease lasts; that of an earlier process of this machine ends with it."""
    Lease().take()
    machine, number, started = Row.objects.get().process.split()
    for process, is_held in (
        (f"other {number} {started}", True),
        (f"{machine} {number} {started}", True),
        ("", True),
        (f"{machine} {number} 1", False),
    ):
        Row.objects.update(token="another", process=process)
        lease = Lease()
        if is_held:
            with pytest.raises(Held):
                lease.take()
        else:
            lease.take()


@pytest.mark.django_db(transaction=True)
def test_of_processes_that_start_together_one_has_it(tmp_path: Path) -> None:
    """The others learn which. If it is killed with -9, the next one has it at once."""
    with database_of_its_own(tmp_path) as url:
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", _TAKE], env=environment(url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(3)
        ]
        said = []
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            assert process.stdout
            said.append(process.stdout.readline())
        (holder,) = [process for process, text in zip(processes, said, strict=True) if text == "mine\n"]
        assert sum(f"held process {holder.pid} on " in text for text in said) == 2
        for process in processes:
            process.kill()
            process.communicate()
        with subprocess.Popen(
            [sys.executable, "-c", _TAKE], env=environment(url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as late:
            printed, _ = late.communicate("\n\n")
        assert "mine" in printed
