"""A mirror in memory that does what the plan of calls says, on a virtual clock: how soon it notices each change is measured."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from heapq import nsmallest
from random import Random
from statistics import median
from time import process_time

from launchledger.sync.advancing import absent, advance, settles
from launchledger.sync.plan import first_walks_left, next_call
from launchledger.sync.state import Ahead, Allowance, Call, Failed, Gone, Known, Page, Reply, Single, What, known_from_json
from launchledger.sync.targets import facts_of_details, targets
from tests.support.virtual_upstream import DAY, FAULTS, HOUR, Change, Key, Row, VirtualUpstream, faulty

LATENCY = (0.2, 3.0)  # seconds from the record of a call until upstream sees it, and as long again until its reply is there
TIME_OUT = 60.0


@dataclass
class VirtualMirror:
    """Rows by path and key as (version, version of the detail, time, precision, status), and what the plan knows."""

    upstream: VirtualUpstream
    seed: int = 0
    limit: int | None = 15
    faults: float = 0.0
    kills: float = 0.0
    known: Known = field(default_factory=Known)
    calls: list[float] = field(default_factory=list)  # as recorded
    arrivals: list[float] = field(default_factory=list)  # as upstream sees them
    by_what: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    log: list[tuple[float, Call, Reply]] = field(default_factory=list)
    bootstrap_calls: int | None = None
    bootstrap_sweeps: int = 0
    bootstrap_time: float = 0.0
    planning: float = 0.0  # CPU seconds

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.now = self.began = self.upstream.now
        self.stored: dict[str, dict[str, tuple[int, int, float, int, int]]] = {path: {} for path in self.upstream.rows}
        self.known = replace(self.known, seed=self.seed)
        self.seen: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.observed: dict[Key, float] = {}
        self.asked: dict[Key, float] = {}
        self.near: dict[Key, Ahead] = {}
        self._pending: dict[Key, list[Change]] = defaultdict(list)
        self._noted = 0

    # -- running -------------------------------------------------------------------------------------------------------------

    def run(self, until: float, *, since: float | None = None, only: Collection[str] = (), most: int = 1_000_000) -> int:
        """Make the calls that come until then; with `since`, until everything was asked since. Return how many were made."""
        made = 0
        while made < most and not (since is not None and self.is_fresh(since, only)):
            self._read_catalogue()
            before = process_time()
            call = next_call(self.now, self.known, self.allowance(), since=since, only=only)
            self.planning += process_time() - before
            if call is None or call.at > until:
                break
            self.now = max(self.now, call.at)
            self._make(call)
            made += 1
            if self.bootstrap_calls is None and not first_walks_left(self.known, only=only):
                self.bootstrap_calls, self.bootstrap_time = len(self.calls), self.now - self.began
                self.bootstrap_sweeps = self.by_what[What.SWEEP]
        if since is None and made < most:
            self.now = max(self.now, until)
        return made

    def allowance(self) -> Allowance:
        window = Allowance(self.limit).window
        return Allowance(self.limit, calls=tuple(time for time in self.calls[-(self.limit or 1) :] if time > self.now - window))

    def is_fresh(self, since: float, only: Collection[str] = ()) -> bool:
        """Whether every list and detail was asked since then, and nothing waits."""
        lists = [
            target for target in targets().values() if target.again and (not only or {target.path, target.whole} & set(only))
        ]
        details = [(path, key) for path in facts_of_details() for key in self.stored[path] if not only or path in only]
        return (
            all((self.known.sweep(target.path).last_began or 0.0) >= since for target in lists)
            and all(self.asked.get(each, 0.0) >= since for each in details)
            and not self.known.singles
        )

    def _make(self, call: Call) -> None:
        if call.counts:
            self.calls.append(self.now)
        self.by_what[call.what] += 1
        asked, self.now = self.now, self.now + self.random.uniform(*LATENCY)
        self.upstream.pass_time(self.now)
        if call.counts:
            self.arrivals.append(self.now)
        reply, rows = self.upstream.found(call)
        if self.faults and self.random.random() < self.faults:
            fault = self.random.choice(FAULTS)
            reply, rows = faulty(self.upstream, call, fault)
            self.now += TIME_OUT if fault == "time-out" else 0.0
        taken, self.now = self.now, self.now + self.random.uniform(*LATENCY)
        self._note_changes()
        if self.kills and self.random.random() < self.kills:  # killed before the reply was kept: the call counts, and that is all
            self.restart()
            return
        self.log.append((asked, call, reply))
        self.take(call, reply, rows, asked, taken)
        if self.kills:
            self.known = known_from_json(json.loads(json.dumps(asdict(self.known))))

    def restart(self) -> None:
        self.known = replace(known_from_json(json.loads(json.dumps(asdict(self.known)))), ask_use=True)

    def take(self, call: Call, reply: Reply, rows: list[Row], asked: float, taken: float) -> None:
        """Take a reply into the catalogue, and let the plan know."""
        whole = targets()[call.path].whole if call.path in targets() else call.path
        for row in rows:
            self._store(whole, row, taken, detail=bool(call.key))
        if isinstance(reply, Gone) and call.key:
            self._delete((whole, call.key), taken)
        if call.what is What.DETAIL and settles(self.known, call, reply):
            self.asked[whole, call.key] = asked
        if isinstance(reply, Page):
            seen = self.seen[call.path, call.number]
            fresh = set(reply.keys) - seen
            seen |= fresh
            reply = replace(reply, fresh=len(fresh))
        self.known = advance(self.known, call, reply, asked)
        for path, sweep in self.known.sweeps.items():
            if sweep.compare:
                self.known = absent(self.known, path, self._unseen(path))

    def _unseen(self, path: str) -> list[str]:
        target, sweep = targets()[path], self.known.sweep(path)
        began = sweep.last_began or 0.0
        seen = self.seen.pop((path, sweep.number), set())
        return [
            key
            for key, row in self.stored[target.whole].items()
            if key not in seen
            and self.observed[target.whole, key] < began
            and (not target.is_upcoming or row[2] >= self.now - DAY)
        ]

    # -- the catalogue -------------------------------------------------------------------------------------------------------

    def _read_catalogue(self) -> None:
        self.near = {key: one for key, one in self.near.items() if one.at > self.now - 3 * DAY}
        ahead = tuple(one for one in self.near.values() if one.at < self.now + 3 * DAY)
        waiting = ((self.asked.get((path, key), 0.0), path, key) for path in facts_of_details() for key in self.stored[path])
        details = tuple(
            Single(path, key, f"{path}: facts that no list shows", asked or None) for asked, path, key in nsmallest(5, waiting)
        )
        self.known = replace(self.known, ahead=ahead, details=details)

    def _store(self, path: str, row: Row, at: float, *, detail: bool) -> None:
        old = self.stored[path].get(row.key)
        shown = row.detail if detail or path not in facts_of_details() else old[1] if old else -1
        self.stored[path][row.key] = (row.version, shown, row.at, row.precision, row.status)
        self.observed[path, row.key] = at
        if path in ("launch", "event") and row.at > self.now - 3 * DAY:
            self.near[path, row.key] = Ahead(path, row.key, row.at, row.precision, row.status)
        else:
            self.near.pop((path, row.key), None)
        pending = self._pending.get((path, row.key))
        if pending:
            left = []
            for change in pending:
                if change.at <= at and (change.urgency != "details" or detail):
                    self.ages[change.urgency].append(at - change.at)
                else:
                    left.append(change)
            self._pending[path, row.key] = left

    def _delete(self, what: Key, at: float) -> None:
        self.stored[what[0]].pop(what[1], None)
        self.near.pop(what, None)
        for change in self._pending.pop(what, []):
            if change.urgency == "deleted":
                self.ages["deleted"].append(at - change.at)

    def _note_changes(self) -> None:
        for change in self.upstream.changes[self._noted :]:
            if change.urgency == "deleted" and change.what[1] not in self.stored[change.what[0]]:
                self._pending.pop(change.what, None)  # it was never seen
            elif self.bootstrap_calls is not None:
                self._pending[change.what].append(change)
        self._noted = len(self.upstream.changes)

    # -- what came of it -----------------------------------------------------------------------------------------------------

    def waiting(self) -> dict[str, list[float]]:
        """How long changes wait that were not noticed yet."""
        found: dict[str, list[float]] = defaultdict(list)
        for what, changes in self._pending.items():
            for change in changes:
                gone = change.urgency != "deleted" and what[1] not in self.upstream.rows[what[0]]
                if not gone:
                    found[change.urgency].append(self.now - change.at)
        return found

    def differences(self) -> list[Key]:
        """The rows that differ from upstream's, are missing, or should not be there."""
        found = []
        for path, rows in self.upstream.rows.items():
            expected = {key: (row.version, row.detail) for key, row in rows.items()}
            stored = {key: row[:2] for key, row in self.stored[path].items()}
            found += [(path, key) for key in expected.keys() | stored.keys() if expected.get(key) != stored.get(key)]
        return found

    def most_in_an_hour(self) -> int:
        """The most calls that upstream saw in any sliding hour."""
        most = first = 0
        for position, time in enumerate(self.arrivals):
            while self.arrivals[first] <= time - HOUR:
                first += 1
            most = max(most, position - first + 1)
        return most


