"""The walk through a whole list, page by page.

Promises: a row that stays in the list is not missed unnoticed. Each page begins with the last rows of the page before; if it
does not, rows left the list meanwhile, and a part is asked for again. As many different keys must have been seen as rows lie
behind; if they are fewer, a row moved across, and one page is asked for again. What is still missing at the end makes the walk
`short`.

A page that upstream cannot give at all is asked for in smaller pieces, down to the row that is at fault, which is skipped.
"""

from __future__ import annotations

from dataclasses import replace

from launchledger.sync.plan import OVERLAP
from launchledger.sync.state import Call, Page, Sweep
from launchledger.wire.resources import LARGEST_LIMIT

MOST_BACKS = 10  # in one walk, so that every walk has an end
SMALLER, SMALLER_AFTER = 5, 3  # a page is asked for in fifths after so many failures


def contradiction(call: Call, page: Page) -> str:
    """What is wrong with a page in itself; "" for nothing."""
    rows, end = len(page.keys), call.offset + len(page.keys)
    if rows > call.limit:
        return f"{rows} rows instead of {call.limit}"
    if len(set(page.keys)) < rows:
        return "a row twice"
    if page.more and rows < call.limit:
        return f"{rows} rows instead of {call.limit}, although there are more"
    if page.more != (end < page.count) or (rows and end > page.count):
        return f"a count of {page.count}, and {'more' if page.more else 'no more'} rows after {end}"
    return ""


def advanced(sweep: Sweep, call: Call, page: Page, at: float, *, compare: bool) -> Sweep:
    """The walk after a page. `compare` is whether what it does not see may be gone."""
    if not is_of(sweep, call):
        return sweep
    sweep = replace(saw(sweep, call, page, at), count=page.count)
    if sweep.back_to is not None:
        walked = sweep.back_to
        sweep = replace(sweep, walked=walked, slack=max(walked - sweep.seen, sweep.slack), back_to=None, back_from=0)
        return sweep if walked < page.count else _ended(sweep, at, compare)
    if page.more and not page.keys:
        return _ended(sweep, at, compare)  # upstream insists on it, so there is no way on
    overlaps = bool(sweep.tail) and call.offset < sweep.walked
    if overlaps and not set(sweep.tail) & set(page.keys) and sweep.backs < MOST_BACKS:
        start = max(call.offset - call.limit // 2, 0)
        return replace(sweep, walked=start + len(sweep.tail), backs=sweep.backs + 1)
    walked = call.offset + len(page.keys)
    missed = walked - sweep.seen
    tail = page.keys[-OVERLAP:]
    if missed > sweep.slack:
        again = call.offset if _has_old_rows(sweep, page) else max(call.offset - max(call.limit - OVERLAP, 0), 0)
        return replace(sweep, walked=walked, tail=tail, back_to=walked, back_from=again)
    limit = LARGEST_LIMIT if walked >= sweep.limit_until else sweep.limit
    sweep = replace(sweep, walked=walked, tail=tail, slack=missed, limit=limit)
    return sweep if page.more else _ended(sweep, at, compare)


def is_of(sweep: Sweep, call: Call) -> bool:
    """Whether a call belongs to the running walk, or begins one; others are of earlier walks."""
    if sweep.began is not None:
        return call.number == sweep.number
    return call.number == sweep.number + 1 and not call.offset


def saw(sweep: Sweep, call: Call, page: Page, at: float) -> Sweep:
    """The walk, where it was, with the keys of a page counted: also those of a page that is not believed were seen."""
    if not is_of(sweep, call):
        return sweep
    if sweep.began is None:
        sweep = replace(_at_rest(sweep), number=call.number, began=at)
    return replace(sweep, seen=sweep.seen + page.fresh)


def failed(sweep: Sweep, call: Call, times: int, at: float) -> Sweep:
    """The walk after the next page failed so many times in a row, while other calls did not."""
    if times % SMALLER_AFTER or not is_of(sweep, call):
        return sweep
    if sweep.began is None:
        sweep = replace(_at_rest(sweep), number=call.number, began=at)
    if sweep.back_to is not None:  # go on without it
        return replace(sweep, walked=sweep.back_to, slack=max(sweep.back_to - sweep.seen, sweep.slack), back_to=None, back_from=0)
    if sweep.limit > 1:
        return replace(sweep, limit=max(sweep.limit // SMALLER, 1), limit_until=max(sweep.limit_until, call.offset + call.limit))
    skipped = sweep.skipped + 1
    return replace(
        sweep, walked=sweep.walked + 1, slack=sweep.slack + 1, skipped=skipped, tail=(), limit=LARGEST_LIMIT, limit_until=0
    )


def ended_at_once(sweep: Sweep, call: Call, count: int, at: float) -> Sweep:
    """The walk through what turned out to be no list: a single object, or nothing."""
    return _ended(replace(_at_rest(sweep), number=call.number, began=at, count=count, seen=count), at, compare=False)


def _has_old_rows(sweep: Sweep, page: Page) -> bool:
    """Whether the page has rows that were seen, after those that it must begin with."""
    behind = max((page.keys.index(key) for key in sweep.tail if key in page.keys), default=-1)
    return page.fresh < len(page.keys) - behind - 1


def _ended(sweep: Sweep, at: float, compare: bool) -> Sweep:
    short = max((sweep.count or 0) - sweep.seen, 0)
    if sweep.seen < sweep.last_seen / 2:  # so much does not vanish: it is believed when it is seen twice
        short = max(short, sweep.last_seen - sweep.seen)
    return replace(
        _at_rest(sweep),
        last_began=sweep.began,
        last_ended=at,
        last_seen=sweep.seen,
        short=short,
        shorts=sweep.shorts + 1 if short else 0,
        compare=compare,
    )


def _at_rest(sweep: Sweep) -> Sweep:
    """The same list with no walk running."""
    nothing = Sweep(sweep.path)
    return replace(
        nothing,
        number=sweep.number,
        count=sweep.count,
        last_began=sweep.last_began,
        last_ended=sweep.last_ended,
        last_seen=sweep.last_seen,
        short=sweep.short,
        shorts=sweep.shorts,
        compare=sweep.compare,
    )
