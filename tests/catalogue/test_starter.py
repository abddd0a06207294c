"""The starter catalogue: complete in itself, and taken in once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from launchledger.catalogue.actions import observe_starter
from launchledger.catalogue.models.base import Link, Observed
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.models.stations import DockingEvent
from launchledger.catalogue.records import Record
from launchledger.catalogue.starter import FIRST_OWN_ID, read_starter
from launchledger.wire.v2_2_0 import WIRE

RECORDS = list(read_starter())


def _relations(record: Record) -> list[tuple[str, Any]]:
    """Every row that a row of the data files names."""
    model = apps.get_model("catalogue", record.model)
    named = []
    for column, value in record.columns.items():
        field: Any = model._meta.get_field(column)
        if field.is_relation:
            named.append((field.related_model.__name__, value))
    for column, keys in record.lists.items():
        named += [(_member_of(model._meta.get_field(column)).__name__, key) for key in keys]
    return named


def _member_of(relation: Any) -> type[models.Model]:
    """The model that a list holds: what its links point to, or the rows that point to the owner themselves."""
    listed: type[models.Model] = relation.related_model
    member: Any = listed._meta.get_field("member") if issubclass(listed, Link) else None  # type: ignore[misc]
    return member.related_model if member else listed


def test_no_row_is_given_twice() -> None:
    """Each row of the data files has a key of its own."""
    keys = Counter((record.model, record.key) for record in RECORDS)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_row_that_is_named_is_there() -> None:
    """The files leave no relation open: what a row names, a row is."""
    there = {(record.model, record.key) for record in RECORDS}
    missing = {(record.model, record.key, *named) for record in RECORDS for named in _relations(record) if named not in there}
    assert missing == set()


def test_ids_of_our_own_are_far_from_upstreams() -> None:
    """A whole-number id is upstream's, which are small, or ours, which begin at FIRST_OWN_ID."""
    ids = [record.key for record in RECORDS if isinstance(record.key, int)]
    assert [key for key in ids if 100_000 < key < FIRST_OWN_ID] == []


def test_times_of_a_flight_follow_each_other() -> None:
    """Launched, docked, departed, ended: in this order, as far as they are known."""
    rows = {(record.model, record.key): record.columns for record in RECORDS}
    for record in RECORDS:
        if record.model == "SpacecraftFlight":
            net = rows["Launch", record.columns["launch"]].get("net")
            end = record.columns.get("mission_end")
            assert end is None or net <= end, record
        if record.model == "DockingEvent":
            flight = rows["SpacecraftFlight", record.columns["flight_vehicle"]]
            moments: list[datetime | None] = [
                rows["Launch", flight["launch"]].get("net"),
                record.columns["docking"],
                record.columns.get("departure"),
                flight.get("mission_end"),
            ]
            told = [moment for moment in moments if moment is not None]
            assert told == sorted(told), record


@pytest.mark.django_db
def test_it_is_taken_in_once_and_only_into_an_empty_catalogue() -> None:
    """The first call makes the rows; the second finds that something was written, and does nothing."""
    assert observe_starter() == len(RECORDS)
    assert observe_starter() == 0
    assert SpacecraftFlight.objects.count() >= 42
    assert DockingEvent.objects.exclude(flight_vehicle=None).count() == DockingEvent.objects.count()


@pytest.mark.django_db
def test_every_model_has_a_row() -> None:
    """The starter shows something of every kind, but for timelines and what only the Starship dashboard shows."""
    observe_starter()
    empty = {name for name in WIRE.reader.keyed_models if not _rows(name)}
    assert empty <= {"Notice", "NoticeType", "RoadClosure", "RoadClosureStatus", "TimelineEventType"}


def _rows(model: str) -> int:
    found: type[models.Model] = apps.get_model("catalogue", model)
    assert issubclass(found, Observed)
    return found._default_manager.count()
