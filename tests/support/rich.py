"""A catalogue for pages in a browser: the starter, and an object of each kind with every value, with long names, and with many
people. Called in a process of its own, on a database with tables.
"""

from __future__ import annotations

from datetime import UTC, datetime

from launchledger.catalogue.actions import Observation, observe, observe_starter
from launchledger.wire.v2_2_0 import WIRE
from tests.support import hostile
from tests.support.bodies import launch
from tests.support.whole import uuid

SLIPPED = uuid(900)


def fill() -> None:
    observe_starter()
    hostile.take_in_all("ordinary", "long", "right to left", "nulls", "crowd")
    for month in range(1, 5):  # a launch whose net moved
        body = launch(SLIPPED, slug="slipped", name="Slipped", net=f"2026-{month + 2:02}-01T00:00:00Z")
        observe([Observation(WIRE.reader.read("Launch", body), f"file:{month}.json", datetime(2025, month, 1, tzinfo=UTC))])
