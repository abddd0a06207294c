"""Which state of the catalogue was seen, and when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.db import InterfaceError, OperationalError

from launchledger.http_cache.revision import EVERY, Revision
from tests.support.wsgi import Clock


def _revision(answers: list[int | Exception], clock: Clock) -> Revision:
    told: Iterator[int | Exception] = iter(answers)

    def read() -> int:
        answer = next(told)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Revision(read, clock)


def test_it_grows_when_the_serial_is_another() -> None:
    """Read at most ten times a second; a serial that goes back, as after a restore, is a change too."""
    clock = Clock()
    revision = _revision([0, 0, 7, 8, 7], clock)
    seen = []
    for _ in range(5):
        seen.append([revision.now() for _ in range(3)])
        clock.go_on(EVERY)
    assert seen == [[number] * 3 for number in (1, 1, 2, 3, 4)]


@pytest.mark.parametrize("failure", [OperationalError("gone"), InterfaceError("closed")])
def test_there_is_none_while_the_database_is_away(failure: Exception) -> None:
    """Until it answers again, which is tried as often as usual; the same serial is then the same revision."""
    clock = Clock()
    revision = _revision([7, failure, failure, 7, 8], clock)
    seen = []
    for _ in range(5):
        seen.append(revision.now())
        clock.go_on(EVERY)
    assert seen == [1, 0, 0, 1, 2]


def test_other_failures_are_not_hidden() -> None:
    """A fault of ours is an error, not a database that is away."""
    with pytest.raises(ZeroDivisionError):
        _revision([ZeroDivisionError()], Clock()).now()


def test_a_request_waits_while_the_state_is_read() -> None:
    """With a slow database no request uses the former serial for longer than the bound."""
    clock, reading, may_end = Clock(), Event(), Event()
    answers = iter([1, 2])

    def read() -> int:
        answer = next(answers)
        if answer == 2:
            reading.set()
            assert may_end.wait(20)
        return answer

    revision = Revision(read, clock)
    assert revision.now() == 1
    clock.go_on(EVERY)
    seen: list[int] = []
    threads = [Thread(target=lambda: seen.append(revision.now())) for _ in range(2)]
    threads[0].start()
    assert reading.wait(20)
    threads[1].start()
    assert seen == []
    may_end.set()
    for thread in threads:
        thread.join()
    assert seen == [2, 2]
