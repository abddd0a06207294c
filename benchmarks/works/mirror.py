"""`launchledger sync` as a whole against a sandbox, for thirty virtual days at 15 calls an hour: every bar of the mirror.

A mirror in its own process on SQLite, a sandbox in another over a catalogue of upstream's size, and changes of every kind drawn
from a seed. Once without faults and once with all of them, together at 5 % of calls.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import ceil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.catalogues import CACHE, ROOT, SETTINGS, catalogue_file, this_year
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.mirror.changes import DELETED, DETAILS, ELSE, LISTED, NEAR, TODAY
from benchmarks.mirror.control import Control, sandbox
from benchmarks.mirror.life import Life
from benchmarks.mirror.plot import plot
from benchmarks.mirror.stock import Stock, read_stock, read_templates
from tests.support.virtual_upstream import DAY, HOUR, MINUTE

DAYS, QUICK_DAYS = 30.0, 3.0
LIMIT = 15
FAULTS = 0.05
# The urgency of a change, how its age is summed up, and the bar in minutes.
BARS = (
    (NEAR, "median", 5),
    (TODAY, "median", 30),
    (LISTED, "median", 120),
    (ELSE, "oldest", 48 * 60),
    (DELETED, "oldest", 72 * 60),
    (DETAILS, "oldest", 48 * 60),
)


def measure(effort: Effort, days: float | None = None, seed: int = 1) -> Findings:
    found = Findings()
    days = days or (QUICK_DAYS if effort.quick else DAYS)
    catalogue_file(1)  # made before both runs need it
    with ThreadPoolExecutor() as pool:  # each run is work of two processes that take turns, so two runs keep two cores busy
        calm, faulty = pool.map(lambda faults: run(days, faults=faults, seed=seed), (0.0, FAULTS))
    _record(found, "", calm, days)
    _record(found, ", faults at 5 %", faulty, days)
    found.drawing = plot({"Without faults": calm["ages"], "With faults at 5 % of calls": faulty["ages"]})
    return found


def run(days: float, *, faults: float, seed: int = 1) -> dict[str, Any]:
    """One run; returns what `benchmarks.mirror.follow` measured."""
    catalogue, begin = catalogue_file(1), this_year().timestamp()
    CACHE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CACHE, prefix="mirror-") as name:
        folder = Path(name)
        now = ("--now", this_year().isoformat(), "--speed", "0")
        with sandbox(folder, catalogue, *now) as control:
            stock = read_stock(control)
            templates = read_templates(control, stock)
        life = Life(stock, templates, begin, days, seed)
        script, task = folder / "life.toml", folder / "task.json"
        script.write_text(life.script(), encoding="utf-8")
        with sandbox(folder, catalogue, *now, "--rate", f"{LIMIT}/hour", "--script", script) as control:
            order_faults(control, faults, seed)
            content = {"url": control.url, "begin": begin, "until": begin + days * DAY, "seed": seed}
            task.write_text(json.dumps({**content, "changes": [each.as_json() for each in life.changes]}), encoding="utf-8")
            before = control.tree.cpu()
            measured = _follow(task, folder / "mirror.sqlite3")
            measured["upstream's cpu"] = control.tree.cpu() - before
        errors = (folder / "sandbox.log").read_text(errors="replace").splitlines()
        return {**measured, "least": least_calls(stock), "script": len(life.changes), "refused": errors}


def least_calls(stock: Stock) -> int:
    """The fewest calls for everything: each whole list by pages of 100, an empty one and a dashboard too."""
    return sum(max(1, ceil(len(objects) / 100)) for objects in stock.values()) + 1


def order_faults(control: Control, share: float, seed: int, *, throttled: float = 900) -> None:
    """Order all kinds of fault, together at this share of the calls; what waits for real waits a little only.

    A 429 says to wait `throttled` seconds.
    """
    kinds = control.call("GET", "faults")["kinds"] if share else {}
    for number, kind in enumerate(kinds):
        body = {"fault": kind, "share": share / len(kinds), "seed": seed * 100 + number}
        seconds = {"timeout": 0.05, "slow": 0.0005, "429": throttled}
        control.call("POST", "faults", body | ({"seconds": seconds[kind]} if kind in seconds else {}))


def _follow(task: Path, database: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.mirror.follow", str(task)]
    environment = {**os.environ, **SETTINGS, "DATABASE_URL": f"sqlite:///{database}"}
    done = subprocess.run(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise RuntimeError("the mirror failed; its error is printed above")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def most_in_an_hour(requests: list[dict[str, Any]]) -> int:
    """The most calls in any sliding hour, as upstream saw them."""
    from launchledger.formats.times import parse_date_time

    times = [parse_date_time(each["at"]).timestamp() for each in requests]
    most = first = 0
    for position, time in enumerate(times):
        while times[first] <= time - HOUR:
            first += 1
        most = max(most, position - first + 1)
    return most


def _record(found: Findings, name: str, measured: dict[str, Any], days: float) -> None:
    requests = measured["requests"]
    found.within(f"calls in any hour{name}", most_in_an_hour(requests), "calls", LIMIT)
    throttled = sum(each["status"] == 429 for each in requests)
    found.record(Figure(f"calls / of them answered 429{name}", len(requests) + throttled / 1000, "calls"))
    if "bootstrap" in measured:  # calls that fail are not among those that it needs
        times = measured["bootstrap"]["calls"] / measured["least"]
        title = f"bootstrap: calls / least possible{name}"
        found.record(Figure(title, times, "x")) if name else found.within(title, times, "x", 1.10)
    else:
        found.miss(f"bootstrap{name}: it takes longer than {days:g} days")
    for urgency, kind, bar in BARS:
        some = measured["ages"].get(urgency, {"noticed": [], "waiting": []})
        every = [*some["noticed"], *some["waiting"]]
        if not every:
            found.miss(f"{urgency}{name}: nothing changed")
            continue
        age = max(every) if kind == "oldest" else median(every)
        found.within(f"age, {urgency}, {kind} of {len(every)}{name}", age / MINUTE, "min", bar)
        found.record(Figure(f"age, {urgency}: still waiting{name}", len(some["waiting"]), "changes"))
    found.within(f"objects that differ after a quiet sweep{name}", len(measured["different"]), "objects", 0)
    for address in measured["different"][:10]:
        print(f"    differs: {address}", flush=True)
    found.within(f"wall time of {timedelta(days=days).days} days{name}", measured["wall"] / 60, "min", 10 * days / DAYS)
    calls = max(len(requests), 1)
    found.record(Figure(f"mirror: CPU of a call{name}", 1000 * measured["cpu"] / calls, "ms"))
    found.record(Figure(f"sandbox: CPU of a call{name}", 1000 * measured["upstream's cpu"] / calls, "ms"))
    if measured["page"] is not None:
        found.within(f"CPU of a page of 100 launches, nothing changed{name}", 1000 * measured["page"], "ms", 60)
    found.record(Figure(f"changes of the script{name}", measured["script"], "changes"))
    found.record(Figure(f"of them refused by the sandbox{name}", len(measured["refused"]), "changes"))
    for line in measured["refused"][:5]:
        print(f"    {line}", flush=True)
