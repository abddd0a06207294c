"""Reads while a writer commits ten times a second to what is being read, beside the same reads without it."""

from __future__ import annotations

import statistics
import sys
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import Refused, ask_all
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.keeping import ROOT, SETTINGS, copied, kept
from benchmarks.measuring import Figure
from benchmarks.processes import running
from benchmarks.questions import Questions
from benchmarks.servers import launchledger
from benchmarks.works.writer import MARK
from benchmarks.wrk import Load, stream

BAR = 5.0  # times the 99th percentile without writing
_CONNECTIONS = 4


def measure(effort: Effort) -> Findings:
    found = Findings()
    asked = Questions(kept(1)).hot_details()
    loads: dict[bool, list[Load]] = {False: [], True: []}
    commits = []
    with copied(1) as url, launchledger(url) as ours, TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        ask_all(ours.port, asked)
        words = [sys.executable, "-m", "benchmarks.works.writer"]
        environment = {**SETTINGS, "DATABASE_URL": url}
        for number in range(effort.rounds):
            for writing in (False, True) if number % 2 else (True, False):
                with running(words, log, environment=environment, folder=ROOT, pinned=False) if writing else nullcontext():
                    if writing:
                        _await_first_commit(log)
                    begun = _commits(log) if writing else 0
                    load = stream(ours.port, asked, seconds=effort.seconds * 2, connections=_CONNECTIONS)
                    loads[writing].append(load)
                    if writing:
                        commits.append((_commits(log) - begun) / load.seconds)
        if not any(MARK.encode() in reply.body for reply in ask_all(ours.port, asked)):
            raise Refused("what the writer wrote is not in the replies")
    _tell(found, loads, commits)
    return found


def _tell(found: Findings, loads: dict[bool, list[Load]], commits: list[float]) -> None:
    without, while_writing = (statistics.median(load.p99 for load in loads[writing]) for writing in (False, True))
    found.tell(Figure("commits a second while reading", statistics.median(commits), "/s"))
    for name, writing in (("without writing", False), ("while writing", True)):
        found.tell(Figure(f"reads {name}: 99th percentile", statistics.median(load.p99 for load in loads[writing]), "ms"))
        rate = statistics.median(load.requests / load.seconds for load in loads[writing])
        found.tell(Figure(f"reads {name}: requests a second", rate, "/s"))
    found.within("reads while writing: 99th percentile against without", while_writing / without, "x", BAR)


def _commits(log: Path) -> int:
    return log.read_bytes().count(b"committed\n")


def _await_first_commit(log: Path) -> None:
    import time

    end = time.monotonic() + 20
    while not _commits(log):
        if time.monotonic() > end:
            raise Refused(f"the writer does not write: {log.read_text(errors='replace')[-400:]}")
        time.sleep(0.02)
