"""Which call comes next: what is urgent first, all within the allowance, and the same answer for the same question."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import pairwise

import pytest

from launchledger.sync.advancing import advance, settles
from launchledger.sync.following import Following
from launchledger.sync.plan import first_walks_left, next_call, pages_left, period
from launchledger.sync.state import (
    Ahead,
    Allowance,
    Call,
    Failed,
    Found,
    Gone,
    Known,
    News,
    Page,
    Pause,
    Single,
    Sweep,
    Throttled,
    Use,
    What,
    known_from_json,
)
from launchledger.sync.targets import targets
from tests.support.virtual_mirror import VirtualMirror
from tests.support.virtual_upstream import DAY, HOUR, VirtualUpstream

NOW = 1_800_000_000.0
MINUTE = 60.0
FIFTEEN = Allowance(15)
NONE = Allowance(None)


def _settled(began: float = NOW - HOUR) -> Known:
    """A mirror that has everything."""
    sweeps = {path: Sweep(path, 1, count=10, last_began=began, last_ended=began, last_seen=10) for path in targets()}
    news = {path: News(path, NOW - HOUR, NOW - MINUTE) for path in ("launch", "event")}
    return Known(sweeps=sweeps, news=news, ask_use=False, following=Following(offered=False, asked=began))


def _next(known: Known, allowance: Allowance = FIFTEEN, now: float = NOW) -> Call:
    call = next_call(now, known, allowance)
    assert call is not None
    return call


def test_first_upstream_is_asked_how_much_is_used() -> None:
    """The first call is free, and the next one counts; an answer that fails is no reason to wait."""
    call = _next(Known())
    assert (call.what, call.path, call.counts) == (What.USE, "api-throttle", False)
    for reply in (Use(), Gone(), Failed("500")):
        known = advance(Known(), call, reply, NOW)
        assert _next(known).counts
        assert known.failures == {}


def test_a_429_stops_everything_for_as_long_as_it_says() -> None:
    """After 429 nothing that counts is asked before its time; upstream's count of calls is asked for. It is no failure."""
    known = _settled(NOW - 9 * DAY)
    known = advance(known, _next(known), Throttled(900.0), NOW)
    assert _next(known).what is What.USE
    known = advance(known, _next(known), Use(), NOW)
    assert NOW + 900 < _next(known).at <= NOW + 905
    assert known.failures == {}


@pytest.mark.parametrize("wait", [float("inf"), 1e12, -5.0])
def test_an_absurd_wait_is_bounded(wait: float) -> None:
    """Whatever a 429 says, the mirror asks again within hours."""
    known = advance(_settled(), _next(_settled()), Throttled(wait), NOW)
    assert NOW < _next(replace(known, ask_use=False)).at <= NOW + 3 * HOUR


def test_failures_are_tried_again_later_each_time() -> None:
    """The waiting time of a call that keeps failing doubles up to two hours, with a random part; other calls go on meanwhile."""
    known, waits, now = _settled(NOW - 9 * DAY), [], NOW
    first = _next(known)
    for _ in range(10):
        known = replace(advance(known, first, Failed("500"), now), failed_in_a_row=0)
        waits.append(known.failures[first.name].not_before - now)
        assert _next(known, now=now).name != first.name
        now += waits[-1]
    assert all(0.75 * 60 * 2**n <= wait <= 1.25 * 60 * 2**n for n, wait in enumerate(waits[:7]))
    assert waits[-1] <= 1.25 * 2 * HOUR
    assert len(set(waits)) == len(waits)
    assert advance(known, first, Found(), now).failures == {}


