"""Overrides in the ledger: named as the source with their reason, and never taken for what upstream says, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import Observation, end_overrides, observe, override
from launchledger.catalogue.records import Record
from launchledger.curation.columns import column_named, subject_named, value_in, wanted
from launchledger.history.changes import ALL
from launchledger.history.telling import latest_changes, tell

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
KEY = "e3df2ecd-c239-472f-95e4-2b89b4f75800"
FIRST, SECOND, OWN = "2026-07-21T14:00:00Z", "2026-07-22T14:00:00Z", "2026-07-30T10:00:00Z"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def _observe(net: str, at: datetime) -> None:
    record = Record("Launch", KEY, {"name": "Sputnik", "net": datetime.fromisoformat(net)}, {})
    observe([Observation([record], "upstream:ll.thespacedevs.com", at)])


def _override(text: str) -> None:
    column = column_named(subject_named("launch"), "net")
    override([wanted(column, KEY, value_in(column, text), "The range said so", None)])


def _of_net(client: Client) -> list[dict[str, Any]]:
    entries = client.get(f"/ledger/launch/{KEY}/history/").json()["results"]
    return [entry for entry in entries if {"net", "observed.net"} & entry["changes"].keys()]


def test_an_override_from_begin_to_end(client: Client, clock: time_machine.Traveller) -> None:
    """Its begin and end are entries of its own, and what upstream says meanwhile changes `observed.net` alone."""
    _observe(FIRST, NOW)
    _override(OWN)
    clock.shift(3600)
    _observe(SECOND, datetime.now(UTC))
    assert client.get(f"/2.2.0/launch/{KEY}/").json()["net"] == OWN
    end_overrides({("Launch", KEY, "net")})
    assert client.get(f"/2.2.0/launch/{KEY}/").json()["net"] == SECOND
    assert [(each["source"], each["changes"].get("net"), each["changes"].get("observed.net")) for each in _of_net(client)] == [
        ("upstream:ll.thespacedevs.com", [None, FIRST], None),
        ("override", [FIRST, OWN], None),
        ("upstream:ll.thespacedevs.com", None, [FIRST, SECOND]),
        ("override", [OWN, SECOND], None),
    ]
    assert [each["changes"]["reason"] for each in _of_net(client) if each["source"] == "override"] == [
        [None, "The range said so"],
        ["The range said so", None],
    ]


def test_slips_are_those_of_upstream(client: Client, clock: time_machine.Traveller) -> None:
    """An override is no slip."""
    _observe(FIRST, NOW)
    _override(OWN)
    clock.shift(3600)
    _observe(SECOND, datetime.now(UTC))
    found = client.get(f"/ledger/launch/{KEY}/slips/").json()
    assert (found["slips"], [step["net"] for step in found["steps"]]) == (1, [FIRST, SECOND])


def test_an_override_in_sentences(clock: time_machine.Traveller) -> None:
    """With its reason; one that gives the value that was there already moves nothing."""
    _observe(FIRST, NOW)
    _override(FIRST)
    _override(OWN)
    clock.shift(3600)
    _observe(SECOND, datetime.now(UTC))
    end_overrides({("Launch", KEY, "net")})
    told = tell([change for change in latest_changes(ALL, 100) if change.kind == "Launch"], 50)[:4]
    assert [(each.said, *each.facts) for each in told] == [
        ("an override", "net moved from 2026-07-30 10:00 UTC to 2026-07-22 14:00 UTC (-7 d 20 h)", "as observed again"),
        ("Launch Library 2", "net beneath an override changed from 2026-07-21 14:00 UTC to 2026-07-22 14:00 UTC"),
        ("an override", "net moved from 2026-07-21 14:00 UTC to 2026-07-30 10:00 UTC (+8 d 20 h)", "because: The range said so"),
        ("an override", "net stays 2026-07-21 14:00 UTC", "because: The range said so"),
    ]
