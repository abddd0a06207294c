"""However many different requests a worker gets, it takes no more memory than configured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from benchmarks.asking import Question
from benchmarks.processes import Tree
from benchmarks.works.memory import memory_of
from benchmarks.wrk import each_once
from launchledger.catalogue.actions import Observation
from tests.journeys.load import needs_wrk
from tests.support.beside import beside, observed
from tests.support.observed import NOW, record
from tests.support.processes import Server, database_of_its_own, serving

pytestmark = [
    pytest.mark.django_db(transaction=True),
    needs_wrk,
    pytest.mark.sqlite_only("replies are held in memory by their bytes, wherever they come from"),
]

FEW = 3  # as in `test_exact`, where it is explained
IS_NIGHTLY = int(os.environ.get("LAUNCHLEDGER_EXAMPLES", FEW)) > FEW
LIMITS = range(1, 101)
OFFSETS = range(1000 if IS_NIGHTLY else 100)  # so that there are 100,000 questions, or 10,000
AT_ONCE = 20_000  # questions in one run of wrk, whose Lua takes no more constants than some 65,000
BOUND = 4  # MB


def _ask(server: Server, database: Path, offsets: Sequence[int]) -> float:
    """Request pages of every size from these offsets on; returns the worker's memory in MB, without the database's."""
    questions = [Question(f"/2.2.0/pad/?limit={limit}&offset={offset}") for offset, limit in product(offsets, LIMITS)]
    port = int(server.address.rpartition(":")[2])
    for start in range(0, len(questions), AT_ONCE):
        each_once(port, questions[start : start + AT_ONCE], connections=4)
    (worker,) = Tree(server.process.pid).pids()[1:]
    memory = memory_of(worker, database)
    return memory.resident - memory.database


def test_distinct_requests_take_no_more_than_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the room for replies fills the worker grows by the bound and what is beside it; several times as many different ones
    more leave it as large as it is then."""
    monkeypatch.setenv("LAUNCHLEDGER_RESPONSE_CACHE_MB", str(BOUND))
    with database_of_its_own(tmp_path) as url, beside(url) as call, serving(url, "--empty", "--workers", "1") as server:
        call(observed, [Observation([record("Pad", key, name=f"Site {key}") for key in range(1, 51)], "test", NOW)])
        file = Path(url.removeprefix("sqlite:///"))
        first = _ask(server, file, OFFSETS[:1])
        full = _ask(server, file, OFFSETS[1:25])
        after = _ask(server, file, OFFSETS[25:])
    assert full - first < 3 * BOUND
    assert after - full < BOUND
