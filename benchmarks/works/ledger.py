"""The ledger over a journal of five years: two million entries, a launch's states as a mirror sees them; and held requests.

CPU time of whole requests through the server's own layers, each asked with another unknown parameter, so that none is cached. The
file is served read-only: nothing in it changes from run to run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median
from time import process_time

from benchmarks.catalogues import ROOT, SETTINGS
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.journals import journal_file, watched_launch
from benchmarks.measuring import Figure
from benchmarks.widening import ask
from benchmarks.works.held import measure_held

ENTRIES, QUICK_ENTRIES = 2_000_000, 200_000
LOOP = "for comparison: 20,000 steps of a loop in the same process"
PAGE_BAR, GROUPS_BAR = 5.0, 300.0  # ms of CPU


def measure(effort: Effort) -> Findings:
    found = Findings()
    file = journal_file(QUICK_ENTRIES if effort.quick else ENTRIES)
    settings = {"LAUNCHLEDGER_ALLOWED_HOSTS": "*", "LAUNCHLEDGER_READ_ONLY": "true", "DATABASE_URL": f"sqlite:///{file}"}
    words = [sys.executable, "-m", "benchmarks.works.ledger", watched_launch(file), str(effort.rounds)]
    done = subprocess.run(
        words, env={**os.environ, **SETTINGS, **settings}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    for line in done.stdout.splitlines():
        name, value, unit, bar = line.split("\t")
        if bar:
            found.within(f"ledger: {name}", float(value), unit, float(bar))
        else:
            found.record(Figure(name, float(value), unit))
    measure_held(found)
    return found


def _print(name: str, value: float, unit: str, bar: float | None = None) -> None:
    print(name, value, unit, "" if bar is None else bar, sep="\t")


def _in_turns(application: object, paths: dict[str, str], rounds: int, times: int) -> dict[str, float]:
    """Milliseconds of CPU for a request of each path: the median of rounds, in each of which all are asked so many times, and the
    least counts: other work on the machine only adds to it."""
    found: dict[str, list[float]] = {name: [] for name in (*paths, LOOP)}
    for number in range(rounds):
        found[LOOP].append(min(_loop() for _ in range(times)))
        for name, path in paths.items():
            found[name].append(min(_cpu(application, path, f"{number}-{time}") for time in range(times)))
    return {name: median(each) for name, each in found.items()}


def _cpu(application: object, path: str, asked: str) -> float:
    milliseconds, status = ask(application, f"{path}{'&' if '?' in path else '?'}asked={asked}")
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return milliseconds


def _loop() -> float:
    """Milliseconds of CPU for a loop, which tell how fast the machine was meanwhile."""
    begin, total = process_time(), 0
    for number in range(20_000):
        total += number * number % 7
    return 1_000 * (process_time() - begin)


def main(launch: str, rounds: int) -> None:
    import django

    django.setup()
    from launchledger.journal.reading import latest_serial
    from launchledger.site.wsgi import application

    middle = latest_serial() // 2
    pages = {
        "page of changes": f"/ledger/changes/?since={middle}",
        "page of changes of one launch": f"/ledger/changes/?resource=launch&id={launch}",
        "page of changes since a time": "/ledger/changes/?at__gte=2021-03-01",
        "page of net changes of launches": f"/ledger/changes/?since={middle}&resource=launch&column=net",
        "history of a launch": f"/ledger/launch/{launch}/history/",
        "history of a launch, nested": f"/ledger/launch/{launch}/history/?nested=true",
        "slips of a launch": f"/ledger/launch/{launch}/slips/",
    }
    groups = {f"slips by {by}, cold": f"/ledger/slips/{by}/" for by in ("provider", "configuration", "pad", "year")}
    others = {
        "page of 100 changes": f"/ledger/changes/?since={middle}&limit=100",
        "page with a filter that matches nothing": "/ledger/changes/?source=nobody",
    }
    costs = _in_turns(application, {**pages, **others}, 4 * rounds, 5)
    costs_of_groups = _in_turns(application, groups, 2 * rounds, 2)
    for name in pages:
        _print(name, costs[name], "ms CPU", PAGE_BAR)
    for name in groups:
        _print(name, costs_of_groups[name], "ms CPU", GROUPS_BAR)
    for name in (*others, LOOP):
        _print(name, costs[name], "ms CPU")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
