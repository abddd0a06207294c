"""A mirror of another Launchledger that follows its journal: how soon a change arrives, what an idle mirror asks for, and what
differs after thousands of changes of every kind while calls fail.

The times are measured with `launchledger serve` as the upstream, which holds replies. Faults are those of a sandbox, which holds
none, so that the mirror looks once a second.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.catalogues import CACHE, ROOT, SETTINGS, catalogue_copy, catalogue_file
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.mirror.changes import Change
from benchmarks.mirror.control import Control, sandbox
from benchmarks.mirror.life import Life
from benchmarks.mirror.stock import read_stock, read_templates
from benchmarks.servers import launchledger
from benchmarks.works.mirror import FAULTS, order_faults
from tests.support.processes import environment, run, start

SCALE = 0.2  # of the catalogue, in times upstream's
CHANGES, QUICK_CHANGES = 10_000, 300
A_DAY = 134  # changes that Life makes, about
EDITS, QUICK_EDITS = 40, 10
IDLE, QUICK_IDLE = 150.0, 60.0  # seconds
PATIENCE = 900.0  # seconds until the mirror has everything
AGENCY = 1
SEED = 1


def measure(effort: Effort) -> Findings:
    found = Findings()
    _times(found, effort)
    _faults(found, QUICK_CHANGES if effort.quick else CHANGES)
    return found


def _times(found: Findings, effort: Effort) -> None:
    """How soon an edit arrives, and what an idle mirror asks for."""
    with catalogue_copy(SCALE) as upstream, _mirror() as (file, mirror), launchledger(upstream, pinned=False) as server:
        url = f"http://127.0.0.1:{server.port}/2.2.0/"
        run(mirror, "sync", "--upstream", url)
        with start(mirror, "sync", "--forever", "--upstream", url) as following, _editor(upstream) as editor:
            try:
                _await(file, lambda known: known["following"]["checked"])
                ages = [_age(editor, file, number) for number in range(QUICK_EDITS if effort.quick else EDITS)]
                seconds, before = QUICK_IDLE if effort.quick else IDLE, _calls(file)
                time.sleep(seconds)
                asked = _calls(file) - before
            finally:
                following.terminate()
    found.record(Figure(f"age of a change when it arrives, median of {len(ages)}", median(ages), "s"))
    found.within(f"age of a change when it arrives, oldest of {len(ages)}", max(ages), "s", 2)
    found.within("requests of an idle mirror in 25 s", asked / seconds * 25, "requests", 1)


def _faults(found: Findings, count: int) -> None:
    """What differs after so many changes, with faults at 5 % of the calls."""
    catalogue = catalogue_file(SCALE)
    with _mirror() as (file, mirror), sandbox(file.parent, catalogue) as control:
        stock = read_stock(control)
        life = Life(stock, read_templates(control, stock), time.time(), count / A_DAY * 1.2, SEED)
        changes = life.changes[:count]
        run(mirror, "sync", "--upstream", control.url)
        order_faults(control, FAULTS, SEED, throttled=2)  # the mirror's clock is the real one
        with start(mirror, "sync", "--forever", "--upstream", control.url) as following:
            try:
                begin = time.monotonic()
                for change in changes:
                    control.call("POST", "change", _body(change))
                spent = time.monotonic() - begin
                control.call("DELETE", "faults", {})
                begin = time.monotonic()
                _await(file, lambda known: known["following"]["serial"] >= _newest(control) and not known["singles"])
                behind = time.monotonic() - begin
            finally:
                following.terminate()
        different = _differences(mirror, control.url)
    found.record(Figure("changes of every kind", len(changes), "changes"))
    found.record(Figure("changes a second", len(changes) / spent, "changes"))
    found.record(Figure("seconds after the last one until the mirror had it", behind, "s"))
    found.within("objects that differ then, after faults at 5 % of calls", len(different), "objects", 0)
    for address in different[:10]:
        print(f"    differs: {address}", flush=True)


@contextmanager
def _mirror() -> Iterator[tuple[Path, str]]:
    """The file of a mirror's catalogue, and its DATABASE_URL."""
    CACHE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CACHE, prefix="following-") as folder:
        file = Path(folder) / "mirror.sqlite3"
        yield file, f"sqlite:///{file}"


@contextmanager
def _editor(upstream: str) -> Iterator[subprocess.Popen[str]]:
    """A process that renames an agency of the upstream for each line that it gets, and answers when it has committed."""
    words = [sys.executable, "-m", "benchmarks.mirror.editor", str(AGENCY)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen(words, env=environment(upstream) | SETTINGS, cwd=ROOT, **pipes) as process:
        try:
            yield process
        finally:
            assert process.stdin
            process.stdin.close()


def _age(editor: subprocess.Popen[str], file: Path, number: int) -> float:
    """Seconds from the commit of an edit until the mirror has committed it as well."""
    assert editor.stdin
    assert editor.stdout
    name = f"Name {number}"
    editor.stdin.write(f"{name}\n")
    editor.stdout.readline()
    begin = time.monotonic()
    while _one(file, 'SELECT "name" FROM "catalogue_agency" WHERE "id" = ?', AGENCY) != name:
        if time.monotonic() - begin > PATIENCE:
            raise RuntimeError("the mirror does not follow")
        time.sleep(0.005)
    age = time.monotonic() - begin
    time.sleep(0.3 + number % 5 / 2)  # so that edits come at any point of a call that is held
    return age


def _body(change: Change) -> dict[str, Any]:
    """A change as the control of the sandbox takes it."""
    key: int | str = change.key if change.path == "launch" else int(change.key)
    if change.action == "delete":
        return {"resource": change.path, "id": key, "delete": True}
    columns = {name: value for name, value in (change.body or {}).items() if name != "id"}
    if change.action == "create":
        return {"resource": change.path, "create": {"id": key, **columns}}
    return {"resource": change.path, "id": key, "set": columns}


def _newest(control: Control) -> int:
    return int(json.loads(control.ask("GET", "/ledger/changes/?limit=1"))["newest"])


def _calls(file: Path) -> int:
    return int(_one(file, 'SELECT coalesce(max("id"), 0) FROM "sync_call"'))


def _await(file: Path, is_done: Any) -> None:
    """Wait until what the plan of the mirror knows is so."""
    end = time.monotonic() + PATIENCE
    while not is_done(json.loads(_one(file, 'SELECT "known" FROM "sync_planstate"'))):
        if time.monotonic() > end:
            raise RuntimeError("the mirror does not catch up")
        time.sleep(0.1)


def _one(file: Path, query: str, *values: Any) -> Any:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as connection:
        return connection.execute(query, values).fetchone()[0]


def _differences(mirror: str, url: str) -> list[str]:
    words = [sys.executable, "-m", "benchmarks.mirror.differ", url]
    done = subprocess.run(
        words, env={**os.environ, **SETTINGS, "DATABASE_URL": mirror}, cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found
