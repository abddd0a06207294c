"""Leases of hooks, and what is recorded of attempts: when the next one is, and when a hook is paused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine

from launchledger import clock
from launchledger.hooks import leasing
from launchledger.hooks.keeping import add_hook, attempts_of, find_hook, remove_hook
from launchledger.hooks.leasing import DURATION, RETRIED_FOR, Lease, due_hooks, log, resume, take
from launchledger.hooks.messages import Message
from launchledger.hooks.models import Hook
from launchledger.hooks.receivers import BOUNDS, Outcome

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MESSAGE = Message("msg_1", b"{}", 5, 7, 3)
ACCEPTED, BUSY = Outcome(204, "", 0.1), Outcome(503, "answered 503 Busy", 0.1)


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    """A clock that stands still."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hook() -> Hook:
    return add_hook("http://127.0.0.1:9/", NOW)[0]


def _take(hook: Hook) -> Lease:
    taken = take(hook.pk, clock.now())
    assert taken is not None
    return taken


def _record(hook: Hook, outcome: Outcome) -> Hook:
    """Take the lease, record an attempt that ended like this, and give the lease back."""
    lease = _take(hook)
    assert lease.record(MESSAGE, outcome, clock.now(), clock.now())
    lease.release()
    return find_hook(hook.pk)


def test_one_has_the_lease(hook: Hook, time: time_machine.Traveller) -> None:
    """Until it gives it back, or was gone for longer than an attempt may take; one that lost it records nothing."""
    first = _take(hook)
    assert timedelta(seconds=BOUNDS.whole) < DURATION
    assert take(hook.pk, NOW) is None
    first.release()
    second = _take(hook)
    time.shift(DURATION - SECOND)
    assert take(hook.pk, clock.now()) is None
    assert second.record(MESSAGE, ACCEPTED, NOW, clock.now())
    time.shift(DURATION - SECOND)
    assert take(hook.pk, clock.now()) is None
    time.shift(SECOND)
    third = _take(hook)
    assert not second.record(MESSAGE, BUSY, NOW, clock.now())
    assert not second.skip(100)
    second.release()
    assert take(hook.pk, clock.now()) is None
    assert third.skip(9)
    stored = find_hook(hook.pk)
    assert (stored.failures, stored.delivered, len(attempts_of(hook, 9))) == (0, 9, 1)


def test_a_slow_process_takes_no_lease_that_was_just_taken(hook: Hook) -> None:
    """Its time is a little older than the lease, as that of another machine may be: that is no clock that was set back."""
    _take(hook)
    assert take(hook.pk, NOW - SECOND) is None
    assert take(hook.pk, NOW - DURATION + SECOND) is None


def test_a_clock_that_was_ahead_stops_nothing(hook: Hook, time: time_machine.Traveller) -> None:
    """Neither a lease nor a retry of the future holds a hook up."""
    time.move_to(NOW + timedelta(days=3650))
    assert take(hook.pk, clock.now())
    time.move_to(NOW)
    failing = _record(hook, BUSY)
    Hook.objects.filter(pk=failing.pk).update(next_at=NOW + timedelta(days=3650))
    assert take(hook.pk, NOW)


def test_what_was_accepted_is_delivered(hook: Hook) -> None:
    """Up to the last entry of the message; the log has the attempt."""
    stored = _record(hook, ACCEPTED)
    assert (stored.delivered, stored.delivered_at, stored.failures, stored.next_at) == (7, NOW, 0, None)
    (attempt,) = attempts_of(hook, 9)
    assert (attempt.message, attempt.first, attempt.last, attempt.entries, attempt.status) == ("msg_1", 5, 7, 3, 204)


def test_retries(hook: Hook, time: time_machine.Traveller) -> None:
    """The first within half a minute, each pause about three times as long up to six hours; the last one after three days."""
    pauses = []
    while not (stored := _record(hook, BUSY)).paused_at:
        assert stored.delivered == hook.delivered
        assert stored.next_at is not None
        assert not due_hooks(stored.next_at - SECOND).exists()
        pauses.append(stored.next_at - clock.now())
        time.move_to(stored.next_at)
    assert timedelta(seconds=10) <= pauses[0] <= timedelta(seconds=30)
    assert all(2 * before <= after <= 4 * before for before, after in pairwise(pauses[:7]))
    assert max(pauses) <= 1.2 * timedelta(hours=6)
    assert clock.now() == NOW + RETRIED_FOR == stored.paused_at
    assert 15 < stored.failures == len(pauses) + 1 < 30
    assert (stored.failing_since, stored.reason) == (NOW, "answered 503 Busy")
    assert not due_hooks(clock.now() + timedelta(days=365)).exists()


def test_a_success_ends_a_failure(hook: Hook, time: time_machine.Traveller) -> None:
    """The next failure is a first one again."""
    failing = _record(hook, BUSY)
    assert failing.next_at is not None
    time.move_to(failing.next_at)
    stored = _record(hook, ACCEPTED)
    assert (stored.failures, stored.failing_since, stored.reason, stored.next_at) == (0, None, "", None)
    time.shift(86_400)
    assert _record(hook, BUSY).failing_since == clock.now()


def test_410_pauses_at_once(hook: Hook) -> None:
    """The receiver says that it wants no more."""
    assert _record(hook, Outcome(410, "answered 410 Gone", 0.1)).paused_at == NOW


def test_a_paused_hook_is_resumed(hook: Hook) -> None:
    """It is due at once, from where it was."""
    paused = _record(hook, Outcome(410, "answered 410 Gone", 0.1))
    resume(paused)
    stored = find_hook(hook.pk)
    assert (stored.paused_at, stored.failures, stored.delivered) == (None, 0, hook.delivered)
    assert due_hooks(NOW).get() == stored


def test_the_log_is_bounded(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest attempts of each hook are kept, and those of a removed one are not."""
    monkeypatch.setattr(leasing, "KEPT_ATTEMPTS", 3)
    other = add_hook("http://127.0.0.1:9/", NOW)[0]
    for number in range(5):
        for each in (hook, other):
            log(each, Message(f"msg_{number}", b"{}", number, number, 1), ACCEPTED, NOW)
    for each in (hook, other):
        assert [attempt.message for attempt in attempts_of(each, 9)] == ["msg_4", "msg_3", "msg_2"]
    remove_hook(hook.pk)
    assert attempts_of(hook, 9) == []
    assert len(attempts_of(other, 9)) == 3
