"""The Starship dashboards that upstream sent in 2021: each one, loaded and asked for at its time, shows what it showed."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.ingest.loading import Instructions, Loader
from launchledger.ingest.reports import Complaint
from tests.support.upstream import REPLIES, needs_upstream

pytestmark = [pytest.mark.django_db, needs_upstream]

# A version, and a time between its newest past object and its next upcoming one.
DASHBOARDS = {"2.1.0": "2020-12-28T12:00:00Z", "2.2.0": "2021-04-02T12:00:00Z"}


def _load(version: str) -> dict[str, Any]:
    """Load the dashboard of a version as its file, and give its content."""
    complaints: list[Complaint] = []
    file = REPLIES / version / "dashboard-starship__all__1.json"
    Loader(Instructions(), complain=complaints.append).load(file)
    assert complaints == []
    body: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return body


def _ids(body: dict[str, Any]) -> dict[str, list[Any]]:
    lists = {key: body.get(key) or [] for key in ("updates", "road_closures", "notices", "vehicles")}
    lists |= {f"{when}.{key}": body[when][key] for when in ("upcoming", "previous") for key in ("launches", "events")}
    return {name: [each["id"] for each in listed] for name, listed in lists.items()}


@pytest.mark.parametrize("version", DASHBOARDS)
def test_a_dashboard_comes_back_at_its_time(client: Client, version: str) -> None:
    """Every list has the same members in the same order, and the streams are the same."""
    with time_machine.travel(DASHBOARDS[version], tick=False):
        sent = _load(version)
        got = client.get("/2.2.0/dashboard/starship/").json()
    assert _ids(got) == _ids(sent)
    assert got["live_streams"] == sent["live_streams"]
    assert len(sent["previous"]["launches"]) >= 5


def test_the_newer_of_two_dashboards_counts(client: Client) -> None:
    """Loaded one after the other, the second decides; the vehicles of the first are among its own."""
    for version, time in DASHBOARDS.items():
        with time_machine.travel(time, tick=False):
            sent = _load(version)
    with time_machine.travel(DASHBOARDS["2.2.0"], tick=False):
        assert _ids(client.get("/2.2.0/dashboard/starship/").json()) == _ids(sent)