def test_when_everything_fails_nothing_is_asked_for_a_while() -> None:
    """Three failures in a row pause everything, longer each time, at most about half an hour; one success ends that."""
    known, now, pauses = _settled(NOW - 9 * DAY), NOW, []
    for _ in range(12):
        call = _next(known, NONE, now)
        now = call.at
        known = advance(known, call, Failed("connection refused"), now)
        if known.pause and known.pause.until > now:
            pauses.append(known.pause.until - now)
    assert len(pauses) == 10
    assert pauses[0] < 3 * MINUTE
    assert 20 * MINUTE < pauses[-1] < 40 * MINUTE
    call = _next(known, NONE, now)
    assert call.at >= known.pause.until if known.pause else False
    known = advance(known, call, Page(0, False, ()), call.at)
    assert known.failed_in_a_row == 0
    assert _next(known, NONE, call.at).at == call.at


def test_news_come_before_sweeps() -> None:
    """When both are due, and one call is left, it is for the news."""
    known = _settled(NOW - 9 * DAY)
    known = known.with_news(News("launch", NOW - HOUR, NOW - 3 * HOUR))
    call = _next(known, Allowance(15, calls=tuple(NOW - 3_600 + 100 * n for n in range(14))))
    assert (call.what, call.path, call.at) == (What.NEWS, "launch", NOW)
    assert dict(call.parameters)["ordering"] == "-last_updated"
    assert dict(call.parameters)["last_updated__gte"] == "2027-01-15T06:58:00Z"  # an hour and two minutes ago


def test_sweeps_leave_room_for_the_news_of_a_launch() -> None:
    """With a launch in half an hour, sweeps never keep its news waiting, although all lists are late."""
    known = replace(_settled(NOW - 9 * DAY), ahead=(Ahead("launch", "x", NOW + 30 * MINUTE, 0, 1),))
    now, calls, asked = NOW, list[float](), [NOW - MINUTE]
    while now < NOW + 80 * MINUTE:
        call = _next(known, Allowance(15, calls=tuple(time for time in calls if time > now - 3_605)), now)
        now = call.at
        calls.append(now)
        if (call.what, call.path) == (What.NEWS, "launch"):
            asked.append(now)
        known = advance(known, call, Page(0, False, ()), now)
    assert max(after - before for before, after in pairwise(asked)) <= 7.1 * MINUTE
    assert len(calls) >= 18


def test_the_mark_moves_when_the_walk_is_whole() -> None:
    """News of three pages are walked through to their end before the mark moves; absurd times never become the mark."""
    known = _settled().with_news(News("launch", NOW - DAY, NOW - DAY))
    for page, more in ((0, True), (1, True), (2, False)):
        call = _next(known, NONE)
        assert (call.what, call.offset) == (What.NEWS, page * 98)
        assert known.news_of("launch").mark == NOW - DAY
        keys = tuple(str(number) for number in range(page * 98, page * 98 + 100))
        stamps = (NOW + 9 * DAY, *(NOW - 60 - number for number in range(1, 100)))
        known = advance(known, call, Page(296, more, keys, stamps=stamps), NOW)
    assert known.news_of("launch") == News("launch", NOW - 61, NOW)


@pytest.mark.parametrize("failed", [False, True])
def test_news_begin_with_the_first_page(failed: bool) -> None:
    """What changes after the first page of upcoming launches is news, also if that page was wrong at first."""
    known = Known(ask_use=False)
    call = next_call(NOW, known, NONE, only=["launch"])
    assert call is not None
    assert call.path == "launch/upcoming"
    if failed:
        known = advance(known, call, Page(2, False, ("1",), fresh=1, stamps=(NOW - HOUR,)), NOW)
        assert known.news_of("launch").mark is None
    known = advance(known, call, Page(2, False, ("1", "2"), fresh=1, stamps=(NOW - HOUR, NOW - DAY)), NOW)
    assert known.news_of("launch").mark == NOW - HOUR


def test_news_that_fail_keep_the_mark() -> None:
    """Nothing between the mark and a failure is lost."""
    known = _settled().with_news(News("launch", NOW - DAY, NOW - DAY))
    call = _next(known, NONE)
    known = advance(known, call, Page(100, False, (), stamps=()), NOW)
    assert known.news_of("launch").mark == NOW - DAY
    assert known.failures[call.name].reason


