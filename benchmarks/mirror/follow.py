"""`python -m benchmarks.mirror.follow TASK`: a mirror in a process of its own, that follows a sandbox for some virtual days.

It is the syncer of `launchledger sync` on the database of DATABASE_URL, over HTTP. Only time is not real: the mirror's clock and
the sandbox's stand still while anything is computed, and go on together where the mirror waits, and for the latency of each call.
Prints what it measured as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import django

from benchmarks.mirror.control import Control
from benchmarks.processes import Tree

LATENCY = (0.2, 3.0)  # seconds from the record of a call until upstream sees it, and as long again until its reply is there
PROGRESS = 86_400.0


def main(task: dict[str, Any]) -> dict[str, Any]:
    django.setup()
    from launchledger import clock
    from launchledger.database.tables import upgrade_tables

    upgrade_tables()
    with TemporaryDirectory() as folder:
        virtual = clock.VirtualClock(Path(folder) / "clock")
        clock.follow(virtual)
        mirror = Mirror(task, Control(task["url"], Tree(), Path()), virtual)
        mirror.follow()
        return mirror.found


@dataclass
class Mirror:
    """A mirror, its clock, and what was measured so far."""

    task: dict[str, Any]
    control: Control
    clock: Any
    found: dict[str, Any] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)  # CPU seconds of each page of detailed launches in which nothing changed
    least: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.task["seed"])
        self.set(self.task["begin"])
        self.mornings = self.task["begin"] + PROGRESS

    def set(self, to: float) -> None:
        """Set the clock, to whole milliseconds, so that its time is the same as a number and as a date."""
        self.clock.set(round(to, 3), 0)

    def wait(self, seconds: float) -> bool:
        if seconds > 0:
            self.set(self.clock.timestamp() + max(seconds, 0.001))
        return True

    def travel(self) -> None:
        """The way of a request or a reply."""
        self.wait(self.random.uniform(*LATENCY))

    def follow(self) -> None:
        from benchmarks.mirror.judging import ages, differences

        begin, cpu = time.monotonic(), time.process_time()
        self._run(self._until)
        self.found |= {"wall": time.monotonic() - begin, "cpu": time.process_time() - cpu, "calls": self.calls}
        self.found["requests"] = self.control.requests()
        self.found["ages"] = ages(self.task["changes"], self.found.get("bootstrap", {}).get("at"), self.clock.timestamp())
        self.control.call("DELETE", "faults", {})
        self.control.call("POST", "rate", {"rate": None})
        before = len(self.found["requests"])
        for _ in range(2):  # the second sweep has nothing new on any page
            self.pages.clear()
            self._run(self._once)
            self.wait(60)
        self.found["quiet"] = {"calls": len(self.control.requests()) - before}
        self.found["page"] = median(self.pages) if self.pages else None
        self.found["different"] = differences(self.control)

    def _run(self, work: Callable[[Any], None]) -> None:
        from launchledger.sync import running
        from launchledger.sync.running import Syncer

        running.LONGEST_WAIT = PROGRESS  # the lease need not be renewed while no time passes
        self.calls = 0
        syncer = Syncer(_distant(self), journal=False)  # upstream has none, but the sandbox has
        self._time_calls(syncer)
        with syncer.running():
            work(syncer)

    def _until(self, syncer: Any) -> None:
        syncer.sync(self.wait, lambda made: self._note(syncer, made), datetime.fromtimestamp(self.task["until"], UTC))

    def _once(self, syncer: Any) -> None:
        left = syncer.sync_once(self.wait, lambda made: self._note(syncer, made))
        self.found["left"] = None if left is None else left.reason

    def _time_calls(self, syncer: Any) -> None:
        """Note the CPU time of each call of this syncer."""
        make = syncer.make

        def timed(call: Any) -> Any:
            begin = time.process_time()
            made = make(call)
            self.spent = time.process_time() - begin
            return made

        syncer.make = timed

    def _note(self, syncer: Any, made: Any) -> None:
        from launchledger.catalogue.actions import Outcome
        from launchledger.sync.plan import first_walks_left

        self.calls += made.call.counts
        taken = made.taken
        is_page = taken is not None and made.call.path == "launch" and made.outcome == "100 objects"
        if is_page and not any(taken.report.outcomes["launch"][each] for each in Outcome if each is not Outcome.SAME):
            self.pages.append(self.spent)
        if "bootstrap" not in self.found and not first_walks_left(syncer.known()):
            self.found["bootstrap"] = {"calls": self.calls, "at": self.clock.timestamp()}
        if self.clock.timestamp() > self.mornings:
            self.mornings += PROGRESS
            day = (self.clock.timestamp() - self.task["begin"]) / PROGRESS
            print(f"    day {day:.0f}: {self.calls} calls", file=sys.stderr, flush=True)


def _distant(mirror: Mirror) -> Any:
    """An upstream whose requests and replies take their time on the way."""
    from launchledger.sync.upstream import Upstream

    class Distant(Upstream):
        def _ask(self, request: str) -> Any:
            mirror.travel()
            mirror.control.at(mirror.clock.timestamp())
            try:
                return super()._ask(request)
            finally:
                mirror.travel()

    return Distant(mirror.control.url)


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
