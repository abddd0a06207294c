"""The status of the mirror: what is stored of each list and how old it is, the budget, what is wrong, and what comes next.

Promises: everything is of one moment and read in a fixed number of queries, however large the catalogue; nothing is written, and
nothing is asked of the upstream. The next calls are those that will be made if replies bring no surprise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from launchledger.catalogue.queries.overview import Holding, holdings
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.documents.listed import listed
from launchledger.formats.times import format_date_time
from launchledger.sync.budget import Window
from launchledger.sync.forecast import forecast
from launchledger.sync.freshness import Freshness, budget_of, completed_at, freshness_of, newest_plan, walks_of, whole_lists
from launchledger.sync.plan import pages_of
from launchledger.sync.refused import counts
from launchledger.sync.servers import source_of
from launchledger.sync.state import Allowance, Known
from launchledger.sync.store import Store, moment
from launchledger.sync.targets import Target
from launchledger.wire.resources import LARGEST_LIMIT, NORMAL
from launchledger.wire.served import DEFAULT

NEXT_CALLS = 5
HORIZON = 24 * 3600.0  # seconds that the next calls are looked for in


@dataclass(frozen=True, slots=True)
class ListStatus:
    """One list by its path.

    `stored` rows of it are listed here; `count` is upstream's, None before the whole list was asked for. `completed_at` is when
    the last walk through it ended, and `missed` how many rows that walk must have missed. `share` of a running walk is behind,
    None if none is running. `oldest` is the oldest observation of its rows, starter aside. `deleted` rows are gone upstream, and
    `refused` objects are set aside.
    """

    path: str
    stored: int
    count: int | None
    completed_at: datetime | None
    missed: int
    share: float | None
    oldest: datetime | None
    refused: int
    deleted: int


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """`limit` calls in `seconds` are allowed, all None without a limit. `left` can be made now, and the next one at `free_at`."""

    limit: int | None
    seconds: float | None
    left: int | None
    free_at: datetime


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """The journal of the upstream, which is followed: the serial of the last entry taken in, and of upstream's newest then."""

    serial: int
    newest: int


