"""The same on PostgreSQL, CPU of its server included: against nested serializers on the same database.

`measure` runs itself again on a throw-away server; `measure_here` is what runs there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmarks.catalogues import ROOT, catalogue_file, make
from benchmarks.comparing import Comparison, Cost, Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.questions import Questions
from benchmarks.servers import launchledger, stock
from benchmarks.works.stock import against_stock
from benchmarks.works.warming import warm


def measure(effort: Effort) -> Findings:
    """Raises RuntimeError without a PostgreSQL; what to install is printed before."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "findings.json"
        words = [sys.executable, "tools/throwaway_postgres.py", sys.executable, "-m", "benchmarks.works.postgres", str(file)]
        done = subprocess.run([*words, *(["--quick"] if effort.quick else [])], cwd=ROOT, check=False)
        if done.returncode:
            raise RuntimeError("PostgreSQL could not be measured; the error is printed above")
        return read(json.loads(file.read_text()))


def measure_here(effort: Effort) -> Findings:
    """On the database that DATABASE_URL names, which must be empty."""
    found = Findings()
    url = os.environ["DATABASE_URL"]
    make(url, 1)
    server_pid = int((Path(unquote(urlsplit(url).netloc.rpartition("@")[2])) / "data" / "postmaster.pid").read_text().split()[0])
    questions = Questions(catalogue_file(1))
    warm(url, questions.everything(4 if effort.quick else 3))
    with launchledger(url, extra_pids=(server_pid,)) as ours, stock(url, extra_pids=(server_pid,)) as theirs:
        against_stock(found, questions, ours, theirs, effort, prefix="PostgreSQL: ")
    return found


def read(stored: dict[str, Any]) -> Findings:
    """Findings from their JSON."""
    comparisons = []
    for each in stored["comparisons"]:
        costs = {side: Cost(**each[side]) if each[side] else None for side in ("cost_a", "cost_b")}
        comparisons.append(Comparison(**{**each, **costs}))
    figures = [Figure(**figure) for figure in stored["figures"]]
    return Findings(comparisons, figures, list(stored["missing"]), stored.get("drawing", ""))


if __name__ == "__main__":
    from dataclasses import asdict

    from benchmarks.comparing import FULL, QUICK

    findings = measure_here(QUICK if "--quick" in sys.argv else FULL)
    Path(sys.argv[1]).write_text(json.dumps(asdict(findings)), encoding="utf-8")
