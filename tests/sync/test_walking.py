"""Walking through a list whose rows move, on pages that may be wrong, misses nothing unnoticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchledger.sync.advancing import absent, advance
from launchledger.sync.plan import next_call
from launchledger.sync.state import Allowance, Call, Failed, Found, Gone, Known, Page, Reply, What

NOW = 1_000_000.0
LIST = "pad"


class Walk:
    """A walk through a list of numbers by the plan; `calls` are (offset, limit) of each call."""

    def __init__(self, rows: int) -> None:
        self.rows = [f"{row:04}" for row in range(rows)]
        self.known = Known(ask_use=False)
        self.seen: set[str] = set()
        self.calls: list[tuple[int, int]] = []
        self.now = NOW

    def call(self) -> Call | None:
        if self.known.sweep(LIST).last_ended is not None:
            return None
        call = next_call(self.now, self.known, Allowance(None), only=[LIST])
        assert call is not None
        self.now = call.at
        self.calls.append((call.offset, call.limit))
        return call

    def right(self, call: Call, shift: int = 0) -> Page:
        at = max(call.offset + shift, 0)
        return Page(len(self.rows), call.offset + call.limit < len(self.rows), tuple(self.rows[at : at + call.limit]))

    def take(self, call: Call, reply: Reply) -> None:
        if isinstance(reply, Page):
            fresh = set(reply.keys) - self.seen
            reply = replace(reply, fresh=len(fresh))
            self.seen |= fresh
        self.known = advance(self.known, call, reply, self.now)

    def go_on(self, calls: int = 1_000) -> None:
        while calls and (call := self.call()):
            self.take(call, self.right(call))
            calls -= 1

    def ends_complete(self) -> bool:
        self.go_on()
        sweep = self.known.sweep(LIST)
        return set(self.rows) <= self.seen and sweep.short == 0 and sweep.compare


def test_pages_overlap_by_two_rows() -> None:
    """A quiet list costs its pages, and two rows of each are asked for twice."""
    walk = Walk(296)
    assert walk.ends_complete()
    assert walk.calls == [(0, 100), (98, 100), (196, 100)]


@pytest.mark.parametrize("gone", [1, 2, 30])
def test_rows_that_leave_are_made_up_for(gone: int) -> None:
    """Rows before the page were deleted: the rows that moved to the page before are still seen."""
    walk = Walk(400)
    walk.go_on(2)
    del walk.rows[10 : 10 + gone]
    assert walk.ends_complete()


def test_rows_that_come_before_the_page_make_the_walk_short() -> None:
    """A row that came where the walk was before was missed: one page is asked for again, and then the walk says so."""
    walk = Walk(400)
    walk.go_on(3)
    walk.rows.insert(10, "new")
    assert not walk.ends_complete()
    assert walk.known.sweep(LIST).short == 1
    assert len(walk.calls) == 6


@pytest.mark.parametrize("shift", [1, -1])
@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_page_whose_rows_moved_is_noticed(page: int, shift: int) -> None:
    """A row that moved across the beginning of a page in one reply is found by asking again."""
    walk = Walk(396)
    walk.go_on(page)
    call = walk.call()
    assert call is not None
    walk.take(call, walk.right(call, shift))
    assert walk.ends_complete()
    assert len(walk.calls) <= 6


@pytest.mark.parametrize(
    ("count", "more", "rows"),
    [(296, True, 0), (296, False, 0), (296, True, 99), (101, True, 100), (296, False, 100), (90, False, 100)],
)
def test_a_page_that_contradicts_itself_is_a_failure(count: int, more: bool, rows: int) -> None:
    """Fewer rows than there should be, or a `next` against the count: asked again, later, from the same place."""
    walk = Walk(296)
    walk.go_on(1)
    call = walk.call()
    assert call is not None
    if (count, more, rows) == (101, True, 100):
        count = call.offset + 100
    walk.take(call, Page(count, more, tuple(walk.rows[98 : 98 + rows])))
    assert walk.known.failures[call.name].times == 1
    assert walk.ends_complete()
    assert walk.calls[1] == walk.calls[2]


def test_a_row_twice_on_a_page_is_a_failure() -> None:
    """A page with the same row twice is not believed."""
    walk = Walk(3)
    call = walk.call()
    assert call is not None
    walk.take(call, Page(3, False, ("0000", "0001", "0001")))
    assert walk.ends_complete()
    assert len(walk.calls) == 2


def test_an_upstream_that_always_contradicts_itself_is_believed_at_last() -> None:
    """After three failures the rows are taken as they are, and the walk ends without proving anything gone."""
    walk = Walk(50)
    for _ in range(4):
        call = walk.call()
        assert call is not None
        walk.take(call, Page(57, False, tuple(walk.rows)))
    assert walk.known.sweep(LIST).short == 7


def test_an_upstream_whose_pages_stay_empty_does_not_hold_up_the_walk() -> None:
    """A page without rows that says that there are more: after three failures the walk ends, and counts as short."""
    walk = Walk(250)
    while call := walk.call():
        walk.take(call, Page(250, True, ()) if call.offset else walk.right(call))
    assert walk.known.sweep(LIST).short == 150
    assert len(walk.calls) == 5


def test_a_row_that_makes_pages_fail_is_skipped() -> None:
    """A row that upstream cannot render: the page is asked for in smaller pieces until only that row is left out."""
    walk = Walk(250)
    while call := walk.call():
        bad = call.offset <= 133 < call.offset + call.limit
        walk.take(call, Failed("500") if bad else walk.right(call))
        walk.known = replace(walk.known, failed_in_a_row=0)  # other calls succeed
    assert walk.seen == set(walk.rows) - {"0133"}
    assert walk.known.sweep(LIST).short == 1
    assert len(walk.calls) < 40


def test_a_list_that_upstream_does_not_have_ends_at_once() -> None:
    """404 for a whole list: it counts as walked through, and nothing of the catalogue counts as gone."""
    walk = Walk(0)
    call = walk.call()
    assert call is not None
    walk.take(call, Gone())
    assert walk.known.sweep(LIST).last_ended is not None
    assert not walk.known.sweep(LIST).compare


def test_a_reply_of_an_earlier_walk_changes_nothing() -> None:
    """A kept reply that is taken in again after its walk ended leaves the walks as they are."""
    walk = Walk(150)
    call = walk.call()
    assert call is not None
    walk.take(call, walk.right(call))
    walk.go_on()
    before = walk.known.sweep(LIST)
    walk.take(call, walk.right(call))
    assert walk.known.sweep(LIST) == before


def test_half_a_list_gone_is_believed_the_second_time() -> None:
    """A list that shrank to less than half proves little, so few objects are asked for; the next such walk is believed."""
    walk = Walk(400)
    walk.go_on()
    assert walk.known.sweep(LIST).short == 0
    for short in (300, 0):
        sweep = walk.known.sweep(LIST)
        call = Call(What.SWEEP, LIST, NOW, "", (("limit", "100"),), number=sweep.number + 1)
        walk.known = advance(walk.known, call, Page(100, False, tuple(walk.rows[:100]), fresh=100), NOW)
        assert walk.known.sweep(LIST).short == short
        asked = absent(replace(walk.known, singles=()), LIST, walk.rows[100:]).singles
        assert len(asked) == (20 if short else 300)


def test_what_a_walk_did_not_see_is_asked_for_once() -> None:
    """An object that a whole list did not have is asked for by its id, however often it is named, and then no more."""
    walk = Walk(5)
    walk.go_on()
    known = absent(absent(walk.known, LIST, ["77", "78"]), LIST, ["77"])
    call = next_call(NOW, known, Allowance(None), only=[LIST])
    assert call is not None
    assert (call.what, call.path, call.key) == (What.ABSENT, LIST, "77")
    for reply in (Gone(), Found()):
        assert [one.key for one in advance(known, call, reply, NOW).singles] == ["78"]
