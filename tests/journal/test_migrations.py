"""Journals of older versions: what was written before stays, and gets what entries have now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing

AT = datetime(2026, 8, 1, tzinfo=UTC)


def _migrate(name: str = "") -> Any:
    """The models of this state, of the newest if none is named."""
    executor = MigrationExecutor(connection)
    targets = [("journal", name)] if name else executor.loader.graph.leaf_nodes("journal")
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def old_entry(transactional_db: None) -> Iterator[Any]:
    """The entries of version 0.1.0, to be brought to today's by `_migrate`."""
    yield _migrate("0001_initial").get_model("journal", "Entry")
    _migrate()


def test_old_entries_of_one_time_are_one_transaction(old_entry: Any) -> None:
    """All entries of a transaction had one time of writing; a new transaction has a larger number than every old one."""
    for key, seconds in (("1", 0), ("2", 0), ("3", 1), ("4", 2), ("5", 2)):
        old_entry.objects.create(
            at=AT + timedelta(seconds=seconds), source="old", kind="Pad", key=key, action="created", changes={"name": [None, key]}
        )
    _migrate()
    first, _, third, fourth, _ = Entry.objects.order_by("serial").values_list("serial", flat=True)
    numbers = Entry.objects.order_by("serial").values_list("transaction", flat=True)
    assert list(numbers) == [first, first, third, fourth, fourth]
    assert not Entry.objects.exclude(observed_at=None).exists()
    with writing():
        write([Entry(at=AT, source="new", kind="Pad", key="6", action="created", changes={})])
    assert Entry.objects.get(key="6").transaction == fourth + 1
