"""`python -m benchmarks`: measure this server, print the figures with their bars, and save them in `benchmarks/results/`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from benchmarks import catalogues, installing, loading, rendering
from benchmarks.asking import Refused
from benchmarks.comparing import FULL, QUICK, Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure, save
from benchmarks.processes import NotAnswering
from benchmarks.publishing import Unfinished, publish, publish_some
from benchmarks.reporting import TITLES, bars
from benchmarks.reporting import save as save_findings
from benchmarks.servers import Missing
from benchmarks.works import (
    caches,
    following,
    growth,
    kills,
    ledger,
    memory,
    mirror,
    pages,
    peers,
    plan,
    postgres,
    starting,
    stock,
    widest,
    workers,
    writing,
)
from benchmarks.wrk import NoWrk, find

COMPARISONS: dict[str, Callable[[Effort], Findings]] = {
    "stock": stock.measure,
    "caches": caches.measure,
    "peers": peers.measure,
    "growth": growth.measure,
    "workers": workers.measure,
    "writing": writing.measure,
    "start": starting.measure,
    "memory": memory.measure,
    "postgres": postgres.measure,
    "widest": widest.measure,
    "ledger": ledger.measure,
    "pages": pages.measure,
    "plan": plan.measure,
    "sync": mirror.measure,
    "kills": kills.measure,
    "follow": following.measure,
}
WITH_BARS = ["stock", "caches", "growth", "writing", "start", "memory"]
IN_PROCESS = {"loading": loading.measure, "rendering": rendering.measure}
EXAMPLES = """examples:
  make bench                              everything, some 15 minutes
  make bench ARGS=--quick                 figures with bars only, less exact, some 3 minutes
  make bench ARGS="caches start"          only these
  make bench ARGS="growth --scale 100"    growth to a hundred times
  make bench ARGS="sync --days 3"         a mirror for three virtual days
  make bench ARGS="stock --label before"  saved as before.json, next to other results
  make bench ARGS=install                 install Datasette and json-server for peers
  make bench ARGS="generate --scale 10"   only make a catalogue, and print its DATABASE_URL
  make bench ARGS=publish                 write docs/speed.md and docs/freshness.md from their results
  make bench ARGS="publish ledger"        renew only these parts of the pages"""


def main(words: list[str]) -> int:
    arguments = _parse(words)
    signal.signal(signal.SIGTERM, _stop)  # so that started processes are stopped, too
    names = [name for name in arguments.names if name != "compare"]
    if names == ["install"]:
        return installing.install()
    if names[:1] == ["publish"]:
        return _publish(arguments.label, names[1:])
    if names == ["generate"]:
        print(f"DATABASE_URL=sqlite:///{catalogues.catalogue_file(arguments.scale or 1, arguments.seed)}")
        return 0
    chosen = names or (WITH_BARS if arguments.quick else [*COMPARISONS, *([] if "compare" in arguments.names else IN_PROCESS)])
    try:
        find()
        return max([_measure(name, arguments) for name in chosen], default=0) or _conclude(arguments.label)
    except NoWrk as missing:
        print(missing, file=sys.stderr)
        return 2


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = ("compare", "install", "generate", "publish", *COMPARISONS, *IN_PROCESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)}; all benchmarks by default")
    parser.add_argument("--quick", action="store_true", help="measure less, and for a shorter time")
    parser.add_argument("--label", default="server", help="the name of the files in benchmarks/results/ (default: %(default)s)")
    parser.add_argument(
        "--scale", type=int, help="size of the catalogue, in times upstream's: for growth (default 10) and generate (default 1)"
    )
    parser.add_argument("--seed", type=int, default=catalogues.SEED, help="seed, for generate and sync (default: %(default)s)")
    parser.add_argument("--days", type=float, help="virtual days of the mirror, for sync (default 30; 3 with --quick)")
    arguments = parser.parse_args(words)
    for name in arguments.names:
        if name not in known:
            parser.error(f"unknown benchmark {name}; choose from {', '.join(known)}")
    if arguments.days is not None and not 0 < arguments.days <= 365:
        parser.error("--days must be a number up to 365")
    if arguments.scale is not None and arguments.scale < 1:
        parser.error("--scale must be a whole number from 1")
    return arguments


def _publish(label: str, names: list[str]) -> int:
    try:
        for page in publish_some(label, names) if names else publish(label):
            print(f"wrote {page.relative_to(catalogues.ROOT)} and its plots")
        return 0
    except Unfinished as reason:
        print(reason, file=sys.stderr)
        return 2


def _measure(name: str, arguments: argparse.Namespace) -> int:
    """Run one benchmark and save its findings. A failure is printed, and the other benchmarks still run."""
    effort = QUICK if arguments.quick else FULL
    print(f"\n{TITLES.get(name, name)}", flush=True)
    begin = time.monotonic()
    if name in IN_PROCESS:
        with tempfile.TemporaryDirectory() as folder:
            return _in_process(name, Path(folder))
    measure = COMPARISONS[name]
    if name == "growth" and arguments.scale:
        measure = partial(growth.measure, scale=arguments.scale)
    if name == "sync":
        measure = partial(mirror.measure, days=arguments.days, seed=arguments.seed)
    try:
        found = measure(effort)
    except (Missing, NotAnswering, Refused, RuntimeError) as reason:
        print(f"  NOT MEASURED: {reason}", file=sys.stderr, flush=True)
        return 1
    page = save_findings(arguments.label, name, found, effort)
    print(f"  {time.monotonic() - begin:.0f} s; saved in {page.relative_to(catalogues.ROOT)}", flush=True)
    return int(bool(found.refused))


def _conclude(label: str) -> int:
    try:
        figures = bars(label)
    except OSError:
        return 0
    print("\nBars")
    for figure in figures:
        print(f"  {figure}")
    return 0


def _in_process(name: str, folder: Path) -> int:
    """Run a benchmark that calls the code itself, in a process of its own: each sets up Django."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        _set_up_django(folder)
        figures: list[Figure] = IN_PROCESS[name](folder)
        for figure in figures:
            print(f"  {figure}", flush=True)
        print(f"  saved in {save(name, figures).relative_to(catalogues.ROOT)}", flush=True)
        status = 0
    finally:
        os._exit(status)


def _set_up_django(folder: Path) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'benchmark.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchledger.conf.settings"
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    from launchledger.database.tables import upgrade_tables

    setup_test_environment()
    upgrade_tables()


def _stop(_signum: int, _frame: object) -> NoReturn:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
