"""An upstream in memory for tests of the plan of calls: lists of rows that change at times drawn from a seed, and replies.

A row has no content but a version: whoever has the newest version of each row has the same catalogue. What only the detail of a
row shows has a version of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from math import ceil
from random import Random
from typing import TypeAlias

from launchledger.sync.state import Call, Failed, Found, Gone, Page, Reply, Throttled, Use, What
from launchledger.sync.targets import ABOUT, ABOUT_A_CHOICE_LIST, facts_of_details, targets

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
BEGIN = 1_790_000_000.0  # in September 2026

Key: TypeAlias = tuple[str, str]  # the path of a whole list, and an id

MINUTES, DAYS, MONTHS = 1, 5, 7  # precisions
GO, TBD, SUCCESS, FLYING = 1, 2, 3, 6  # statuses


@dataclass(slots=True)
class Row:
    key: str
    created: float
    name: str
    at: float = 0.0  # net or date
    precision: int = MINUTES
    status: int = GO
    stamp: float | None = None
    version: int = 0
    detail: int = 0


@dataclass(slots=True)
class Change:
    """One change: when, of what, and how urgent it was to notice it."""

    at: float
    what: Key
    urgency: str
    version: int


# Changes a day of each list: edited, new, deleted. Launches near their time change much more often in addition.
RATES = {"launch": (30.0, 5.0, 0.7), "event": (6.0, 1.0, 0.3), "updates": (4.0, 12.0, 0.5)}
OTHER_RATES = (4.0, 0.5, 0.15)
LAUNCHES_A_DAY = 0.9
SILENT = 0.15  # the share of edits of launches and events that leave `last_updated` as it was


@dataclass
class VirtualUpstream:
    """Its lists, the changes that are to come, and what changed so far. `scale` is the size of its lists, 1 for upstream's."""

    seed: int
    scale: float = 1.0
    lively: bool = True
    now: float = BEGIN
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._sorted: dict[tuple[str, str], list[Row]] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        for target in targets().values():
            if target.path == target.whole:
                about = ABOUT.get(target.path, ABOUT_A_CHOICE_LIST) if not target.is_page else 1
                self.rows[target.path] = {}
                for _ in range(max(1, round(about * self.scale)) if about > ABOUT_A_CHOICE_LIST else about):
                    self._new(target.path, at_start=True)
        if self.lively:
            for path in self.rows:
                self._schedule_changes(path)

    # -- changes -------------------------------------------------------------------------------------------------------------

    def pass_time(self, to: float) -> None:
        """Let everything happen that happens until then."""
        while self._events and self._events[0][0] <= to:
            self.now, _, happens = heappop(self._events)
            if self.lively:
                happens()
        self.now = max(self.now, to)

    def _plan(self, at: float, happens: Callable[[], None]) -> None:
        self._number += 1
        heappush(self._events, (at, self._number, happens))

    def _schedule_changes(self, path: str) -> None:
        if targets()[path].is_page:
            return
        rates = RATES.get(path, OTHER_RATES)
        if path.startswith("config/") and ABOUT.get(path) is None:
            rates = (0.1, 0.03, 0.01)
        for rate, happens in zip(rates, (self._edit_any, self._new, self._delete_any), strict=True):
            self._repeat(rate, path, happens)

    def _repeat(self, rate: float, path: str, happens: Callable[[str], None]) -> None:
        def again() -> None:
            happens(path)
            self._plan(self.now + self.random.expovariate(rate / DAY), again)

        self._plan(self.now + self.random.expovariate(rate / DAY), again)

    def _new(self, path: str, at_start: bool = False) -> None:
        self._number += 1
        random = self.random
        key = f"{random.getrandbits(128):032x}" if path == "launch" else f"{self._number:08}"
        past = random.uniform(0, 4_000 * DAY) if at_start else 0.0
        row = Row(key, self.now - past, f"{random.getrandbits(24):06x}")
        if path in ("launch", "event"):
            row.stamp = float(int(row.created))
            self._settle(path, row, at_start)
        self.rows[path][key] = row
        self._forget(path)
        if not at_start:
            self._note(path, row, self.urgency(path, row))

    def _settle(self, path: str, row: Row, at_start: bool) -> None:
        """Give a launch or an event a time: most are past; some ahead are certain, and most vague."""
        random = self.random
        ahead = self.scale * (450 if path == "launch" else 40)
        total = self.scale * ABOUT[path]
        if at_start and len(self.rows[path]) >= ahead and total > ahead:
            row.at, row.status = self.now - random.uniform(DAY, 6_000 * DAY), SUCCESS
            return
        if random.random() < (0.1 if at_start else 0.5):
            days = random.uniform(0.1, ahead * 0.1 / LAUNCHES_A_DAY if at_start else 25)
            row.at, row.precision = self.now + days * DAY, MINUTES
            if path == "launch":
                self._fly(row)
        else:
            row.at, row.precision, row.status = self.now + random.uniform(20 * DAY, 700 * DAY), MONTHS, TBD

    def _fly(self, row: Row) -> None:
        """What happens to a launch around its time, as long as it does not slip."""
        random, net = self.random, row.at
        edits = [net - random.uniform(HOUR, DAY) for _ in range(4)] + [net - random.uniform(0, HOUR) for _ in range(3)]
        for time in edits:
            if time > self.now:
                self._plan(time, lambda: self._edit_at(row, net))
        if random.random() < 0.4:
            before = random.choice((random.uniform(0, HOUR), random.uniform(0, DAY)))
            self._plan(max(net - before, self.now), lambda: self._slip(row, net))
        self._plan(net + random.uniform(0, 2 * MINUTE), lambda: self._status(row, net, FLYING))
        self._plan(net + random.uniform(5 * MINUTE, 70 * MINUTE), lambda: self._status(row, net, SUCCESS))

    def _edit_at(self, row: Row, net: float) -> None:
        if row.at == net:
            self._change("launch", row, silent=False)

    def _slip(self, row: Row, net: float) -> None:
        if row.at == net and row.status == GO and row.key in self.rows["launch"]:
            urgency = self.urgency("launch", row)
            row.at += self.random.choice((self.random.uniform(10 * MINUTE, 3 * HOUR), DAY, 2 * DAY))
            self._change("launch", row, silent=False, urgency=urgency)
            self._fly(row)

    def _status(self, row: Row, net: float, status: int) -> None:
        if row.at == net and row.key in self.rows["launch"]:
            urgency = self.urgency("launch", row)
            row.status = status
            self._change("launch", row, silent=False, urgency=urgency)

    def _edit_any(self, path: str) -> None:
        row = self._any(path)
        if row is None:
            return
        if path in facts_of_details() and self.random.random() < 0.3:
            row.detail += 1
            self.changes.append(Change(self.now, (path, row.key), "details", row.detail))
            return
        urgency = self.urgency(path, row)
        if path == "event" and self.random.random() < 0.2:
            row.at += self.random.uniform(-DAY, 9 * DAY)
            self._forget(path)
        self._change(path, row, silent=self.random.random() < SILENT, urgency=urgency)

    def _delete_any(self, path: str) -> None:
        row = self._any(path)
        if row is not None and len(self.rows[path]) > 1:
            del self.rows[path][row.key]
            self._forget(path)
            self.changes.append(Change(self.now, (path, row.key), "deleted", -1))

    def _any(self, path: str) -> Row | None:
        rows = self._in_order(path, "id")
        if path in ("launch", "event") and self.random.random() < 0.7:  # what is ahead is edited most
            rows = [row for row in rows if row.at > self.now]
        return self.random.choice(rows) if rows else None

    def _change(self, path: str, row: Row, *, silent: bool, urgency: str = "") -> None:
        if row.key not in self.rows[path]:
            return
        if row.stamp is not None and not silent:
            row.stamp = float(int(self.now))
        self._note(path, row, "anything else" if silent else urgency or self.urgency(path, row))

    def _note(self, path: str, row: Row, urgency: str) -> None:
        row.version += 1
        self.changes.append(Change(self.now, (path, row.key), urgency, row.version))

    def urgency(self, path: str, row: Row) -> str:
        """The bar that a change of this row is held to."""
        if path == "launch" and row.precision < MONTHS:
            away = abs(row.at - self.now)
            if away <= HOUR and row.status != SUCCESS:
                return "within 1 h"
            if away <= DAY:
                return "within 24 h"
        return "other launches and events" if path in ("launch", "event") else "anything else"

    # -- replies -------------------------------------------------------------------------------------------------------------

    def _forget(self, path: str) -> None:
        for order in ("id", "created_on", "date", "name"):
            self._sorted.pop((path, order), None)

    def _in_order(self, path: str, order: str) -> list[Row]:
        found = self._sorted.get((path, order))
        if found is None:
            found = list(self.rows[path].values())
            by: dict[str, Callable[[Row], object]] = {
                "id": lambda row: row.key,
                "created_on": lambda row: (row.created, row.key),
                "date": lambda row: (row.at, row.key),
                "name": lambda row: (row.name, row.key),
            }
            found.sort(key=by[order])  # type: ignore[arg-type]
            self._sorted[path, order] = found
        return found

    def least_calls(self) -> int:
        return sum(ceil(len(rows) / 100) for rows in self.rows.values())

    def found(self, call: Call, shift: int = 0) -> tuple[Reply, list[Row]]:
        """The right reply to a call, and the rows in it. `shift` moves the rows of a page, as a fault does."""
        parameters = dict(call.parameters)
        path, _, part = call.path.rpartition("/")
        if part not in ("upcoming", "previous"):
            path, part = call.path, ""
        if call.path == "api-throttle":
            return Use(), []
        if call.what is What.CHANGES:  # it has no journal
            return Gone(), []
        if call.key or targets()[call.path].is_page:
            rows = self.rows[path]
            row = rows.get(call.key) if call.key else next(iter(rows.values()))
            return (Found(), [row]) if row else (Gone(), [])
        found = self._selected(path, part, parameters)
        start = max(call.offset + shift, 0)
        rows_of_page = found[start : start + call.limit]
        more = call.offset + call.limit < len(found)
        keys = tuple(row.key for row in rows_of_page)
        return Page(len(found), more, keys, stamps=tuple(row.stamp for row in rows_of_page)), rows_of_page

    def _selected(self, path: str, part: str, parameters: dict[str, str]) -> list[Row]:
        order = parameters.get("ordering", "id")
        if order == "-last_updated":
            since = _seconds(parameters.get("last_updated__gte", "1970-01-01T00:00:00Z"))
            changed = [row for row in self.rows[path].values() if (row.stamp or 0.0) >= since]
            return sorted(changed, key=lambda row: (-(row.stamp or 0.0), row.key))
        rows = self._in_order(path, order)
        if part == "upcoming":
            return [row for row in rows if row.at >= self.now - DAY]
        return [row for row in rows if row.at <= self.now] if part else rows


FAULTS = ("429", "500", "502", "503", "html", "time-out", "cut", "invalid", "reset", "count", "moved", "repeated", "empty")


def faulty(upstream: VirtualUpstream, call: Call, fault: str) -> tuple[Reply, list[Row]]:
    """The reply to a call that a fault hits, as the sandbox has them."""
    reply, rows = upstream.found(call)
    if fault == "429":
        return Throttled(900.0), []
    if not isinstance(reply, Page) or FAULTS.index(fault) < FAULTS.index("count"):
        return Failed(fault), []
    match fault:
        case "count":
            return Page(reply.count + 7, reply.more, reply.keys, stamps=reply.stamps), rows
        case "empty":
            return Page(reply.count, reply.more, ()), []
    shifted, rows = upstream.found(call, 1 if fault == "moved" else -1)
    assert isinstance(shifted, Page)
    return Page(reply.count, reply.more, shifted.keys, stamps=shifted.stamps), rows


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
