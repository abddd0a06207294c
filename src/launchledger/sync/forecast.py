"""The calls of the next hours, if replies bring no surprise: the plan is asked again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from math import inf

from launchledger.sync.advancing import advance
from launchledger.sync.following import Changes
from launchledger.sync.plan import next_call
from launchledger.sync.state import Allowance, Call, Found, Known, Page, Reply, Use, What
from launchledger.sync.targets import targets

MOST_CALLS = 1_000


def forecast(
    known: Known, allowance: Allowance, now: float, seconds: float, *, only: Collection[str] = (), journal: bool = True
) -> Iterator[Call]:
    """The calls of the next `seconds`, each with its reason. Nothing is asked, and nothing changes.

    Where a journal is followed, its call comes again and again; only the first one is given.
    """
    until = now + seconds
    for _ in range(MOST_CALLS):
        call = next_call(now, known, allowance, only=only, journal=journal)
        if call is None or call.at > until:
            return
        yield call
        now = max(now, call.at)
        if call.counts:
            recent = tuple(time for time in allowance.calls if time > now - allowance.window)
            allowance = replace(allowance, calls=(*recent, now))
        known = advance(known, call, _reply(known, call), now)
        if call.what is What.CHANGES:
            known = replace(known, following=replace(known.following, asked=inf))


def _reply(known: Known, call: Call) -> Reply:
    """A reply as it would come if nothing had changed."""
    if call.what is What.USE:
        return Use()
    if call.what is What.CHANGES:
        newest = known.following.newest
        return Changes(None, None, newest, newest, newest)
    if call.key:
        return Found()
    target = targets()[call.path]
    if target.is_page:
        return Found()
    if call.what is What.NEWS:
        return Page(0, False, ())
    count = known.sweep(call.path).count
    rows = target.about if count is None else count
    keys = tuple(str(place) for place in range(call.offset, min(call.offset + call.limit, rows)))
    return Page(rows, call.offset + call.limit < rows, keys, fresh=len(keys))