def test_only_some_lists() -> None:
    """With `only`, calls are about those lists and their parts, and end when these were walked through."""
    mirror = VirtualMirror(VirtualUpstream(1, 0.02, lively=False))
    mirror.run(mirror.now + DAY, only=["launch", "pad"])
    paths = {call.path for _, call, _ in mirror.log if call.counts}
    assert paths == {"launch", "launch/upcoming", "launch/previous", "pad"}
    assert first_walks_left(mirror.known, only=["launch", "pad"]) == []
    assert first_walks_left(mirror.known)


def test_everything_since_a_time() -> None:
    """With `since`, each list and detail is asked once more, at once if upstream does not throttle, and then there is an end."""
    mirror = VirtualMirror(VirtualUpstream(1, 0.02, lively=False), limit=None)
    mirror.run(mirror.now + DAY, since=mirror.now)
    calls, at = len(mirror.calls), mirror.now
    assert mirror.now - mirror.began < HOUR
    mirror.run(mirror.now + DAY, since=mirror.now)
    assert mirror.is_fresh(at)
    assert len(mirror.calls) - calls <= calls
    assert next_call(mirror.now, mirror.known, NONE, since=at).at > mirror.now  # type: ignore[union-attr]


def test_objects_are_given_up_after_five_failures() -> None:
    """An object that cannot be had does not hold up others: its call settles after five failures."""
    known = replace(_settled(), singles=(Single("pad", "1", "not in the list any more"),))
    for _ in range(5):
        call = replace(_next(known, NONE), at=NOW)
        assert (call.what, call.key) == (What.ABSENT, "1")
        settled = settles(known, call, Failed("500"))
        known = replace(advance(known, call, Failed("500"), NOW), failed_in_a_row=0, pause=None)
    assert settled
    assert known.singles == ()
    assert settles(known, call, Gone())
    assert not settles(known, call, Throttled(1.0))


def test_details_get_a_share_while_sweeps_are_late() -> None:
    """One of about twenty calls is for details, also when lists are late; never during the first walks."""
    known = replace(_settled(NOW - 9 * DAY), details=(Single("spacewalks", "1", "facts that no list shows"),))
    assert _next(known).what is What.DETAIL
    assert _next(replace(known, detail_asked=NOW - HOUR)).what is What.SWEEP
    assert _next(replace(known, sweeps={})).what is What.SWEEP


def test_the_period_follows_from_the_size_and_the_allowance() -> None:
    """Three times the allowance needs a third of the time; no upstream is walked through more often than every six hours."""
    assert period(Known(), Allowance(15)) == pytest.approx(3 * period(Known(), Allowance(45)))
    assert 28 * HOUR < period(Known(), Allowance(15)) < 38 * HOUR
    assert period(Known(), NONE) == period(_settled(), Allowance(1_000)) == 6 * HOUR


def test_the_pages_of_the_first_walks_are_estimated() -> None:
    """Before anything was asked: about as many calls as upstream has pages."""
    assert 320 < pages_left(Known()) < 350
    assert pages_left(_settled()) == 0


def test_the_same_question_has_the_same_answer() -> None:
    """Two mirrors with the same seed make the same calls; the state survives JSON at any time."""
    logs = []
    for _ in range(2):
        mirror = VirtualMirror(VirtualUpstream(3, 0.05), seed=7, faults=0.2)
        mirror.run(mirror.now + 2 * DAY)
        logs.append([(call, str(reply)) for _, call, reply in mirror.log])
        assert known_from_json(json.loads(json.dumps(asdict(mirror.known)))) == mirror.known
    assert logs[0] == logs[1]
    full = replace(_settled(), pause=Pause(NOW, "why"), ahead=(Ahead("launch", "x", NOW),), singles=(Single("pad", "1", "why"),))
    assert known_from_json(json.loads(json.dumps(asdict(full)))) == full
