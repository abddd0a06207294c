"""Syncing: the calls that the plan asks for, one after another, for as long as somebody wants.

Promises: one process at a time (the lease); a call is recorded in the budget before it is made; a reply is kept before its
objects are taken in, and what was kept is taken in at the next start. So a kill at any moment costs at most the call that was
on its way. Failures of the upstream are waited out; only those of the database leave this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from launchledger import clock
from launchledger.journal.writing import writing
from launchledger.sync import replies
from launchledger.sync.advancing import advance
from launchledger.sync.budget import Budget, NoBudget
from launchledger.sync.lease import Held, Lease
from launchledger.sync.plan import next_call
from launchledger.sync.refused import to_try_again
from launchledger.sync.servers import source_of
from launchledger.sync.state import Allowance, Call, Known, Reply, Throttled, Use, What
from launchledger.sync.store import Store
from launchledger.sync.taking import Answer, Taken, Taker
from launchledger.sync.targets import is_page
from launchledger.sync.upstream import (
    ChangesReply,
    FailedReply,
    GoneReply,
    ObjectReply,
    Outcome,
    PageReply,
    ThrottledReply,
    ThrottleReply,
    Upstream,
    read_changes,
    read_object,
    read_page,
)

LONGEST_WAIT = 60.0  # seconds between two renewals of the lease
LONGEST_WITHOUT_PLAN = 3600.0  # seconds; then the plan looks again at what else is in the catalogue
PATIENCE = 900.0  # seconds that a sync of everything waits for calls that fail, all together

Wait: TypeAlias = Callable[[float], bool]
"""Waits for so many seconds, or less; returns whether to go on."""


@dataclass(frozen=True, slots=True)
class Made:
    """One call that was made: what came of it in a few words, and what its reply brought, None for a reply without objects."""

    call: Call
    outcome: str
    taken: Taken | None = None


class Syncer:
    """Syncs with one upstream. `only` are the paths of lists, all if it is empty. With `journal`, the journal of an upstream
    without a limit is followed, if it has one."""

    def __init__(self, upstream: Upstream, only: Collection[str] = (), *, journal: bool = True) -> None:
        self._upstream = upstream
        self._only = only
        self._journal = journal
        self._budget = Budget(upstream.server, may_be_unlimited=upstream.may_be_unlimited)
        self._lease = Lease()
        source = source_of(upstream.server)
        self._store = Store(upstream.server, source)
        self._taker = Taker(upstream.server, source, self._store)

    @contextmanager
    def running(self, wait: Callable[[Held], bool] = lambda held: False) -> Iterator[None]:
        """Hold the lease; first take in what the last process left.

        While another process has the lease, `wait` waits and returns whether to try again; else raises lease.Held.
        """
        self._take_lease(wait)
        try:
            self._take_in_kept()
            self._try_refused_again()
            with writing():
                now = clock.now()
                known = self._store.load_saved()
                known = replace(known, ask_use=True, following=replace(known.following, checked=False))
                self._store.save(known, now)
            yield
        finally:
            self._lease.release()
            self._upstream.close()

    def _take_lease(self, wait: Callable[[Held], bool]) -> None:
        while True:
            try:
                return self._lease.take()
            except Held as held:
                if not wait(held):
                    raise

    def sync(self, wait: Wait, note: Callable[[Made], None], until: datetime | None = None) -> None:
        """Make calls as they are due, until a time or until `wait` says to stop. `note` is called after each."""
        while until is None or clock.now() < until:
            call = self.next()
            if not self._make_or_wait(call, wait, note, until):
                return

    def sync_once(self, wait: Wait, note: Callable[[Made], None]) -> Call | None:
        """Make all calls that are due now and that the budget allows; returns the first that is left, None for none.

        Of an upstream that does not throttle, everything is due.
        """
        began = clock.timestamp()
        patience = PATIENCE
        while True:
            unlimited = self.allowance().limit is None
            call = self.next(since=began if unlimited else None)
            left = 0.0 if call is None else call.at - clock.timestamp()
            if call is None or (left > 0 and not (unlimited and left <= patience)):
                return call
            patience -= max(left, 0.0)
            if not self._make_or_wait(call, wait, note, None):
                return call

    def next(self, since: float | None = None) -> Call | None:
        """The next call, not before its `at`; None if there is none to make."""
        now = clock.now()
        known, allowance = self._store.load(now), self.allowance()
        return next_call(now.timestamp(), known, allowance, only=self._only, since=since, journal=self._journal)

    def known(self) -> Known:
        """What the plan knows."""
        return self._store.load(clock.now())

    def request(self, call: Call) -> str:
        """The path of a call below the server, with its query."""
        if call.what is What.CHANGES:
            return self._upstream.journal_request(call.parameters)
        return self._upstream.request(call.path, call.parameters, call.key)

    def allowance(self) -> Allowance:
        """The budget as the plan needs it."""
        return self._budget.window().allowance

    def _make_or_wait(self, call: Call | None, wait: Wait, note: Callable[[Made], None], until: datetime | None) -> bool:
        """Make a call if it is due, else wait a little; returns whether to go on."""
        seconds = LONGEST_WITHOUT_PLAN if call is None else min(call.at - clock.timestamp(), LONGEST_WITHOUT_PLAN)
        if call is not None and seconds <= 0:
            try:
                note(self.make(call))
            except NoBudget as refusal:
                seconds = max((refusal.until - clock.now()).total_seconds(), 0.001)
            else:
                return wait(0)
        if until is not None:
            seconds = min(seconds, (until - clock.now()).total_seconds())
        while seconds > 0:
            self._lease.renew()
            if not wait(min(seconds, LONGEST_WAIT)):
                return False
            seconds -= LONGEST_WAIT
        return True

    def make(self, call: Call) -> Made:
        """Make a call now, and take in its reply. Raises NoBudget, and then no call was made."""
        request = self.request(call)
        self._lease.renew()
        number = self._budget.take(request) if call.counts else None
        at = clock.now()
        outcome = self._ask(call, request)
        if call.what is What.CHANGES:  # the reply may have been held
            at = clock.now()
        word = _word(outcome)
        kept = self._record(call, request, at, outcome, number)
        if isinstance(outcome, ThrottleReply | ThrottledReply):
            return Made(call, word)
        return Made(call, word, self._take_in(call, request, at, outcome, kept))

    def interrupt(self) -> None:
        """Let a call that upstream holds end now; `wait` must say to stop. A handler of a signal may call this."""
        self._upstream.interrupt()

    def _ask(self, call: Call, request: str) -> Outcome:
        if call.what is What.USE:
            return self._upstream.throttle()
        if call.what is What.CHANGES:
            return self._upstream.changes(request)
        if call.key or is_page(call.path):
            return self._upstream.one(request, has_id=not is_page(call.path))
        return self._upstream.list(request)

    def _record(self, call: Call, request: str, at: datetime, outcome: Outcome, number: int | None) -> int | None:
        """Record how a call ended, and keep its reply; returns the number of a reply that was kept."""
        with writing():
            self._lease.renew()
            if number is not None:
                self._budget.end(number, _word(outcome))
            match outcome:
                case ChangesReply() if not outcome.has_entries_after(self._store.load_saved().following.serial):
                    return None
                case PageReply() | ObjectReply() | ChangesReply():
                    return replies.keep(self._upstream.server, request, at, outcome.raw, asdict(call))
                case ThrottleReply():
                    self._budget.believe(outcome.throttle)
                    self._advance(call, Use(), at)
                case ThrottledReply():
                    self._budget.wait(outcome.seconds)
                    self._advance(call, Throttled(outcome.seconds), at)
        return None

    def _take_in(self, call: Call, request: str, at: datetime, answer: Answer, kept: int | None) -> Taken:
        with writing():
            self._lease.renew()
            taken = self._taker.take_in(call, request, at, answer)
            if kept is not None:
                replies.done(kept)
        return taken

    def _advance(self, call: Call, reply: Reply, at: datetime) -> None:
        self._store.save(advance(self._store.load_saved(), call, reply, at.timestamp()), at)

    def _take_in_kept(self) -> None:
        """Take in the replies that came before the last process ended."""
        for kept in replies.waiting():
            call = _call(kept.plan)
            has_id = not is_page(call.path)
            if call.what is What.CHANGES:
                self._take_in(call, kept.request, kept.at, read_changes(kept.body), kept.id)
                continue
            outcome = read_object(kept.body, has_id=has_id) if call.key or not has_id else read_page(kept.body)
            self._take_in(call, kept.request, kept.at, outcome, kept.id)

    def _try_refused_again(self) -> None:
        """Take in what another version refused, as far as this one understands it."""
        for each in to_try_again(self._upstream.server):
            with writing():
                self._lease.renew()
                self._taker.take_again(each.resource, each.request, each.at, each.body)


def _word(outcome: Outcome) -> str:
    match outcome:
        case PageReply():
            return f"{len(outcome.objects)} objects"
        case ObjectReply():
            return "1 object"
        case ChangesReply():
            return "1 entry" if len(outcome.entries) == 1 else f"{len(outcome.entries)} entries"
        case ThrottleReply():
            return "no limit" if outcome.throttle is None else f"{outcome.throttle.use} of {outcome.throttle.limit} used"
        case GoneReply():
            return "does not exist"
        case ThrottledReply():
            return f"throttled for {outcome.seconds:g} s"
        case FailedReply():
            return f"failed: {outcome.reason}"


def _call(plan: dict[str, Any]) -> Call:
    """A call from what `asdict` made of it, after a way through JSON."""
    parameters = tuple((name, value) for name, value in plan["parameters"])
    return Call(**{**plan, "what": What(plan["what"]), "parameters": parameters})
