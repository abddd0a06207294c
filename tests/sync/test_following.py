"""The journal of an upstream: when it is asked for, and which pages of it are believed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from launchledger.sync.advancing import advance, asking
from launchledger.sync.following import DAY, LONGEST_WAIT, Changes, Following, Mark, time_of
from launchledger.sync.forecast import forecast
from launchledger.sync.plan import next_call
from launchledger.sync.state import Allowance, Call, Failed, Gone, Known, Single, Sweep, What, known_from_json
from launchledger.sync.targets import targets

NOW = 1_800_000_000.0
NONE = Allowance(None)
FOLLOWING = Following(
    offered=True, asked=NOW - 5, serial=7, written="then", newest=7, since=NOW - 100, checked=True, mark=NOW - 5
)


def _walked(following: Following = FOLLOWING) -> Known:
    """A mirror that has walked through every list a minute ago."""
    began = NOW - 60
    sweeps = {path: Sweep(path, 1, count=10, last_began=began, last_ended=began, last_seen=10) for path in targets()}
    return Known(sweeps=sweeps, ask_use=False, following=following)


def _next(known: Known, now: float = NOW, **more: object) -> Call:
    call = next_call(now, known, NONE, **more)  # type: ignore[arg-type]
    assert call is not None
    return call


def _page(*serials: int, after: int | None = None, newest: int | None = None, complete_since: int = 0) -> Changes:
    """A page with entries of these serials, by default the last ones of the journal."""
    first, last = (Mark(serials[0], "then"), Mark(serials[-1], "now")) if serials else (None, None)
    end = serials[-1] if serials else 7
    return Changes(first, last, end if after is None else after, end if newest is None else newest, complete_since, NOW - 1)


def test_an_upstream_without_a_limit_is_asked_for_its_journal_first() -> None:
    """Before the first walk, so that the walks and what comes after its newest entry are everything."""
    call = _next(Known(ask_use=False))
    assert (call.what, call.path, call.parameters) == (What.CHANGES, "ledger/changes", (("limit", "1"),))
    known = advance(Known(ask_use=False), call, _page(1, newest=40), NOW)
    assert known.following == Following(offered=True, asked=NOW, serial=40, newest=40, since=NOW, mark=NOW)
    assert _next(known).what is What.SWEEP
    assert known_from_json(json.loads(json.dumps(asdict(known)))) == known


@pytest.mark.parametrize("allowance", [Allowance(15), Allowance(1_000_000)])
def test_an_upstream_with_a_limit_is_not_asked_for_a_journal(allowance: Allowance) -> None:
    """Upstream itself has none, and a call would be lost."""
    call = next_call(NOW, Known(ask_use=False), allowance)
    assert call
    assert call.what is What.SWEEP
    known = replace(_walked(), following=replace(FOLLOWING, newest=9))
    assert What.CHANGES not in {each.what for each in forecast(known, allowance, NOW, 3600)}


def test_a_journal_is_not_followed_for_some_lists_alone_or_without_being_wanted() -> None:
    """It has the changes of all lists; without it, the lists are walked through."""
    old = replace(_walked(), following=Following())
    assert _next(old, only=["agencies"]).what is not What.CHANGES
    assert _next(old, journal=False).what is not What.CHANGES


def test_an_upstream_without_a_journal_is_asked_again_after_a_day() -> None:
    """404 says that it has none; it may have been upgraded meanwhile."""
    known = advance(Known(ask_use=False), _next(Known(ask_use=False)), Gone(), NOW)
    assert known.following.offered is False
    assert _next(known).what is What.SWEEP
    assert _next(known, NOW + DAY).what is What.CHANGES


def test_an_upstream_that_cannot_answer_for_a_journal_has_none() -> None:
    """Three failures are enough; the lists are walked through meanwhile."""
    known = Known(ask_use=False)
    for time in (NOW, NOW + 10, NOW + 20):
        call = _next(known, time)
        assert call.what is What.CHANGES
        known = replace(advance(known, call, Failed("answered 500"), time), pause=None)
        assert _next(known, time).what is What.SWEEP
    assert known.following.offered is False


def test_followed_means_that_nothing_else_is_asked() -> None:
    """The reply is held as long as upstream may, but not beyond the next other call; news and details are not asked for."""
    call = _next(_walked())
    assert call.what is What.CHANGES
    assert dict(call.parameters) == {"since": "7", "limit": "100", "wait": str(LONGEST_WAIT)}
    assert call.at == NOW
    kinds = {each.what for each in forecast(_walked(), NONE, NOW, 23 * 3600)}
    assert kinds == {What.CHANGES}
    soon = {path: replace(sweep, last_began=NOW - DAY + 11) for path, sweep in _walked().sweeps.items()}
    known = replace(_walked(replace(FOLLOWING, since=0.0)), sweeps=soon)
    assert dict(_next(known).parameters)["wait"] == "11"


def test_lists_are_walked_through_before_the_journal_is_followed() -> None:
    """Each at once, also those that were walked through long before, until all are newer than the begin of the journal."""
    known = _walked(replace(FOLLOWING, since=NOW - 30))
    call = _next(known)
    assert (call.what, call.at) == (What.SWEEP, NOW)
    assert {target.path for target in targets().values() if target.again} == {
        each.path for each in forecast(known, NONE, NOW, 60) if each.what is What.SWEEP
    }


def test_a_journal_is_looked_at_once_a_second_while_other_calls_are_made() -> None:
    """A change is seen soon, and the others go on; entries that are known to be there come first, and are not waited for."""
    known = asking(_walked(replace(FOLLOWING, asked=NOW)), [Single("agencies", "7", "upstream revived it")])
    assert _next(known).what is What.ABSENT
    call = _next(known, NOW + 1)
    assert (call.what, dict(call.parameters)) == (What.CHANGES, {"since": "7", "limit": "100"})
    behind = replace(known, following=replace(FOLLOWING, asked=NOW, newest=300))
    assert (_next(behind).what, dict(_next(behind).parameters)) == (What.CHANGES, {"since": "7", "limit": "100"})


def test_once_catches_up_and_ends() -> None:
    """With `since`, the journal is asked until its end, once at least, and never waited for; no list is walked through."""
    known = _walked(replace(FOLLOWING, checked=False))
    call = _next(known, since=NOW)
    assert (call.what, dict(call.parameters)) == (What.CHANGES, {"since": "6", "limit": "100"})
    known = advance(known, call, _page(7, 8, 9, newest=12), NOW)
    assert (known.following.serial, known.following.is_behind) == (9, True)
    call = _next(known, since=NOW)
    known = advance(known, call, _page(10, 12), NOW)
    assert _next(known, since=NOW).at > NOW + 3600


def test_a_page_is_followed_where_it_goes_on_from_the_last_entry() -> None:
    """Its last entry is where the next page begins; the mark never goes back."""
    call = _next(_walked())
    known = advance(_walked(), call, _page(8, 11), NOW)
    assert known.following == replace(FOLLOWING, asked=NOW, serial=11, written="now", newest=11, mark=NOW - 1)
    known = advance(known, _next(known, NOW + 2), _page(after=11, newest=11), NOW + 2)
    assert (known.following.serial, known.following.written) == (11, "now")


@pytest.mark.parametrize(
    "page",
    [
        _page(after=20, newest=20),  # nothing, although there is something
        _page(7, 8),  # what was not asked for
        _page(8, 9, after=20, newest=20),  # the next page would begin after entries that are not here
        _page(8, 9, newest=8),
    ],
)
def test_a_page_that_contradicts_itself_is_a_failure(page: Changes) -> None:
    """It is asked for again a second later, from one entry before, and nothing is lost."""
    known = advance(_walked(), _next(_walked()), page, NOW)
    assert known.following == replace(FOLLOWING, checked=False)
    call = _next(known)
    assert (call.what, dict(call.parameters)["since"]) == (What.CHANGES, "6")
    assert NOW < call.at < NOW + 2


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        (FOLLOWING, _page(after=7, newest=5)),  # it was replaced by an older one
        (replace(FOLLOWING, checked=False, written="another time"), _page(7, 8)),  # or by another one
        (replace(FOLLOWING, checked=False), _page(8, 9)),
        (FOLLOWING, _page(12, 13, complete_since=11)),  # or compacted beyond the last entry
        (FOLLOWING, _page(after=20, newest=20, complete_since=20)),
    ],
)
def test_another_journal_makes_the_lists_be_walked_through_again(asked: Following, page: Changes) -> None:
    """What was followed and what comes now have a gap between them; it is followed from its end on."""
    known = advance(_walked(asked), _next(_walked(asked)), page, NOW)
    assert (known.following.serial, known.following.since, known.following.offered) == (page.newest, NOW, True)
    assert _next(known).what is What.SWEEP


def test_a_compaction_that_left_out_nothing_new_is_no_gap() -> None:
    """All entries after the last one that was taken in are there, even if that one itself is not."""
    asked = _walked(replace(FOLLOWING, checked=False))
    known = advance(asked, _next(asked), _page(8, 9, complete_since=7), NOW)
    assert known.following.serial == 9


def test_an_entry_is_observed_when_it_was_written_but_after_all_that_was_observed() -> None:
    """Clocks differ: what comes later must win, and no time is in the future."""
    assert time_of(100.0, mark=50.0, now=200.0) == 100.0
    assert time_of(100.0, mark=150.0, now=200.0) == 150.0
    assert time_of(300.0, mark=150.0, now=200.0) == 200.0
    assert time_of(300.0, mark=250.0, now=200.0) == 250.0
