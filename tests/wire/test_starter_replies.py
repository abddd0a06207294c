"""Replies of the starter catalogue: no null where clients never had one from upstream, and something to come for years."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from launchledger.catalogue.actions import observe_starter
from launchledger.catalogue.starter import read_starter
from launchledger.documents.renderer import Address
from launchledger.documents.rendering import render
from launchledger.wire.fields import Shape
from launchledger.wire.v2_2_0 import WIRE

pytestmark = pytest.mark.sqlite_only("replies are the same bytes on both: test_same_bytes.py")

NEVER_NULL = {shape: set(keys) for shape, keys in tomllib.loads(Path(__file__).with_name("never_null.toml").read_text()).items()}
# Null is the only true value.
TRUE_NULLS = {
    "SpacecraftFlight": {"mission_end"},  # of flights that have not ended, of which real replies at hand show none in this shape
    "Spacecraft": {"serial_number"},  # not every builder publishes one
}
MONTH, QUARTERS, HALVES, YEAR, DECADE = 7, (8, 9, 10, 11), (12, 13), 14, 16  # ids of net precisions


def _nulls(value: Any, shape: Shape) -> Iterator[tuple[str, str, Any]]:
    """The shape, key and id of every null in an object that upstream would not send."""
    for field in shape.fields:
        held = value.get(field.key)
        if held is None and field.key in NEVER_NULL.get(shape.name, set()) - TRUE_NULLS.get(shape.name, set()):
            yield shape.name, field.key, value.get("id")
        for member in held if isinstance(held, list) else [held]:
            if field.shape and isinstance(member, dict):
                yield from _nulls(member, shape.nested(field))


@pytest.mark.django_db
def test_nothing_is_null_that_upstream_never_has_null() -> None:
    """In every shape of every resource, for every row."""
    observe_starter()
    found: set[tuple[str, str, Any]] = set()
    for resource in WIRE.resources.values():
        keys = list(apps.get_model("catalogue", resource.model)._default_manager.values_list("pk", flat=True))
        for shape in {resource.detail, *resource.modes.values()}:
            for value in render(shape, keys, Address("http://here/2.2.0/", "/")):
                found.update(_nulls(value, shape))
    assert found == set()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-25", "2028-12-31", "2030-12-31"])
def test_something_is_to_come_until_the_decade_ends(client: Client, day: str) -> None:
    """Whenever a server is started first: clients take an empty list for a fault."""
    with time_machine.travel(f"{day}T00:00:00Z", tick=False):
        observe_starter()
        for path in ("launch", "event"):
            assert client.get(f"/2.2.0/{path}/upcoming/?limit=1").json()["count"] >= 2, (path, day)


def test_a_coarse_date_is_the_last_day_of_its_time() -> None:
    """As upstream writes it: the midnight at which the last day of the month, quarter, half, year or decade begins."""
    coarse = 0
    for record in read_starter():
        moment = record.columns.get("net" if record.model == "Launch" else "date")
        precision = record.columns.get("net_precision", record.columns.get("date_precision"))
        if record.model in ("Launch", "Event") and precision is not None and precision >= MONTH:
            coarse += 1
            assert moment is not None, record
            assert moment == _last_day(moment, precision), record
    assert coarse > 15


def _last_day(moment: datetime, precision: int) -> datetime:
    year, month = moment.year, moment.month
    if precision in QUARTERS:
        month = 3 * (QUARTERS.index(precision) + 1)
    elif precision in HALVES:
        month = 6 * (HALVES.index(precision) + 1)
    elif precision == YEAR:
        month = 12
    elif precision == DECADE:
        year, month = year // 10 * 10 + 9, 12
    return datetime(year, month, monthrange(year, month)[1], tzinfo=UTC)


def test_a_launch_has_a_window() -> None:
    """Its own, or its net (seed 567)."""
    for record in read_starter():
        if record.model == "Launch":
            window = record.columns["window_start"], record.columns["window_end"]
            assert window[0] <= record.columns["net"] <= window[1], record
