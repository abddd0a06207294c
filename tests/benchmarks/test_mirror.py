"""The changes of the benchmark of sync, and how their ages are measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest

from benchmarks.mirror.changes import DELETED, ELSE, LISTED, NEAR, TODAY
from benchmarks.mirror.judging import ages
from benchmarks.mirror.life import Life
from benchmarks.mirror.plot import plot
from benchmarks.mirror.stock import Stock
from benchmarks.works.mirror import most_in_an_hour
from launchledger.journal.models import Entry
from launchledger.sandbox.scripts import read_script
from launchledger.wire.served import DEFAULT

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def _stock() -> Stock:
    stock: Stock = {
        resource.path: {str(number): {"id": number, "name": "One"} for number in range(1, 30)}
        for resource in DEFAULT.resources.values()
        if not resource.when
    }
    stock["launch"] = {
        str(UUID(int=number)): {
            "id": str(UUID(int=number)),
            "net": f"{BEGIN + timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}",
            "net_precision": {"id": 8},
            "status": {"id": 2},
            "last_updated": "2025-12-31T00:00:00Z",
        }
        for number in range(100)
    }
    return stock


def test_a_seed_gives_one_script_of_every_kind_of_change(tmp_path: Path) -> None:
    """Which the sandbox can read."""
    life = Life(_stock(), {}, BEGIN.timestamp(), 20, seed=1)
    assert Life(_stock(), {}, BEGIN.timestamp(), 20, seed=1).script() == life.script()
    assert Life(_stock(), {}, BEGIN.timestamp(), 20, seed=2).script() != life.script()
    file = tmp_path / "life.toml"
    file.write_text(life.script(), encoding="utf-8")
    assert len(read_script(file, BEGIN)) == len(life.changes) > 1_000
    assert {change.urgency for change in life.changes} >= {NEAR, TODAY, LISTED, ELSE, DELETED}
    assert {change.action for change in life.changes} == {"set", "create", "delete"}


def _change(at: int, key: str, action: str = "set", columns: tuple[str, ...] = ("name",)) -> dict[str, object]:
    time = BEGIN.timestamp() + at
    return {"at": time, "path": "pad", "key": key, "action": action, "urgency": ELSE, "columns": list(columns)}


def _enter(at: int, key: str, action: str = "changed", columns: tuple[str, ...] = ("name",)) -> None:
    changes = {column: ["Old", "New"] for column in columns}
    time = BEGIN + timedelta(seconds=at)
    Entry.objects.create(transaction=1, at=time, source="x", kind="Pad", key=key, action=action, changes=changes)


@pytest.mark.django_db
def test_the_age_of_a_change_is_that_at_its_first_entry() -> None:
    """An entry of another column, or an older one, does not count; a change that nobody noticed waits."""
    _enter(5, "1")
    _enter(20, "1", columns=("map_url",))
    _enter(30, "1")
    _enter(40, "1")
    _enter(50, "3", "deleted", ("deleted_at",))
    changes = [_change(10, "1"), _change(10, "2"), _change(45, "3"), _change(46, "3", "delete"), _change(1, "1")]
    found = ages(changes, BEGIN.timestamp() + 2, BEGIN.timestamp() + 100)
    assert found == {ELSE: {"noticed": [20.0, 4.0], "waiting": [90.0]}}


def test_the_most_calls_in_any_hour() -> None:
    """The hour slides."""
    times = [0, 59, 60, 61, 118, 119]
    requests = [{"at": f"{BEGIN + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"} for minutes in times]
    assert most_in_an_hour(requests) == 4
    assert most_in_an_hour([]) == 0


def test_the_plot_has_a_line_for_each_urgency_that_was_measured() -> None:
    """It ends at the share that was noticed at all, and is XML."""
    ages = {NEAR: {"noticed": [60.0, 200.0, 200.5], "waiting": [9_000.0]}, ELSE: {"noticed": [], "waiting": [1.0]}}
    drawing = ElementTree.fromstring(plot({"Without faults": ages}))
    paths = [path.get("d", "") for path in drawing.iter("{http://www.w3.org/2000/svg}path")]
    assert len(paths) == 1
    top, bottom = 30, 290
    assert f"V{bottom - 0.75 * (bottom - top):.1f}" in paths[0].rpartition("H")[0]
    labels = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {f"{NEAR} (4)", f"{ELSE} (1)", "Without faults"} <= set(labels)
