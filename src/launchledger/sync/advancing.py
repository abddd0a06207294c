"""What a reply changes in what the plan knows.

Promises: a pure function; each step can be kept before the next call, and the plan goes on from there. A page that contradicts
itself counts as a call that failed. What failed is tried again, later each time; if calls of different kinds fail one after the
other, nothing is asked for a while.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from launchledger.sync import following, reading_news, walking
from launchledger.sync.due import DAY, HOUR, MINUTE
from launchledger.sync.following import Changes, Following
from launchledger.sync.state import Call, Failed, Failure, Found, Known, Page, Pause, Reply, Single, Throttled, What
from launchledger.sync.targets import targets
from launchledger.wire.served import DEFAULT
from launchledger.wire.wire import Wire

FIRST_WAIT = {What.CHANGES: 1.0}
FIRST_OTHER_WAIT = MINUTE
LONGEST_WAIT = {What.NEWS: 10 * MINUTE, What.CHANGES: MINUTE}
LONGEST_OTHER_WAIT = 2 * HOUR
OUTAGE = 3  # failures in a row
FIRST_PAUSE, LONGEST_PAUSE = 2 * MINUTE, 30 * MINUTE
LONGEST_THROTTLE = 2 * HOUR
FORGOTTEN = DAY  # after this a failure does not count any more
GIVE_UP = 5  # failures in a row of a call for one object
BELIEVED = 3  # a page that contradicts itself so often in a row is what upstream has
MOST_WAITING = 10_000  # objects that are asked for because of the journal
NO_JOURNAL = 3  # failures in a row of the first call for the journal: upstream has none
MOST_SINGLES = 20  # objects that are asked for after a walk that missed some rows itself


def advance(known: Known, call: Call, reply: Reply, at: float, *, wire: Wire = DEFAULT) -> Known:
    """What is known after the reply to a call. `at` is when the call was made.

    The caller takes in the objects of the reply, deletes what is `Gone` after a call for one object, and remembers the keys that
    the sweep of the call has seen.
    """
    if call.what is What.DETAIL:
        known = replace(known, detail_asked=at)
    match reply:
        case Throttled(wait):
            return _throttled(known, call, wait, at)
        case Failed(reason):
            return _failed(known, call, reason, at)
        case Changes():
            return _changes(known, call, reply, at)
        case Page():
            return _seen(_page(known, call, reply, at, wire), at)
    if call.what is What.USE:
        return replace(known, ask_use=False)
    known = _seen(_succeeded(known, call), at)
    if call.what is What.CHANGES:
        return replace(known, following=Following(offered=False, asked=at))
    if call.what in (What.ABSENT, What.DETAIL):
        return _answered(known, call)
    if call.what is What.NEWS:  # the list is not offered, or answers as an object: it is asked for again as if nothing was new
        return known.with_news(replace(known.news_of(call.path), asked=at, began=None, walked=0, tail=()))
    count = 1 if isinstance(reply, Found) else 0
    return known.with_sweep(walking.ended_at_once(known.sweep(call.path), call, count, at))


def absent(known: Known, path: str, keys: Iterable[str], *, wire: Wire = DEFAULT) -> Known:
    """What is known after a walk through a list was compared with the catalogue.

    `keys` are the objects of the catalogue that belong to the list, were not observed since the walk began, and were not seen by
    it. Each is asked for once. If the walk itself missed rows, they are not much of a proof, and only some are asked for.
    """
    sweep = known.sweep(path)
    waiting = {(one.path, one.key) for one in known.singles}
    whole = targets(wire)[path].whole
    new = [key for key in keys if (whole, key) not in waiting]
    new = new[:MOST_SINGLES] if sweep.short else new
    reason = f"{whole}: not in the list any more"
    known = known.with_sweep(replace(sweep, compare=False))
    return replace(known, singles=(*known.singles, *(Single(whole, key, reason) for key in new)))


def asking(known: Known, singles: Iterable[Single]) -> Known:
    """What is known when these objects are to be asked for as well; more than MOST_WAITING wait for the next walk."""
    waiting = {(one.path, one.key): one for one in (*known.singles, *singles)}
    return replace(known, singles=tuple(waiting.values())[:MOST_WAITING]) if len(waiting) > len(known.singles) else known


def settles(known: Known, call: Call, reply: Reply) -> bool:
    """Whether a call for one object needs no other soon: it was answered, or failed too often. `known` is before the reply."""
    if isinstance(reply, (Throttled, Failed)):
        failure = known.failures.get(call.name)
        return isinstance(reply, Failed) and failure is not None and failure.times + 1 >= GIVE_UP
    return True


def _page(known: Known, call: Call, page: Page, at: float, wire: Wire) -> Known:
    wrong = walking.contradiction(call, page)
    failure = known.failures.get(call.name)
    if call.what not in (What.SWEEP, What.NEWS):
        wrong = "a page instead of an object"
    elif wrong and failure is not None and failure.times >= BELIEVED:
        wrong = ""
    if wrong and call.what is What.SWEEP:
        known = known.with_sweep(walking.saw(known.sweep(call.path), call, page, at))
    if wrong:
        return _failed(known, call, wrong, at)
    known = _succeeded(known, call)
    if call.what is What.NEWS:
        return known.with_news(reading_news.advanced(known.news_of(call.path), call, page, at))
    target = targets(wire)[call.path]
    if not call.offset and any(page.stamps):
        known = known.with_news(reading_news.begun(known.news_of(target.whole), page, at))
    return known.with_sweep(walking.advanced(known.sweep(call.path), call, page, at, compare=target.proves_absence))


def _changes(known: Known, call: Call, page: Changes, at: float) -> Known:
    asked = dict(call.parameters)
    if wrong := following.contradiction(asked, page):
        return _failed(known, call, f"answered with {wrong}", at)
    return replace(_succeeded(known, call), following=following.advanced(known.following, asked, page, at))


def _seen(known: Known, at: float) -> Known:
    """Entries of the journal that come later are observed later."""
    before = known.following
    return replace(known, following=replace(before, mark=max(before.mark, at))) if before.offered else known


def _succeeded(known: Known, call: Call) -> Known:
    failures = {name: failure for name, failure in known.failures.items() if name != call.name}
    return replace(known, failures=failures, failed_in_a_row=0)


def _answered(known: Known, call: Call) -> Known:
    """The object of the call need not be asked for again."""

    def others(singles: Iterable[Single]) -> tuple[Single, ...]:
        return tuple(one for one in singles if (one.path, one.key) != (call.path, call.key))

    if call.what is What.ABSENT:
        return replace(known, singles=others(known.singles))
    return replace(known, details=others(known.details))


def _throttled(known: Known, call: Call, wait: float, at: float) -> Known:
    """Upstream has no call left for us: nothing is asked until it says so, but how much is used."""
    until = at + min(max(wait, 1.0), LONGEST_THROTTLE) + _random(known, call, at).uniform(1.0, 5.0)
    return replace(known, pause=Pause(until, "upstream allows no call"), ask_use=call.what is not What.USE)


def _failed(known: Known, call: Call, reason: str, at: float) -> Known:
    if call.what is What.USE:  # the own count has to suffice
        return replace(known, ask_use=False)
    random = _random(known, call, at)
    before = known.failures.get(call.name)
    times = before.times + 1 if before else 1
    wait = min(
        FIRST_WAIT.get(call.what, FIRST_OTHER_WAIT) * 2.0 ** min(times - 1, 20), LONGEST_WAIT.get(call.what, LONGEST_OTHER_WAIT)
    )
    failure = Failure(times, at + wait * random.uniform(0.75, 1.25), reason)
    in_a_row = known.failed_in_a_row + 1
    recent = {name: each for name, each in known.failures.items() if each.not_before > at - FORGOTTEN}
    known = replace(known, failures={**recent, call.name: failure}, failed_in_a_row=in_a_row)
    if in_a_row >= OUTAGE:
        wait = min(FIRST_PAUSE * 2.0 ** min(in_a_row - OUTAGE, 20), LONGEST_PAUSE) * random.uniform(0.75, 1.25)
        known = replace(known, pause=Pause(at + wait, f"{in_a_row} calls failed in a row, the last: {reason}"))
    elif call.what is What.SWEEP:
        known = known.with_sweep(walking.failed(known.sweep(call.path), call, times, at))
    if call.what is What.CHANGES:
        known = replace(known, following=_after_failure(known.following, times, at))
    if call.what in (What.ABSENT, What.DETAIL) and times >= GIVE_UP:
        known = _answered(replace(known, failures=recent), call)  # the next walk or period comes back to it
    return known


def _after_failure(before: Following, times: int, at: float) -> Following:
    """An upstream that never answered with a journal has none; one that did may be another when it answers again."""
    if not before.offered:
        return replace(before, offered=False, asked=at) if times >= NO_JOURNAL else before
    return replace(before, checked=False)


def _random(known: Known, call: Call, at: float) -> Random:
    """What varies a waiting time: the same for the same call at the same time."""
    return Random(f"{known.seed} {call.name} {at}")  # noqa: S311 - it protects nothing
