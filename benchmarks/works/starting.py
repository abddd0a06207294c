"""From the command to the first reply, with an existing catalogue and its files in the system's cache."""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import Question, ask
from benchmarks.catalogues import ROOT, catalogue_copy, catalogue_file
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.processes import NotAnswering, Tree, running
from benchmarks.questions import Questions
from tools.ports import free_port

BAR = 1.5  # seconds
_LONGEST = 30.0


def measure(effort: Effort) -> Findings:
    found = Findings()
    question = Questions(catalogue_file(1)).hot_details()[0]
    with catalogue_copy(1) as url:
        _start(url, question)  # once, because the first start does more
        starts = [_start(url, question) for _ in range(effort.rounds)]
    found.within("start to first reply", statistics.median(wall for wall, _ in starts), "s", BAR)
    found.record(Figure("start to first reply, CPU", statistics.median(cpu for _, cpu in starts), "s CPU"))
    return found


def _start(url: str, question: Question) -> tuple[float, float]:
    """Seconds of wall and CPU time until a detail is answered with 200."""
    port = free_port()
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        begin = time.monotonic()
        words = [sys.executable, "-m", "launchledger", "serve", "--port", str(port)]
        with running(words, log, environment={"DATABASE_URL": url}, folder=ROOT, pinned=False) as process:
            while time.monotonic() - begin < _LONGEST and process.poll() is None:
                with suppress(OSError):
                    if ask(port, question).status == 200:
                        return time.monotonic() - begin, Tree(process.pid).cpu()
                time.sleep(0.005)
            raise NotAnswering(f"launchledger serve did not answer: {log.read_text(errors='replace')[-500:]}")
