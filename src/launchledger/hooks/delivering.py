"""Delivering: what the journal says is sent to each hook, in the order of its commits, at least once.

Promises: a hook gets its next message only when it has accepted the one before; what it accepted is recorded after that, so a
kill between the two sends it again and no kill loses one. Any number of deliverers, in any number of processes, share the hooks.
A receiver that is slow holds up its own hook and one of THREADS. A failure of the database is logged and waited out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import TypeVar

from launchledger import clock
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.hooks.databases import Away, following
from launchledger.hooks.leasing import Lease, due_hooks, log, resume, take
from launchledger.hooks.messages import Message, next_message, test_message
from launchledger.hooks.models import Hook
from launchledger.hooks.receivers import Outcome, Receivers
from launchledger.hooks.signing import NoKey, fingerprint, secret_of, signed_headers
from launchledger.journal.reading import Newest, newest

EVERY = 1.0  # seconds between two looks at the journal
THREADS = 4
LONGEST_TURN = 10.0  # seconds after which a thread leaves a hook that has more to others
BEHIND = 500  # entries without one for a hook, after which that is noted
PATIENCE = 5.0  # seconds that the end waits for attempts; later ones are made again by the next deliverer

_logger = logging.getLogger("launchledger.hooks")

_Result = TypeVar("_Result")
Database = Callable[[], AbstractContextManager[None]]


class Deliverer:
    """Delivers in this thread with `deliver_due`, or in threads of its own: `with Deliverer(): …`.

    `database` surrounds each use of the database; no request is made inside it. While there are no hooks the database is looked
    at every `without_hooks` seconds.
    """

    def __init__(self, database: Database = following, without_hooks: float = EVERY) -> None:
        self._database = database
        self._without_hooks = without_hooks
        self._any_hooks = True
        self._nothing_for: dict[int, tuple[int, Newest]] = {}  # hooks that have nothing to get: how far they are, and the journal
        self._other_keys: set[int] = set()  # hooks whose key is not ours, which was logged
        self._queue: SimpleQueue[int | None] = SimpleQueue()
        self._at_work: set[int] = set()
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._threads = [threading.Thread(target=self._work, name=f"deliverer {n}", daemon=True) for n in range(THREADS)]
        self._threads.append(threading.Thread(target=self._look, name="deliverer", daemon=True))

    def __enter__(self) -> Deliverer:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stopping.set()
        self._wake.set()
        for _ in range(THREADS):
            self._queue.put(None)
        end = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def deliver_due(self) -> int:
        """Deliver everything that is due now, and return how many messages were accepted."""
        accepted = 0
        while numbers := self._with_messages():
            accepted += sum(map(self._deliver, numbers))
        return accepted

    def _look(self) -> None:
        """Give the threads the hooks that have something to get."""
        while not self._stopping.is_set():
            self._wake.clear()
            numbers = self._safely(self._with_messages) or []
            for number in set(numbers) - self._at_work:
                self._at_work.add(number)
                self._queue.put(number)
            self._wake.wait(EVERY if self._any_hooks else self._without_hooks)

    def _work(self) -> None:
        while (number := self._queue.get()) is not None and not self._stopping.is_set():
            self._safely(lambda: self._deliver(number))
            self._at_work.discard(number)
            self._wake.set()

    def _safely(self, work: Callable[[], _Result]) -> _Result | None:
        """Do work; log whatever goes wrong, and wait a little."""
        try:
            return work()
        except Away:
            pass
        except Exception:
            _logger.exception("delivering failed, retrying in %s s", EVERY)
        self._stopping.wait(EVERY)
        return None

    def _with_messages(self) -> list[int]:
        """The numbers of the hooks that are due and have something to get."""
        with self._database():
            now, journal = clock.now(), newest()
            self._any_hooks = Hook.objects.exists()
            due = [hook for hook in due_hooks(now).filter(delivered__lt=journal.serial).order_by("pk") if self._has_our_key(hook)]
            return [hook.pk for hook in due if self._has_message(hook, journal)]

    def _has_message(self, hook: Hook, journal: Newest) -> bool:
        if self._nothing_for.get(hook.pk) == (hook.delivered, journal):
            return False
        message, examined = next_message(hook, journal.serial)
        if message is None and examined == journal.serial and examined - hook.delivered < BEHIND:
            self._nothing_for[hook.pk] = hook.delivered, journal
            return False
        return True

    def _has_our_key(self, hook: Hook) -> bool:
        try:
            ours = fingerprint(secret_of(hook.salt)) == hook.fingerprint
        except NoKey:
            ours = False
        if not ours and hook.pk not in self._other_keys:
            self._other_keys.add(hook.pk)
            _logger.warning("%s gets nothing from here: LAUNCHLEDGER_SECRET_KEY is not the one with which it was added", hook)
        return ours

    def _deliver(self, number: int) -> int:
        """Deliver to one hook until it has everything, fails or was served for long enough; returns how many were accepted."""
        with self._database():
            lease = take(number, clock.now())
        if lease is None:
            return 0
        receivers = Receivers()
        accepted, end = 0, time.monotonic() + LONGEST_TURN
        try:
            while time.monotonic() < end and not self._stopping.is_set():
                with self._database():
                    message = _next(lease)
                if message is None or not self._attempt(lease, message, receivers):
                    break
                accepted += 1
        finally:
            receivers.close()
            with self._database():
                lease.release()
        return accepted

    def _attempt(self, lease: Lease, message: Message, receivers: Receivers) -> bool:
        """Send one message, and record how that went; returns whether to go on with the next."""
        hook, at = lease.hook, clock.now()
        outcome = _send(hook, message, receivers)
        with self._database():
            recorded = lease.record(message, outcome, at, clock.now())
        if not recorded:
            _logger.warning("%s was taken over or removed during an attempt", hook)
            return False
        _log(hook, message, outcome)
        return outcome.accepted


def deliver_test(hook: Hook) -> Outcome:
    """Send a test to a hook, and log it. If it is accepted, a hook that failed or was paused goes on at once. Raises NoKey."""
    at = clock.now()
    message = test_message(hook, at)
    receivers = Receivers()
    try:
        outcome = _send(hook, message, receivers)
    finally:
        receivers.close()
    log(hook, message, outcome, at)
    if outcome.accepted:
        resume(hook)
    return outcome


def _next(lease: Lease) -> Message | None:
    """The next message of a hook; what is not for it is passed over."""
    journal = newest()
    while True:
        message, examined = next_message(lease.hook, journal.serial)
        if message is not None or examined <= lease.hook.delivered or not lease.skip(examined):
            return message


def _send(hook: Hook, message: Message, receivers: Receivers) -> Outcome:
    headers = signed_headers(secret_of(hook.salt), message.id, clock.now(), message.body)
    return receivers.send(hook.url, headers, message.body)


def _log(hook: Hook, message: Message, outcome: Outcome) -> None:
    if outcome.accepted:
        _logger.info("%s accepted entries %d to %d", hook, message.first, message.last)
        return
    reason = printable(outcome.reason)
    if hook.next_at is not None:
        at = format_date_time(hook.next_at.replace(microsecond=0))
        _logger.warning("%s failed, attempt %d, next at %s: %s", hook, hook.failures, at, reason)
    else:
        _logger.error(
            "%s is paused after %d attempts; launchledger hook test %d resumes it: %s", hook, hook.failures, hook.pk, reason
        )
