"""Which call to upstream comes next, when, and why.

Promises: a pure function of what is known: no clock, no network, no database, no waiting, and the same answer every time. A call
never exceeds the allowance. The news of launches and events come first, and a sweep is only asked for where it leaves room for
the news of the next hour; so the allowance is spent where it counts, and the sweeps get all that is left. A call that keeps
failing never keeps another waiting for ever.

`advancing.advance` says what a reply changes. See docs/adr/0043.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil, inf

from launchledger.sync import following
from launchledger.sync.due import DAY, HOUR, MINUTE, news_due, planned_news
from launchledger.sync.parameters import news_parameters, page_parameters
from launchledger.sync.state import Allowance, Call, Known, News, Sweep, What
from launchledger.sync.targets import Target, news, targets
from launchledger.sync.window import free_at, room_at
from launchledger.wire.resources import LARGEST_LIMIT
from launchledger.wire.served import DEFAULT
from launchledger.wire.wire import Wire

OVERLAP = 2  # rows of a page that are asked for again with the next: they show whether rows moved meanwhile
SHARE_OF_SWEEPS = 0.76  # of the allowance; the news, calls that fail and details share the rest
LEAST_PERIOD = 6 * HOUR  # in which every list is walked through
MORE_OFTEN = 3  # what is ahead is walked through so many times in a period
SOON = 10 * MINUTE  # a short list in which rows were missed is walked through again after this
SHORT_LIST = 3  # pages
SHORT = 20  # pages; a list of so many does not wait for the end of a long walk
DETAILS_PERIOD = 7 * DAY
DETAILS_EVERY = 20  # of so many calls, details get one also while sweeps are late
FOLLOWED_PERIOD = DAY  # of the walks through lists while a journal is followed: durations that run have no entries
STUCK = 3  # failures in a row after which the first walks do not wait for a list
THROTTLE_PATH = "api-throttle"

# Of several calls that are ready, the one with the smallest rank is made. Objects that may be gone wait for sweeps that are late.
NEWS, FIRST_WALKS, SINGLES, SWEEPS, SINGLES_LATER, DETAILS = range(6)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A call that could come next: not before `at`; of several the one with the smallest `rank` is made."""

    at: float
    rank: tuple[float, ...]
    call: Callable[[float], Call]


def next_call(
    now: float,
    known: Known,
    allowance: Allowance,
    *,
    only: Collection[str] = (),
    since: float | None = None,
    journal: bool = True,
    wire: Wire = DEFAULT,
) -> Call | None:
    """The next call, or None if there is none to make.

    `only` are the paths of lists; the others are left alone. With `since`, every list and detail counts as due that was not asked
    for since then, and nothing else is asked for sooner than it is due: so there is an end. Without `journal` none is followed.
    """
    if known.ask_use:
        failure = known.failures.get(f"{What.USE} {THROTTLE_PATH}")
        return Call(
            What.USE, THROTTLE_PATH, max(now, failure.not_before if failure else now), "how much of the allowance is used"
        )
    plan = _Plan(now, known, allowance, only, since, wire, journal=journal and not only and allowance.limit is None)
    start = max(now, known.pause.until) if known.pause else now
    others = list(plan.others())
    found = [*plan.urgent(start), *plan.changes(start, min((each.at for each in others), default=inf))]
    if others:
        at = room_at(max(start, min(each.at for each in others)), allowance, plan.planned())
        ready = (each for each in others if each.at <= at)
        found.append(replace(min(ready, key=lambda each: each.rank), at=at))
    if not found:
        return None
    chosen = min(found, key=lambda each: (each.at, each.rank))
    return chosen.call(chosen.at)


def first_walks_left(known: Known, *, only: Collection[str] = (), wire: Wire = DEFAULT) -> list[Target]:
    """The lists that were never walked through to their end."""
    return [
        target
        for target in targets(wire).values()
        if target.first and _is_asked(target, only) and known.sweep(target.path).last_ended is None
    ]


