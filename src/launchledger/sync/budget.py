"""The budget of calls: a window that slides, kept in the database and shared by every process that uses it.

Promises: never more calls in the window than allowed, however many processes ask, and whatever is killed when. A call is recorded
before it is made and counts from the latest time at which it can have reached upstream. A limit that upstream names counts if it
is the smaller one, and so does its own count of calls if it is the larger one.

A call of the future, left by a clock that was wrong, counts as one of now: it blocks for one window and not until then. A clock
that jumps forward makes old calls look older than they are. Nothing here can know that; upstream's own view, which is asked for
at each start and after each refusal, corrects it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from launchledger import clock
from launchledger.conf.rates import MOST_CALLS, Rate
from launchledger.formats.times import format_date_time
from launchledger.sync.models import Call, Server
from launchledger.sync.state import Allowance

LONGEST_CALL = timedelta(seconds=65)  # what a call without an end is given; longer than its whole time-out
LONGEST_WAIT = timedelta(days=1)  # that upstream can ask for; a longer one is an error of it, or an attack
MARGIN = timedelta(seconds=1)  # added to the window: clocks do not run at exactly the same speed
KEPT = timedelta(days=1)  # for status


@dataclass(frozen=True, slots=True)
class Throttle:
    """What upstream says about its limit: `limit` calls in `seconds`, of which `use` are used."""

    limit: int
    seconds: int
    use: int
    next_use: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """The times of the calls that may still count, the oldest first, and the limits: ours and upstream's, none if it has none."""

    rates: tuple[Rate, ...]
    times: tuple[datetime, ...]
    not_before: datetime | None
    now: datetime

    @property
    def left(self) -> int | None:
        """How many calls may be made now; None for any number."""
        if not self.rates:
            return None
        return min(max(0, rate.calls - sum(time > self.now - _span(rate) for time in self.times)) for rate in self.rates)

    @property
    def free_at(self) -> datetime:
        """When the next call may be made, `now` or later."""
        of_rates = [self.times[-rate.calls] + _span(rate) for rate in self.rates if len(self.times) >= rate.calls]
        return max(self.now, self.not_before or self.now, *of_rates)

    @property
    def allowance(self) -> Allowance:
        """The strictest of the limits, with the calls that count, as the plan needs it."""
        if not self.rates:
            return Allowance(None)
        rate = min(self.rates, key=lambda rate: rate.calls / rate.seconds)
        return Allowance(rate.calls, rate.seconds, tuple(time.timestamp() for time in self.times))


class NoBudget(Exception):
    """The call must not be made now; `until` is when to ask again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"no call is left until {format_date_time(until.replace(microsecond=0))}")
        self.until = until


class Budget:
    """The budget for one upstream; `server` is its scheme, host and port.

    `may_be_unlimited` is whether to believe an upstream that says it does not throttle.
    """

    def __init__(self, server: str, *, may_be_unlimited: bool = True) -> None:
        self._name = server
        self._may_be_unlimited = may_be_unlimited

    def take(self, request: str) -> int:
        """Record a call that is about to be made, and return its number. Raises NoBudget, and records nothing."""
        with self._locked() as (server, now):
            free_at = self._window(server, now).free_at
            if free_at <= now:
                kept = max(KEPT, _longest(self._rates(server)))
                Call.objects.filter(server=server, ended_at__lt=now - kept).delete()
                return Call.objects.create(server=server, at=now, ended_at=now + LONGEST_CALL, request=request).pk
        raise NoBudget(free_at)  # after the transaction, which may have corrected times

    def end(self, call: int, outcome: str) -> None:
        """Record how a call ended: it cannot reach upstream later than now."""
        Call.objects.filter(pk=call).update(ended_at=clock.now(), outcome=outcome)

    def wait(self, seconds: float) -> datetime:
        """Record that upstream wants no call for so long; returns until when."""
        with self._locked() as (server, now):
            until = now + min(timedelta(seconds=max(0.0, seconds)), LONGEST_WAIT)
            server.not_before = until
            server.save(update_fields=["not_before"])
            return until

    def believe(self, throttle: Throttle | None) -> None:
        """Record what upstream says about its limit; None says that it has none.

        If it counted more calls than we know of, the others are foreign ones, of another program at this address. When they were
        made is not known, so they count as of now, unless an earlier view already had them.
        """
        with self._locked() as (server, now):
            server.limit, server.seconds = (throttle.limit, throttle.seconds) if throttle else (0, 0)
            server.asked_at = now
            server.save(update_fields=["limit", "seconds", "asked_at"])
            if throttle:
                self._adjust(server, throttle, now)

    def window(self) -> Window:
        """The window as of now. Changes nothing, and waits for nobody."""
        server = Server.objects.filter(name=self._name).first() or Server(name=self._name)
        return self._window(server, clock.now())

    def _adjust(self, server: Server, throttle: Throttle, now: datetime) -> None:
        """Add foreign calls until there are as many as upstream counted, or remove some if there are more."""
        begin = now - timedelta(seconds=throttle.seconds)
        counted = Call.objects.filter(server=server, ended_at__gt=begin)
        missing = min(throttle.use, MOST_CALLS) - counted.count()
        if missing < 0:
            gone = counted.filter(is_foreign=True).order_by("ended_at", "pk").values_list("pk", flat=True)[:-missing]
            Call.objects.filter(pk__in=list(gone)).delete()
        times = [now] * max(0, missing)
        first = begin + timedelta(seconds=throttle.next_use)
        if times and throttle.next_use and not counted.filter(ended_at__lte=first).exists():
            times[0] = first  # the oldest of all, whose place upstream says is free next
        Call.objects.bulk_create(
            Call(server=server, at=time, ended_at=time, request="", outcome="foreign", is_foreign=True) for time in times
        )

    def _window(self, server: Server, now: datetime) -> Window:
        rates = self._rates(server)
        if not rates:
            return Window((), (), server.not_before, now)
        calls = Call.objects.filter(server=server, ended_at__gt=now - _longest(rates)).values_list("ended_at", flat=True)
        times = sorted(min(time, now + LONGEST_CALL) for time in calls)
        return Window(rates, tuple(times), server.not_before, now)

    def _rates(self, server: Server) -> tuple[Rate, ...]:
        ours: Rate = settings.UPSTREAM_RATE
        if server.limit is None or (server.limit == 0 and not self._may_be_unlimited):
            return (ours,)
        return (ours, Rate(server.limit, server.seconds or 3600)) if server.limit else ()

    @contextmanager
    def _locked(self) -> Iterator[tuple[Server, datetime]]:
        """The row of the server, which one process has at a time, and the time; calls of the future are then calls of now."""
        with transaction.atomic():
            Server.objects.get_or_create(name=self._name)
            server = Server.objects.select_for_update().get(name=self._name)
            now = clock.now()
            Call.objects.filter(server=server, at__gt=now).update(at=now, ended_at=now)
            Call.objects.filter(server=server, ended_at__gt=now + LONGEST_CALL).update(ended_at=now)
            if server.not_before is not None and server.not_before > now + LONGEST_WAIT:
                server.not_before = None  # the clock was wrong
            yield server, now


def _span(rate: Rate) -> timedelta:
    return timedelta(seconds=rate.seconds) + MARGIN


def _longest(rates: tuple[Rate, ...]) -> timedelta:
    return max(map(_span, rates), default=timedelta())
