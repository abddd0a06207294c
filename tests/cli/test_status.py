"""`launchledger status`: a page for people, and JSON for machines."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from launchledger.cli import launchledger
from launchledger.sync.budget import Budget
from launchledger.sync.servers import source_of
from launchledger.sync.state import Failure, Known, Pause, Sweep
from launchledger.sync.status import as_json, status
from launchledger.sync.store import Store
from tests.support.processes import run

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SERVER = "https://ll.thespacedevs.com"


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, ["status", *words])


def _save(known: Known) -> None:
    Store(SERVER, source_of(SERVER)).save(known, NOW - timedelta(minutes=4), answered=True)


def test_nothing_was_ever_synced() -> None:
    """It says so, and how to begin."""
    assert _run().stdout == "Nothing has been synced yet. launchledger sync fills the catalogue.\n"
    assert json.loads(_run("--json").stdout) == {"upstream": None}


@pytest.mark.sqlite_only("a file is there or not")
def test_no_database_is_created(tmp_path: Path) -> None:
    """Asking changes nothing, also where there is no database yet."""
    assert run(f"sqlite:///{tmp_path}/none.sqlite3", "status").startswith("Nothing has been synced yet.")
    assert list(tmp_path.iterdir()) == []


def test_people_read_how_the_mirror_is() -> None:
    """Lines about the upstream and what is wrong, a table of the lists that fits a terminal, and the next calls."""
    ended = (NOW - timedelta(hours=2, minutes=20)).timestamp()
    sweeps = {
        "pad": Sweep("pad", 1, count=1234, last_began=ended - 9, last_ended=ended),
        "updates": Sweep("updates", 1, began=ended, walked=5000, count=9802),
    }
    with time_machine.travel(NOW, tick=False):
        _save(
            Known(
                sweeps=sweeps,
                pause=Pause(NOW.timestamp() + 900, "an outage"),
                failures={"sweep pad": Failure(2, 1.0, "\x1b[31m")},
            )
        )
        Budget(SERVER).take("/2.2.0/pad/")
        lines = _run().stdout.splitlines()
    assert lines[:7] == [
        "Upstream    https://ll.thespacedevs.com, since 2026-11-29T11:56:00Z",
        "Last reply  2026-11-29T11:56:00Z, 4 min ago",
        "Syncing     nobody",
        lines[3],
        "Budget      14 calls left of 15/hour",
        "Pause       until 2026-11-29T12:15:00Z: an outage",
        "Failed      sweep pad, 2 times: \\x1b[31m",
    ]
    assert lines[3].startswith("Complete    1 of 35 lists; the first sync still needs about ")
    assert lines[3].endswith(" at 15/hour")
    table = lines[8:]
    assert table[0].split() == ["list", "stored", "upstream", "complete", "walk", "oldest", "refused", "deleted"]
    rows = {row[0]: row[1:] for row in map(str.split, table[1:36])}
    assert rows["pad"] == ["0", "1,234", "2", "h", "-", "-", "0", "0"]
    assert rows["updates"] == ["0", "9,802", "-", "50%", "-", "0", "0"]
    assert max(map(len, table[:36])) <= 80
    assert any(line.startswith("  2026-11-29T12:15:00Z  ") for line in table)


def test_machines_read_the_same_as_json() -> None:
    """All of the status, with the process that syncs."""
    with time_machine.travel(NOW, tick=False):
        _save(Known())
        assert json.loads(_run("--json").stdout) == as_json(status(NOW))
