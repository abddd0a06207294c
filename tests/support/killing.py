"""Kills a real `launchledger sync` at random moments, as often as wanted, and looks whether a call was paid twice."""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.support.processes import run_code, start

PATIENCE = 60.0  # seconds for a process that makes no call

# The replies that were kept: what was asked for, by kind, list, number of the walk, place in it, and id.
_KEPT = """
import django, json
django.setup()
from launchledger.sync.models import KeptReply
names = ("what", "path", "number", "parameters", "key")
kept = KeptReply.objects.order_by("pk").values_list("request", "plan")
print(json.dumps([[request, *(plan[name] for name in names)] for request, plan in kept]))
"""

# The catalogue without the times of observations, which are the real ones.
_DIGEST = """
import django, hashlib, json
django.setup()
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

digest = hashlib.sha256()
derived = ("BigAutoField", "BinaryField")
times = ("observed_at", "observations", "first", "last", "deleted_at")
left_out = ("Clock", "ObservedState")
for model in sorted(apps.get_app_config("catalogue").get_models(), key=lambda model: model.__name__):
    if model.__name__ in left_out:
        continue
    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() not in derived]
    columns = [field.attname for field in fields if field.attname not in times]
    rows = model._default_manager.all()
    if any(field.attname == "deleted_at" for field in fields):
        rows = rows.filter(deleted_at=None)
    found = sorted(json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True) for row in rows.values(*columns))
    digest.update(json.dumps([model.__name__, found]).encode())
print(digest.hexdigest())
"""


def kill_often(url: str, upstream: str, times: int, chance: Random, *, most_calls: int = 4, longest: float = 0.2) -> int:
    """Start a sync on this database and kill it, so many times; returns how many had made a call that counts.

    Each is killed up to `longest` seconds after it made some number of calls, up to `most_calls`.
    """
    working = 0
    for _ in range(times):
        with TemporaryDirectory() as folder:
            working += _kill_one(
                url, upstream, Path(folder) / "output", chance.randint(0, most_calls), chance.uniform(0, longest)
            )
    return working


def _kill_one(url: str, upstream: str, output: Path, calls: int, pause: float) -> bool:
    """Start a sync, kill it after so many calls and a pause, and return whether it had made one that counts."""
    with output.open("wb") as file, start(url, "sync", "--forever", "--upstream", upstream, output=file) as process:
        end = time.monotonic() + PATIENCE
        idle = 0
        while output.read_bytes().count(b"\n") <= calls and time.monotonic() < end and idle < 100:
            began = bool(output.stat().st_size)
            idle += began  # in the end it waits for what is due later
            try:
                process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            break
        try:
            process.wait(timeout=pause)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        printed = output.read_text()
        assert process.returncode == -9, printed
        return printed.count("\n") > 1


def kept(url: str) -> list[str]:
    """The calls whose replies were kept, as texts."""
    return [json.dumps(each) for each in json.loads(run_code(url, _KEPT))]


def paid_twice(kept: Iterable[str]) -> list[str]:
    """The calls of one walk whose replies were kept more than once."""
    return sorted(call for call, times in Counter(kept).items() if times > 1)


def digest_of_mirror(url: str) -> str:
    """A digest of the catalogue without the times at which anything was observed."""
    return run_code(url, _DIGEST)