@dataclass(frozen=True, slots=True)
class PauseStatus:
    """No call is made before `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class FailureStatus:
    """A call that failed so many times in a row, and is not tried again before `not_before`."""

    call: str
    times: int
    reason: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class NextCall:
    """A call that comes next, at a time, and why. `key` is the id of one object, "" for a list."""

    at: datetime
    path: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """The status of the mirror."""

    freshness: Freshness
    lists: tuple[ListStatus, ...]
    budget: BudgetStatus
    journal: JournalStatus | None
    pause: PauseStatus | None
    failures: tuple[FailureStatus, ...]
    next_calls: tuple[NextCall, ...]


def status(now: datetime) -> Status | None:
    """The status as of `now`; None if nothing was ever synced."""
    with snapshot():
        row = newest_plan()
        if row is None:
            return None
        known = Store(row.server_id, source_of(row.server_id)).load(now)
        window = budget_of(row.server_id).window()
        fresh = freshness_of(row, known, window, now)
        lists = _lists(row.server_id, known)
    return Status(
        freshness=fresh,
        lists=lists,
        budget=_budget(window),
        journal=JournalStatus(known.following.serial, known.following.newest) if known.following.checked else None,
        pause=_pause(known, window, now),
        failures=tuple(
            FailureStatus(name, failure.times, failure.reason, moment(failure.not_before))
            for name, failure in sorted(known.failures.items())
        ),
        next_calls=tuple(_next_calls(known, window.allowance, now)),
    )


def as_json(found: Status | None, *, with_holder: bool = True) -> dict[str, Any]:
    """A status as JSON has it. Without the holder, it does not tell the name of this machine."""
    if found is None:
        return {"upstream": None}
    fresh = found.freshness
    syncing: dict[str, Any] | None = None
    if fresh.holder:
        syncing = {"since": _time(fresh.holder.since)} | ({"holder": fresh.holder.name} if with_holder else {})
    return {
        "upstream": fresh.upstream,
        "began_at": _time(fresh.began_at),
        "answered_at": _time(fresh.answered_at),
        "syncing": syncing,
        "lists_complete": fresh.complete,
        "first_walks": {
            "complete": fresh.first_walks.are_complete,
            "calls_left": fresh.first_walks.calls_left,
            "seconds_left": fresh.first_walks.seconds_left,
        },
        "lists": [_list_as_json(each) for each in found.lists],
        "budget": {
            "limit": found.budget.limit,
            "seconds": found.budget.seconds,
            "left": found.budget.left,
            "next_free_at": _time(found.budget.free_at),
        },
        "journal": found.journal and {"serial": found.journal.serial, "newest": found.journal.newest},
        "pause": found.pause and {"until": _time(found.pause.until), "reason": found.pause.reason},
        "failures": [
            {"call": each.call, "times": each.times, "reason": each.reason, "not_before": _time(each.not_before)}
            for each in found.failures
        ],
        "next_calls": [
            {"at": _time(each.at), "path": each.path, "id": each.key or None, "reason": each.reason} for each in found.next_calls
        ],
    }


def _list_as_json(one: ListStatus) -> dict[str, Any]:
    return {
        "path": one.path,
        "stored": one.stored,
        "upstream_count": one.count,
        "completed_at": _time(one.completed_at),
        "missed": one.missed,
        "walk_share": None if one.share is None else round(one.share, 3),
        "oldest_observation": _time(one.oldest),
        "refused": one.refused,
        "deleted": one.deleted,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else format_date_time(at.replace(microsecond=0))


def _lists(server: str, known: Known) -> tuple[ListStatus, ...]:
    targets = whole_lists()
    held = holdings({each.path: listed(DEFAULT.resources[each.path].shape_in(NORMAL)) for each in targets})
    refused = counts(server)
    return tuple(_list(each, known, held[each.path], refused.get(each.path, 0)) for each in targets)


def _list(target: Target, known: Known, held: Holding, refused: int) -> ListStatus:
    sweep = known.sweep(target.path)
    return ListStatus(
        path=target.path,
        stored=held.rows,
        count=sweep.count,
        completed_at=completed_at(known, target),
        missed=sweep.short,
        share=_share(known, target),
        oldest=held.oldest,
        refused=refused,
        deleted=held.deleted,
    )


def _share(known: Known, target: Target) -> float | None:
    """How much of the running walk is behind: through the list, or before its end the first time through its parts."""
    own = known.sweep(target.path)
    walks: Iterable[Target] = [target] if own.began is not None else walks_of(target)
    sweeps = [known.sweep(each.path) for each in walks]
    if all(each.began is None for each in sweeps) and not 0 < sum(each.last_ended is not None for each in sweeps) < len(sweeps):
        return None
    pages = [pages_of(known, each) for each in walks]
    behind = (
        min(sweep.walked / LARGEST_LIMIT, of) if sweep.began is not None else of * (sweep.last_ended is not None)
        for sweep, of in zip(sweeps, pages, strict=True)
    )
    return sum(behind) / sum(pages)


def _budget(window: Window) -> BudgetStatus:
    limit = window.allowance.limit
    return BudgetStatus(limit, None if limit is None else window.allowance.seconds, window.left, window.free_at)


def _pause(known: Known, window: Window, now: datetime) -> PauseStatus | None:
    """Why nothing is asked for now: the plan waits for an upstream that fails, or upstream wants no call."""
    if known.pause is not None and known.pause.until > now.timestamp():
        return PauseStatus(moment(known.pause.until), known.pause.reason)
    if window.not_before is not None and window.not_before > now:
        return PauseStatus(window.not_before, "the upstream wants no call before")
    return None


def _next_calls(known: Known, allowance: Allowance, now: datetime) -> Iterable[NextCall]:
    for call in islice(forecast(known, allowance, now.timestamp(), HORIZON), NEXT_CALLS):
        yield NextCall(moment(call.at), call.path, call.key, call.reason)
