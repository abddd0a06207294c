"""The made-up catalogue: the same for the same seed, whole in itself, and as if every row had been observed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Count, F, Max
from django.test import Client

from benchmarks.tables.filling import fill
from benchmarks.tables.proportions import rows_of
from launchledger.catalogue.actions import recompute
from launchledger.catalogue.models.base import Link, Observed
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.models.stations import DockingEvent
from launchledger.journal.reading import latest_serial
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import emptied_afterwards

SCALE = 0.02
NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _models() -> list[Any]:
    return [model for model in apps.get_app_config("catalogue").get_models() if issubclass(model, Observed | Link)]


def _digest(seed: int) -> str:
    digest = hashlib.sha256()
    with emptied_afterwards():
        fill(SCALE, seed, NOW)
        for model in _models():
            columns = [
                field.attname
                for field in model._meta.concrete_fields
                if (field.name != "id" or issubclass(model, Observed)) and field.editable
            ]
            rows = sorted(json.dumps(row, cls=DjangoJSONEncoder) for row in model._default_manager.values_list(*columns))
            digest.update(json.dumps([model.__name__, rows]).encode())
    return digest.hexdigest()


def test_same_seed_same_catalogue() -> None:
    """The seed decides every value, and nothing else does."""
    assert _digest(1) == _digest(1) != _digest(2)


def test_proportions() -> None:
    """Each table with ids has the rows that its scale promises, and the journal an entry."""
    serial = latest_serial()
    written = fill(SCALE, 1, NOW)
    assert {name: written[name] for name in ("Launch", "SpacecraftFlight", "Update", "LaunchStatus")} == {
        name: rows_of(name, SCALE) for name in ("Launch", "SpacecraftFlight", "Update", "LaunchStatus")
    }
    assert all(written[model.__name__] for model in _models() if issubclass(model, Observed))
    assert latest_serial() > serial


def test_everything_fits() -> None:
    """Relations lead to rows that exist; a flight has its own launch and ends after it began; dockings lie in between."""
    fill(SCALE, 1, NOW)
    connection.check_constraints()
    assert not SpacecraftFlight.objects.filter(mission_end__lte=F("launch__net")).exists()
    assert SpacecraftFlight.objects.values("launch").distinct().count() == SpacecraftFlight.objects.count()
    assert not DockingEvent.objects.filter(docking__lte=F("flight_vehicle__launch__net")).exists()
    assert not DockingEvent.objects.filter(departure__lt=F("docking")).exists()
    nets = Launch.objects.filter(net__gt=NOW)
    assert 0 < nets.count() < Launch.objects.count() / 4
    assert not Launch.objects.filter(net__gt=NOW + timedelta(days=731)).exists()


def test_lists_have_no_holes() -> None:
    """The places of a list count from 0 without a gap."""
    fill(SCALE, 1, NOW)
    for model in _models():
        if issubclass(model, Link):
            lists = model._default_manager.values("owner").annotate(members=Count("id"), last=Max("position"))
            assert not lists.exclude(members=F("last") + 1).exists(), model.__name__


def test_nothing_is_left_to_compute() -> None:
    """Every derived number looks observed, so that no benchmark begins with the catalogue's own arithmetic."""
    fill(SCALE, 1, NOW)
    assert recompute(NOW) == 0


def test_every_resource_answers(client: Client) -> None:
    """Each list and its first detail is a good reply, and detailed flights have about the size they have upstream."""
    fill(SCALE, 1, NOW)
    for path in WIRE.resources:
        reply = client.get(f"/2.2.0/{path}/", {"limit": "1"})
        assert reply.status_code == 200, path
        for item in reply.json()["results"]:
            assert client.get(f"/2.2.0/{path}/{item['id']}/").status_code == 200, path
    flights = client.get("/2.2.0/spacecraft/flight/", {"limit": "100", "mode": "detailed"})
    assert 8_000 < len(flights.content) / len(flights.json()["results"]) < 20_000


def test_continues_after_the_last_row() -> None:
    """A writer can go on where the generator stopped: new rows get new numbers."""
    fill(SCALE, 1, NOW)
    for model in _models():
        if issubclass(model, Link) and (last := model._default_manager.order_by("id").last()):
            added = model._default_manager.create(owner_id=last.owner_id, member_id=last.member_id, position=9_000)
            assert added.pk > last.pk
