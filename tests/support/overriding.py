"""Overrides as tests make them, and what the journal says of them."""

from __future__ import annotations

from typing import Any

from launchledger.catalogue.actions import Observation, Wanted, end_overrides, observe, override
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY


def observe_body(model: str, body: dict[str, Any], at: Any = EARLY, source: str = "file:a.json") -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at)])


def make_overrides(kind: str, key: int | str, reason: str = "It is wrong", until: Any = None, **values: Any) -> None:
    override([Wanted(kind, key, column, {column: value}, reason, until) for column, value in values.items()])


def end(kind: str, key: int | str, *columns: str) -> int:
    return end_overrides({(kind, str(key), column) for column in columns})


def entries_after(serial: int = 0) -> list[tuple[str, str, Any, dict[str, Any]]]:
    """The source, kind, observed time and changes of each entry after a serial."""
    entries = Entry.objects.filter(serial__gt=serial).order_by("serial")
    return [(entry.source, entry.kind, entry.observed_at, entry.changes) for entry in entries]


def last_serial() -> int:
    return Entry.objects.values_list("serial", flat=True).last() or 0
