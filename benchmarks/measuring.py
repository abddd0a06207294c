"""Measurements: CPU time of whole processes, medians of several runs, peak memory by the system's count."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with its bar; `good` is None without a bar."""

    name: str
    value: float
    unit: str
    bar: str = ""
    good: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "met", False: "MISSED"}[self.good]
        return f"{self.name:<58} {self.value:>12,.2f} {self.unit:<12} {self.bar:<10} {verdict}"


@dataclass(frozen=True, slots=True)
class Run:
    """The cost of one process: seconds of wall and CPU time, and its peak of resident memory in bytes."""

    wall: float
    cpu: float
    peak: int


def run_process(arguments: list[str], database: str) -> Run:
    """Run the command `launchledger` to its end and measure its cost."""
    environment = {**os.environ, "DATABASE_URL": database}
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "launchledger", *arguments], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"launchledger {' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    unit = 1 if platform.system() == "Darwin" else 1024
    return Run(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def cpu_median(work: Callable[[], object], *, times: int, rounds: int = 5) -> float:
    """The CPU seconds of one call: the median over rounds, after a round that is not counted."""
    costs = []
    for _ in range(rounds + 1):
        begin = time.process_time()
        for _ in range(times):
            work()
        costs.append((time.process_time() - begin) / times)
    return statistics.median(costs[1:])


def save(name: str, figures: list[Figure]) -> Path:
    """Write the figures of one benchmark as JSON, with facts about the machine."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    file.write_text(
        json.dumps({"machine": machine, "figures": [asdict(figure) for figure in figures]}, indent=2) + "\n", encoding="utf-8"
    )
    return file
