"""The lease of a hook: the right to deliver to it, which one deliverer has at a time; and recording what came of that.

Promises: a deliverer that was killed loses its lease after DURATION, and what it had not recorded is delivered again; one that
was stopped for longer records nothing any more. A lease is taken by one conditional UPDATE of the hook's row, on every database.
A clock that is set back makes a lease last twice as long at most. The clocks of machines may differ by less than DURATION.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import SystemRandom
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from launchledger.hooks.messages import Message
from launchledger.hooks.models import Attempt, Hook
from launchledger.hooks.receivers import BOUNDS, Outcome

DURATION = timedelta(seconds=2 * BOUNDS.whole)  # longer than one attempt takes; each that is recorded begins it anew
FIRST_PAUSE = 10.0  # seconds until the first retry; each further one waits three times as long
LONGEST_PAUSE = timedelta(hours=6)
RETRIED_FOR = timedelta(days=3)  # after which a hook is paused
JITTER = 0.2  # of a pause, at random, so that hooks of one receiver are not retried together
KEPT_ATTEMPTS = 200  # in the log of each hook

_random = SystemRandom()


def due_hooks(now: datetime) -> QuerySet[Hook]:
    """The hooks that nobody has a lease of and that may be sent to now."""
    is_free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_until__gt=now + 2 * DURATION)
    is_time = Q(next_at=None) | Q(next_at__lte=now) | Q(next_at__gt=now + LONGEST_PAUSE * (1 + JITTER))
    return Hook.objects.filter(is_free, is_time, paused_at=None)


class Lease:
    """The lease of a hook, from `take` on. `hook` is as it was then, and with what was recorded since."""

    def __init__(self, hook: Hook, token: str) -> None:
        self.hook = hook
        self._row = Hook.objects.filter(pk=hook.pk, lease=token)

    def record(self, message: Message, outcome: Outcome, at: datetime, now: datetime) -> bool:
        """Record an attempt and what follows from it; false, and nothing recorded, if the lease was lost or the hook removed."""
        hook = self.hook
        if outcome.accepted:
            _note_success(hook, message, now)
        else:
            _note_failure(hook, outcome, now)
        hook.leased_until = now + DURATION
        names = ("delivered", "delivered_at", "failures", "failing_since", "reason", "next_at", "paused_at", "leased_until")
        with transaction.atomic():
            if not self._row.update(**{name: getattr(hook, name) for name in names}):
                return False
            log(hook, message, outcome, at)
        return True

    def skip(self, serial: int) -> bool:
        """Note that no entry up to this one is for the hook; false if it was lost or removed."""
        self.hook.delivered = serial
        return bool(self._row.update(delivered=serial))

    def release(self) -> None:
        """Let others have the hook at once."""
        self._row.update(lease="", leased_until=None)


def take(number: int, now: datetime) -> Lease | None:
    """Take the lease of a hook for DURATION; None if somebody else has it, or nothing may be sent to the hook now."""
    token = uuid4().hex
    if not due_hooks(now).filter(pk=number).update(lease=token, leased_until=now + DURATION):
        return None
    hook = Hook.objects.filter(pk=number, lease=token).first()
    return None if hook is None else Lease(hook, token)


def log(hook: Hook, message: Message, outcome: Outcome, at: datetime) -> None:
    """Add an attempt to the hook's log, and drop those that are too many."""
    Attempt.objects.create(
        hook=hook,
        at=at,
        message=message.id,
        first=message.first,
        last=message.last,
        entries=message.entries,
        status=outcome.status,
        reason=outcome.reason,
        seconds=outcome.seconds,
    )
    of_hook = Attempt.objects.filter(hook=hook)
    oldest = of_hook.order_by("-pk").values_list("pk", flat=True)[KEPT_ATTEMPTS : KEPT_ATTEMPTS + 1].first()
    if oldest is not None:
        of_hook.filter(pk__lte=oldest).delete()


def resume(hook: Hook) -> None:
    """Send what waits at once, after a test was accepted; a hook that was paused is not any more."""
    Hook.objects.filter(pk=hook.pk).update(failures=0, failing_since=None, reason="", next_at=None, paused_at=None)


def _note_success(hook: Hook, message: Message, now: datetime) -> None:
    hook.delivered, hook.delivered_at = message.last, now
    hook.failures, hook.failing_since, hook.reason, hook.next_at = 0, None, "", None


def _note_failure(hook: Hook, outcome: Outcome, now: datetime) -> None:
    """Set when the next attempt is; the last one is RETRIED_FOR after the first that failed."""
    since = hook.failing_since = min(hook.failing_since or now, now)
    hook.failures += 1
    hook.reason = outcome.reason
    if outcome.final or now - since >= RETRIED_FOR:
        hook.paused_at, hook.next_at = now, None
        return
    pause = min(timedelta(seconds=FIRST_PAUSE * 3.0 ** min(hook.failures - 1, 20)), LONGEST_PAUSE)
    hook.next_at = min(now + pause * (1 + _random.uniform(0, JITTER)), since + RETRIED_FOR)
