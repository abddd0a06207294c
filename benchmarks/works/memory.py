"""The memory of a worker after every kind of work, at ten times upstream's size.

Mapped pages of the database are counted separately: workers share them, and the system reclaims them when it needs memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.catalogues import catalogue_copy, catalogue_file
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.questions import Questions
from benchmarks.servers import Server, launchledger
from benchmarks.wrk import each_once

BAR = 200  # MB beyond the database's pages
SCALE = 10


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in MB: resident, with its share of shared pages, and pages of the database's files."""

    resident: float
    proportional: float
    database: float


def measure(effort: Effort) -> Findings:
    found = Findings()
    questions = Questions(catalogue_file(SCALE))
    with catalogue_copy(SCALE) as url, launchledger(url, workers=2) as ours:
        _work(ours, questions, effort)
        processes = {pid: memory_of(pid, Path(url.removeprefix("sqlite:///"))) for pid in ours.tree.pids()}
    parent, *workers = processes.values()
    largest = max(workers or [parent], key=lambda memory: memory.resident)
    found.within(f"memory of a worker at {SCALE}x, beyond the database's pages", largest.resident - largest.database, "MB", BAR)
    for name, value in (
        ("resident", largest.resident),
        ("its share", largest.proportional),
        ("database's pages", largest.database),
    ):
        found.record(Figure(f"the same worker: {name}", value, "MB"))
    if workers:
        found.record(Figure("the process that starts the workers: its share", parent.proportional, "MB"))
    return found


def _work(ours: Server, questions: Questions, effort: Effort) -> None:
    """Enough of everything to fill the caches: distinct lists of a megabyte each fill them fastest."""
    some = 6 if effort.quick else 1
    for asked in (
        questions.details(3_000 // some),
        questions.launch_details(3_000 // some),
        questions.of_spacecraft(300 // some),
        questions.searches(60 // some),
        questions.lists(240 // some),
        questions.launch_lists(120 // some),
    ):
        each_once(ours.port, asked, connections=8)


def memory_of(pid: int, database: Path) -> Memory:
    totals = _kilobytes(Path(f"/proc/{pid}/smaps_rollup").read_text())
    mapped = 0
    counts = False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, _, rest = line.partition(" ")
        if not name.endswith(":"):  # the first line of a mapping: addresses, rights, …, the file
            counts = str(database) in rest
        elif counts and name == "Rss:":
            mapped += int(rest.split()[0])
    return Memory(totals["Rss"] * 1.024e-3, totals["Pss"] * 1.024e-3, mapped * 1.024e-3)


def _kilobytes(text: str) -> dict[str, int]:
    lines = (line.split() for line in text.splitlines()[1:])
    return {words[0].removesuffix(":"): int(words[1]) for words in lines}
