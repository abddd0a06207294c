"""The cost of one anonymous GET at ten times upstream's size: every filter, order, search and mode at its widest."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks.catalogues import ROOT, catalogue_copy
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure

BAR = 500  # ms of CPU
SCALE, QUICK_SCALE = 10, 1
SHOWN = 12  # of the costliest questions
WIDTH = 58  # shown characters of an address


def measure(effort: Effort) -> Findings:
    """Raises RuntimeError if not all questions could be asked."""
    found = Findings()
    scale = QUICK_SCALE if effort.quick else SCALE
    with catalogue_copy(scale) as url:
        # Without a limit, or a question that is stopped for its cost would look cheap.
        environment = {**os.environ, "DATABASE_URL": url, "LAUNCHLEDGER_STATEMENT_TIMEOUT_MS": "0"}
        words = [sys.executable, "-m", "benchmarks.widening"]
        done = subprocess.run(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError("the widest questions could not be asked; the error is printed above")
    asked = sorted((json.loads(line) for line in done.stdout.splitlines()), reverse=True)
    failed = [address for _, status, address in asked if status >= 500]
    for address in failed:
        found.miss(f"it failed: {address[:200]}")
    for milliseconds, _, address in asked[:SHOWN]:
        found.record(Figure(address[:WIDTH], milliseconds, "ms CPU"))
    found.within(f"the costliest of {len(asked):,} questions at {scale}x", asked[0][0], "ms CPU", BAR)
    return found
