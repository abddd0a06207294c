"""Reads while a writer commits ten times a second to the same launches, compared with reads without it.

A third process on two cores takes time from the server and the load. The same writer on another catalogue shows the cost of that
alone.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import Refused, ask_all
from benchmarks.catalogues import ROOT, SETTINGS, catalogue_copy, catalogue_file
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.processes import running
from benchmarks.questions import Questions
from benchmarks.servers import launchledger
from benchmarks.works.writer import MARK
from benchmarks.wrk import Load, stream

BAR = 5.0  # times the 99th percentile without writing
NOBODY, HERE, ELSEWHERE = "without writing", "while writing", "while the same writer writes another catalogue"
_CONNECTIONS = 4


def measure(effort: Effort) -> Findings:
    found = Findings()
    asked = Questions(catalogue_file(1)).hot_details()
    loads: dict[str, list[Load]] = {NOBODY: [], HERE: [], ELSEWHERE: []}
    commits = []
    with catalogue_copy(1) as url, catalogue_copy(1) as other, launchledger(url) as ours, TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        ask_all(ours.port, asked)
        written = {NOBODY: None, HERE: url, ELSEWHERE: other}
        for number in range(effort.rounds):
            for writing in reversed(written) if number % 2 else written:
                with _writer(written[writing], log):
                    begun = _commits(log) if writing != NOBODY else 0
                    load = stream(ours.port, asked, seconds=effort.seconds * 2, connections=_CONNECTIONS)
                    loads[writing].append(load)
                    if writing == HERE:
                        commits.append((_commits(log) - begun) / load.seconds)
        if not any(MARK.encode() in reply.body for reply in ask_all(ours.port, asked)):
            raise Refused("the writer's changes are not in the replies")
    _record(found, loads, commits)
    return found


@contextmanager
def _writer(url: str | None, log: Path) -> Iterator[None]:
    """A writer on this database; none without a database."""
    if url is None:
        yield
        return
    words = [sys.executable, "-m", "benchmarks.works.writer"]
    with running(words, log, environment={**SETTINGS, "DATABASE_URL": url}, folder=ROOT, pinned=False):
        _await_first_commit(log)
        yield


def _record(found: Findings, loads: dict[str, list[Load]], commits: list[float]) -> None:
    found.record(Figure("commits a second while reading", statistics.median(commits), "/s"))
    p99 = {writing: statistics.median(load.p99 for load in some) for writing, some in loads.items()}
    for writing, some in loads.items():
        found.record(Figure(f"reads {writing}: 99th percentile", p99[writing], "ms"))
        found.record(
            Figure(f"reads {writing}: requests a second", statistics.median(load.requests / load.seconds for load in some), "/s")
        )
    found.within("reads while writing: 99th percentile against without", p99[HERE] / p99[NOBODY], "x", BAR)
    found.record(Figure("reads while writing: against the same writer elsewhere", p99[HERE] / p99[ELSEWHERE], "x"))


def _commits(log: Path) -> int:
    return log.read_bytes().count(b"committed\n")


def _await_first_commit(log: Path) -> None:
    import time

    end = time.monotonic() + 20
    while not _commits(log):
        if time.monotonic() > end:
            raise Refused(f"the writer made no commit: {log.read_text(errors='replace')[-400:]}")
        time.sleep(0.02)
