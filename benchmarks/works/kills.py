"""`launchledger sync` killed at random moments, a hundred times: what was paid twice, and what differs in the end.

The upstream is a sandbox without a limit, whose clock stands still. After the kills both mirrors sync everything once.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.catalogues import CACHE, catalogue_file, this_year
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.mirror.control import sandbox
from tests.support.killing import digest_of_mirror, kept, kill_often, paid_twice
from tests.support.processes import run

KILLS, QUICK_KILLS = 100, 10
SCALE = 0.5  # of the catalogue, in times upstream's
SEED = 1


def measure(effort: Effort, kills: int | None = None) -> Findings:
    found = Findings()
    kills = kills or (QUICK_KILLS if effort.quick else KILLS)
    catalogue = catalogue_file(SCALE)
    with TemporaryDirectory(dir=CACHE, prefix="kills-") as name:
        folder = Path(name)
        undisturbed, killed = (f"sqlite:///{folder}/{each}.sqlite3" for each in ("undisturbed", "killed"))
        with sandbox(folder, catalogue, "--now", this_year().isoformat(), "--speed", "0") as control:
            run(undisturbed, "sync", "--once", "--upstream", control.url)
            before = len(control.requests())
            run(killed, "statistics")  # makes the tables
            working = kill_often(killed, control.url, kills, Random(SEED), most_calls=2, longest=0.7)
            asked, calls = len(control.requests()) - before, kept(killed)
            run(killed, "sync", "--once", "--upstream", control.url)
        found.record(Figure("kills of a process that had made calls", working, "kills"))
        found.record(Figure("calls until then", asked, "calls"))
        found.within("calls whose reply was lost, a kill", (asked - len(calls)) / kills, "calls", 1)
        found.within("calls paid twice", len(paid_twice(calls)), "calls", 0)
        found.within("catalogues that differ in the end", digest_of_mirror(killed) != digest_of_mirror(undisturbed), "", 0)
    return found
