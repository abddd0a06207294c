"""How fresh the mirror is: which upstream it follows, when that answered last, and how far the first walks through its lists are.

Promises: one query where nothing was ever synced, and at most four; nothing is written. A list counts as complete when it was
walked through to its end once: `launch` and `event` when both of their parts were, upcoming and previous.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db.models import F
from django.db.models.functions import Coalesce

from launchledger.sync.budget import Budget, Window
from launchledger.sync.models import Lease, PlanState
from launchledger.sync.plan import pages_left
from launchledger.sync.servers import host_of, may_be_unlimited
from launchledger.sync.state import Known, known_from_json
from launchledger.sync.store import moment
from launchledger.sync.targets import Target, targets
from launchledger.sync.window import AT_ONCE


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that syncs: its number and machine, and since when."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FirstWalks:
    """How far the first walks through all lists are.

    `calls_left` are those that they still need, about, and `seconds_left` how long that takes while somebody syncs: None if the
    upstream does not throttle, because then it depends on its speed.
    """

    calls_left: int
    seconds_left: int | None

    @property
    def are_complete(self) -> bool:
        return not self.calls_left


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the mirror of one upstream is, which is named by its scheme, host and port.

    `began_at` is when it was first asked, and `answered_at` when the newest reply came that was taken in. `complete` of its
    `lists` were walked through to the end.
    """

    upstream: str
    began_at: datetime
    answered_at: datetime | None
    holder: Holder | None
    complete: int
    lists: int
    first_walks: FirstWalks

    @property
    def host(self) -> str:
        """The host of the upstream, with its port if it has one."""
        return self.upstream.partition("://")[2]


def answered_at() -> datetime | None:
    """When the newest reply of any upstream came that was taken in; None if there was none. One query."""
    newest = PlanState.objects.filter(answered_at__isnull=False).order_by("-answered_at").values_list("answered_at", flat=True)
    return newest.first()


def freshness(now: datetime) -> Freshness | None:
    """How fresh the mirror is; None if nothing was ever synced. Of several upstreams it is about the one that answered last."""
    row = newest_plan()
    if row is None:
        return None
    known = known_from_json(row.known)
    left = pages_left(known)
    return freshness_of(row, known, budget_of(row.server_id).window() if left else None, now)


def freshness_of(row: PlanState, known: Known, window: Window | None, now: datetime) -> Freshness:
    """How fresh the mirror is that this plan is for; the window is only needed while first walks are left."""
    walked = [completed_at(known, target) is not None for target in whole_lists()]
    left = pages_left(known)
    return Freshness(
        upstream=row.server_id,
        began_at=row.began_at,
        answered_at=row.answered_at,
        holder=holder(now),
        complete=sum(walked),
        lists=len(walked),
        first_walks=FirstWalks(left, _seconds_left(known, left, window, now)),
    )


def newest_plan() -> PlanState | None:
    """The plan for the upstream that answered last, or that was asked first if none answered."""
    return PlanState.objects.order_by(Coalesce("answered_at", "began_at").desc(), F("began_at").desc()).first()


def budget_of(server: str) -> Budget:
    """The budget of an upstream by its name."""
    return Budget(server, may_be_unlimited=may_be_unlimited(host_of(server)))


def holder(now: datetime) -> Holder | None:
    """Who syncs; None if nobody does, or if the lease was not renewed."""
    row = Lease.objects.exclude(token="").filter(expires_at__gt=now).first()
    return None if row is None else Holder(row.holder, row.since)


def whole_lists() -> list[Target]:
    """The lists that are walked through, without parts such as launch/upcoming."""
    return [target for target in targets().values() if target.path == target.whole and not target.is_page]


def walks_of(target: Target) -> list[Target]:
    """The first walks through a list: through itself, or through its parts."""
    return [each for each in targets().values() if each.whole == target.path and each.first]


def completed_at(known: Known, target: Target) -> datetime | None:
    """When a list was last walked through to its end; None if it never was."""
    ended = known.sweep(target.path).last_ended
    if ended is None:
        parts = [known.sweep(each.path).last_ended for each in walks_of(target)]
        if None in parts:
            return None
        ended = max(filter(None, parts), default=None)
    return None if ended is None else moment(ended)


def _seconds_left(known: Known, calls_left: int, window: Window | None, now: datetime) -> int | None:
    """How long so many calls take: some are made at once, and the others spread over the allowance."""
    if not calls_left:
        return 0
    if window is None or (allowance := window.allowance).limit is None:
        return None
    if not allowance.limit:
        return None
    at_once = max(int(allowance.limit * AT_ONCE) - len(allowance.calls), 0)
    spread = max(calls_left - at_once, 0) * allowance.seconds / allowance.limit
    start = max([now, *([moment(known.pause.until)] if known.pause else []), *([window.not_before] if window.not_before else [])])
    return ceil(spread + (start - now).total_seconds())
