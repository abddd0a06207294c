"""A database of version 0.1.0 is brought to today's tables, and is served as it was.

Its tables are made by the migrations of that version, and its rows are what that version wrote: without the columns that came
later, with places that follow from 1,000,000 on, and with sightings that had nothing to break ties.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from django.test import Client

from launchledger.catalogue.actions import Observation, Outcome, observe, refresh
from launchledger.catalogue.models.base import CompletedLink, Observed
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.texts import SearchedText
from launchledger.catalogue.queries.history import steps_of
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import get, model_of_shape

OF_0_1_0 = {"catalogue": "0003_searched_texts", "journal": "0001_initial", "serving": "0001_initial", "access": "0001_initial"}
FOLLOWING = 1_000_000
GOLDEN = sorted((Path(__file__).parents[1] / "wire" / "golden").glob("*.json"))
BEGIN = datetime(2026, 8, 1, tzinfo=UTC)
NOW = datetime(2026, 8, 2, tzinfo=UTC)
Table = list[dict[str, Any]]


def _observations() -> list[Observation]:
    """Every golden body, each a minute after the one before, as `load` of that version dated and named them."""
    return [
        Observation(
            WIRE.reader.read(model_of_shape(file.stem), json.loads(file.read_text(encoding="utf-8"))),
            f"file:{file.name}",
            BEGIN + timedelta(minutes=minute),
        )
        for minute, file in enumerate(GOLDEN)
    ]


def _replies(client: Client) -> dict[str, bytes]:
    """Each list in each of its modes, the first objects of it, and a search."""
    replies = {}
    for path, resource in WIRE.resources.items():
        for mode in resource.modes:
            replies[f"{path} {mode}"] = get(client, f"/2.2.0/{path}/", {"mode": mode, "limit": "100"})
        for item in json.loads(get(client, f"/2.2.0/{path}/", {"limit": "3"}))["results"]:
            if "id" in item:
                replies[f"{path} {item['id']}"] = get(client, f"/2.2.0/{path}/{item['id']}/", {})
    replies["search"] = get(client, "/2.2.0/launch/", {"search": "vostok"})
    return replies


def _places() -> Table:
    """The places in lists that other rows complete, with what tells which of them follow from these."""
    links = [model for model in apps.get_app_config("catalogue").get_models() if issubclass(model, CompletedLink)]
    return [dict(place) for link in links for place in link._default_manager.order_by("pk").values()]


def _as_of_0_1_0(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    """A row as that version wrote it."""
    if issubclass(model, Observed):
        row["observations"] = [sighting[:3] for sighting in row["observations"]]
    if issubclass(model, SearchedText):
        row["resource"] = row["search"].removeprefix("2.2.0/")
    if issubclass(model, CompletedLink) and row["follows"]:
        row["position"] += FOLLOWING
    return row


def _migrate(targets: Mapping[str, str] | None) -> Any:
    """Bring the tables to these migrations, None for the newest, and give the models of then."""
    executor = MigrationExecutor(connection)
    nodes = list(targets.items()) if targets else executor.loader.graph.leaf_nodes()
    executor.migrate(nodes)
    return executor.loader.project_state([node for node in nodes if node[0] in OF_0_1_0]).apps


def _columns(model: type[Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields if not field.generated}


@pytest.fixture
def fill(transactional_db: None) -> Iterator[Callable[[], None]]:
    """What puts the rows of today's tables into those of version 0.1.0, empties today's and leaves the older ones."""

    def fill() -> None:
        rows: dict[str, Table] = {
            model._meta.label: [_as_of_0_1_0(model, row) for row in model._default_manager.order_by("pk").values()]
            for app in OF_0_1_0
            for model in apps.get_app_config(app).get_models()
        }
        call_command("flush", interactive=False, verbosity=0)
        old = _migrate(OF_0_1_0)
        with transaction.atomic():
            for app in OF_0_1_0:
                for model in old.get_app_config(app).get_models():
                    columns = _columns(model)
                    model._default_manager.bulk_create(
                        model(**{column: row[column] for column in columns & row.keys()}) for row in rows[model._meta.label]
                    )

    yield fill
    call_command("flush", interactive=False, verbosity=0)
    _migrate(None)


def test_a_catalogue_of_0_1_0_is_served_as_it_was(fill: Callable[[], None], client: Client, time_machine: Any) -> None:
    """The same bytes in every list and of every object; entries have transactions; states of watched columns can be asked for."""
    time_machine.move_to(NOW, tick=False)
    observe(_observations()[:10])
    time_machine.move_to(NOW + timedelta(seconds=1), tick=False)
    observe(_observations()[10:])
    refresh()
    replies, places = _replies(client), _places()
    assert {place["follows"] for place in places} == {False, True}
    transactions = list(Entry.objects.order_by("serial").values_list("serial", "transaction"))
    launch = json.loads((GOLDEN[0].parent / "LaunchDetailed.json").read_text(encoding="utf-8"))
    assert ObservedState.objects.exists()
    fill()
    _migrate(None)

    assert _replies(client) == replies
    assert _places() == places
    written = Entry.objects.order_by("serial").values_list("serial", "transaction")
    firsts = {number: min(serial for serial, of in transactions if of == number) for _, number in transactions}
    assert list(written) == [(serial, firsts[number]) for serial, number in transactions]
    assert not Entry.objects.exclude(observed_at=None).exists()
    assert [step.value for step in steps_of("Launch", launch["id"])["net"]] == [launch["net"]]

    entries = Entry.objects.count()
    assert set(observe(_observations())) == {Outcome.SAME}
    refresh()
    assert Entry.objects.count() == entries
    assert _replies(client) == replies