def pages_left(known: Known, *, only: Collection[str] = (), wire: Wire = DEFAULT) -> int:
    """How many calls the first walks still need, about."""
    return sum(
        max(pages_of(known, target) - known.sweep(target.path).walked // LARGEST_LIMIT, 1)
        for target in first_walks_left(known, only=only, wire=wire)
    )


def pages_of(known: Known, target: Target) -> int:
    """How many pages a list has, about if it was not asked for yet."""
    count = known.sweep(target.path).count
    rows = target.about if count is None else count
    return max(1, ceil((rows - OVERLAP) / (LARGEST_LIMIT - OVERLAP)))


def period(known: Known, allowance: Allowance, *, only: Collection[str] = (), wire: Wire = DEFAULT) -> float:
    """The time in which every list is walked through: what the share of the sweeps suffices for."""
    if not allowance.limit:
        return LEAST_PERIOD
    pages = sum(
        pages_of(known, target) * (MORE_OFTEN if target.is_upcoming else 1)
        for target in targets(wire).values()
        if target.again and _is_asked(target, only)
    )
    return max(LEAST_PERIOD, pages * allowance.seconds / (allowance.limit * SHARE_OF_SWEEPS))


def _is_asked(target: Target, only: Collection[str]) -> bool:
    return not only or target.path in only or target.whole in only


class _Plan:
    """The calls that could come next."""

    def __init__(
        self,
        now: float,
        known: Known,
        allowance: Allowance,
        only: Collection[str],
        since: float | None,
        wire: Wire,
        *,
        journal: bool,
    ) -> None:
        self.now, self.known, self.allowance = now, known, allowance
        self.only, self.since, self.wire = only, since, wire
        left = first_walks_left(known, only=only, wire=wire)
        self.is_first = any(self._failures(f"{What.SWEEP} {target.path}") < STUCK for target in left)
        self.period = period(known, allowance, only=only, wire=wire)
        self.asks_journal = journal
        self.has_journal = journal and bool(known.following.offered)
        self.follows = self.has_journal and self._are_walked()
        if self.follows:
            self.period = FOLLOWED_PERIOD

    def _are_walked(self) -> bool:
        """Whether every list was walked through since the serial was read that the journal is followed from."""
        return not any(
            target.again and (self.known.sweep(target.path).last_began or 0.0) < self.known.following.since
            for target in targets(self.wire).values()
        )

    def changes(self, start: float, others: float) -> Iterator[_Candidate]:
        """The journal of an upstream without a limit; `others` is when another call is due."""
        known = self.known.following
        if not self.asks_journal:
            return
        wait = 0.0
        if known.is_due(start):
            at, reason = start, "whether upstream has a journal"
        elif not self.follows or (self.since is not None and known.checked and not known.is_behind):
            return
        else:
            reason = f"what changed after entry {known.serial} of the journal"
            at = start if known.is_behind or not known.checked else (known.asked or 0.0) + following.TURN
            wait = 0.0 if self.since is not None or at == inf else min(others - max(at, start), following.LONGEST_WAIT)
        parameters = following.parameters(known, int(wait))
        yield self._candidate(What.CHANGES, following.JOURNAL, max(at, start), (NEWS,), reason, parameters)

    def urgent(self, start: float) -> Iterator[_Candidate]:
        """The news: as soon as they are due and the allowance has a call for them."""
        for one, parameters in self._news() if not self.has_journal else ():
            due = news_due(one.asked or 0.0, one.path, self.known.ahead, self.allowance, first=self.is_first)
            if one.began is None and due is None:
                continue
            reason = f"what changed in {one.path}: " + ("goes on with the next page" if one.began or not due else due.reason)
            at = free_at(max(start, 0.0 if one.began or not due else due.at), self.allowance)
            yield self._candidate(What.NEWS, one.path, at, (NEWS,), reason, news_parameters(one, parameters))

    def planned(self) -> list[float]:
        """When the news of the next hours will be asked for."""
        until = self.now + 2 * self.allowance.window
        return sorted(
            time
            for one, _ in self._news()
            for time in planned_news(one, self.now, until, self.known.ahead, self.allowance, first=self.is_first)
        )

    def others(self) -> Iterator[_Candidate]:
        """Everything that may wait for the news."""
        late = False
        for turn, target in enumerate(targets(self.wire).values()):
            sweep = self.known.sweep(target.path)
            due = self._due(target, sweep)
            if due is None or not _is_asked(target, self.only):
                continue
            first = target.first and sweep.last_ended is None
            late = late or (not first and due < self.now - self.period / 8)
            rank = (FIRST_WALKS, turn, 0.0) if first else (SWEEPS, int(pages_of(self.known, target) > SHORT), due)
            number = sweep.number + (sweep.began is None)
            parameters = page_parameters(target, sweep)
            yield self._candidate(What.SWEEP, target.path, due, rank, self._why(target, sweep), parameters, number)
        for one in self.known.singles:
            if not self.only or one.path in self.only:
                yield self._candidate(What.ABSENT, one.path, 0.0, (SINGLES_LATER if late else SINGLES,), one.reason, key=one.key)
        for one in self.known.details:
            if (not self.only or one.path in self.only) and not (self.follows and one.asked is not None):
                due = 0.0 if one.asked is None or self._is_old(one.asked) else one.asked + DETAILS_PERIOD
                at_least = self._spacing() * DETAILS_EVERY + (self.known.detail_asked or 0.0)
                rank = (SWEEPS if at_least <= self.now and not self.is_first else DETAILS, 0, due)
                yield self._candidate(What.DETAIL, one.path, due, rank, one.reason, key=one.key)

    def _spacing(self) -> float:
        return self.allowance.seconds / self.allowance.limit if self.allowance.limit else 0.0

    def _is_old(self, asked: float | None) -> bool:
        """Whether something counts as due because it was not asked for since the time that was given."""
        return self.since is not None and (asked or 0.0) < self.since

    def _due(self, target: Target, sweep: Sweep) -> float | None:
        """When the next page of a list is due; None if the list is not walked through any more."""
        if target.first and sweep.last_ended is None:
            return 0.0
        if not target.again:
            return None
        if not self.follows and self._is_old(sweep.last_began if sweep.began is None else sweep.began):
            return 0.0
        if self.has_journal and (sweep.began or sweep.last_began or 0.0) < self.known.following.since:
            return 0.0
        span = self.period / (MORE_OFTEN if target.is_upcoming and not self.follows else 1)
        if sweep.began is not None:
            return sweep.began
        if sweep.last_began is None:
            return self._due_whole(target, span)
        if sweep.short and sweep.shorts < STUCK and pages_of(self.known, target) <= SHORT_LIST:
            return (sweep.last_ended or 0.0) + SOON
        return sweep.last_began + span

    def _due_whole(self, target: Target, span: float) -> float | None:
        """When a list is due for the first time whose parts were walked through first."""
        parts = [self.known.sweep(each.path) for each in targets(self.wire).values() if each.whole == target.path and each.first]
        begun = [part.last_began for part in parts if part.last_began is not None]
        return min(begun) + span if len(begun) == len(parts) else None

    def _why(self, target: Target, sweep: Sweep) -> str:
        of = "" if sweep.count is None else f" of {pages_of(self.known, target)}"
        name = f"{target.path}: page {sweep.walked // (LARGEST_LIMIT - OVERLAP) + 1}{of}"
        if sweep.back_to is not None:
            return f"{name} again, because rows moved"
        if target.first and sweep.last_ended is None:
            return f"{name}, for the first time"
        return f"{name}, for changes without a date and deletions"

    def _news(self) -> Iterable[tuple[News, tuple[tuple[str, str], ...]]]:
        """The lists with news, as soon as there is a time since which they are asked for."""
        for path, parameters in news(self.wire).items():
            one = self.known.news_of(path)
            if (not self.only or path in self.only) and (one.mark is not None or one.began is not None or not self.is_first):
                yield one, parameters

    def _candidate(
        self,
        what: What,
        path: str,
        at: float,
        rank: tuple[float, ...],
        reason: str,
        parameters: tuple[tuple[str, str], ...] = (),
        number: int = 0,
        *,
        key: str = "",
    ) -> _Candidate:
        call = Call(what, path, at, reason, parameters, key, number)
        failure = self.known.failures.get(call.name)
        if failure is not None:
            at = max(at, failure.not_before)
            reason = f"{reason} (failed {failure.times} times: {failure.reason})"
        return _Candidate(at, rank, lambda time: Call(what, path, time, reason, parameters, key, number))

    def _failures(self, name: str) -> int:
        failure = self.known.failures.get(name)
        return failure.times if failure else 0