@dataclass(frozen=True)
class Measured:
    """The figures of a run, in minutes and hours where they are times."""

    days: float
    calls: int
    most_in_an_hour: int
    least_calls: int
    bootstrap_calls: int
    bootstrap_sweeps: int
    bootstrap_hours: float
    ages: dict[str, tuple[int, float, float]]  # how many changes, the median age and the oldest, in seconds
    waiting: dict[str, float]
    differences: int
    quiet_hours: float
    failed: int
    by_what: dict[str, int]
    planning: float


def measure(
    days: float,
    *,
    seed: int = 1,
    faults: float = 0.0,
    kills: float = 0.0,
    scale: float = 1.0,
    limit: int = 15,
    quiet_limit: int | None = None,
) -> Measured:
    """Let a mirror follow a lively upstream for some days, and then ask it for everything once while nothing changes."""
    upstream = VirtualUpstream(seed, scale)
    least = upstream.least_calls()
    mirror = VirtualMirror(upstream, seed, limit, faults, kills)
    mirror.run(mirror.now + days * DAY)
    waiting = {urgency: max(ages) for urgency, ages in mirror.waiting().items()}
    ages = {urgency: (len(ages), median(ages), max(ages)) for urgency, ages in mirror.ages.items()}
    most = mirror.most_in_an_hour()
    made = len(mirror.calls)
    upstream.lively = False
    quiet, mirror.limit = mirror.now, quiet_limit
    mirror.run(quiet + 60 * DAY, since=quiet)
    return Measured(
        days,
        made,
        most,
        least,
        mirror.bootstrap_calls or 0,
        mirror.bootstrap_sweeps,
        mirror.bootstrap_time / HOUR,
        ages,
        waiting,
        len(mirror.differences()),
        (mirror.now - quiet) / HOUR,
        sum(isinstance(reply, Failed) for _, _, reply in mirror.log),
        dict(mirror.by_what),
        mirror.planning,
    )
