"""Documents: rendered once, read from then on, stored only while they are right, and served on any host."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.documents.models import Document, Use
from launchledger.documents.reading import documents_of
from launchledger.documents.rendering import BASE, DocumentBytes
from launchledger.documents.store import Rendered, store
from launchledger.wire.v2_2_0 import WIRE
from tests.support.asking import take_in as take_in_later
from tests.support.bodies import VOSTOK_1, agency, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def _read(shape: str, key: int | str) -> tuple[list[DocumentBytes], Rendered]:
    rendered = Rendered()
    with snapshot():
        return documents_of(WIRE.shapes[shape], [key], rendered), rendered


def test_a_stored_document_is_read() -> None:
    """The second time one query reads the bytes, and none reads rows."""
    take_in("Launch", [launch()])
    first, rendered = _read("LaunchDetailed", VOSTOK_1)
    assert store(rendered) == 1
    with CaptureQueriesContext(connection) as queries:
        second, nothing = _read("LaunchDetailed", VOSTOK_1)
    assert (second, nothing.documents, len(queries)) == (first, {}, 1)


def test_a_row_that_is_not_there_has_no_document() -> None:
    """It is left out, and nothing is stored for it."""
    take_in("Agency", [agency(1)])
    rendered = Rendered()
    assert len(documents_of(WIRE.shapes["Agency"], [1, 2], rendered)) == 1
    assert store(rendered) == Document.objects.count() == 1


def test_nothing_is_stored_that_was_rendered_before_a_change() -> None:
    """A reader whose snapshot is older than a change must not store: the change may have made its document wrong."""
    take_in("Agency", [agency(1)])
    _, rendered = _read("Agency", 1)
    take_in_later("Agency", agency(1, name="Renamed"), NOW)
    assert store(rendered) == 0
    assert not Document.objects.exists()


def test_two_readers_store_a_document_once() -> None:
    """Two readers that both found no document store one after the other."""
    take_in("Agency", [agency(1)])
    (_, one), (_, other) = _read("Agency", 1), _read("Agency", 1)
    assert (store(one), store(other)) == (1, 0)
    assert Document.objects.count() == 1


def test_a_change_deletes_every_document_that_shows_the_object() -> None:
    """The agency is in its own documents and in the launch's; others stay, and no reference to a deleted one is left."""
    take_in("Launch", [launch()])
    take_in("Agency", [agency(66), agency(7)])
    for shape, key in (("Agency", 66), ("Agency", 7), ("LaunchDetailed", VOSTOK_1), ("LaunchList", VOSTOK_1)):
        store(_read(shape, key)[1])
    take_in_later("Agency", agency(66, name="Renamed"), NOW)
    assert list(Document.objects.values_list("shape", "key")) == [("2.2.0/Agency", "7")]
    assert set(Use.objects.values_list("document", flat=True)) == set(Document.objects.values_list("pk", flat=True))


def test_what_is_in_space_has_no_document() -> None:
    """A duration that grows by the minute would be wrong in one; the reply is right each time, and nothing is stored."""
    take_in("Launch", [launch(net="2026-03-01T11:00:00Z")])
    take_in("SpacecraftFlight", [{"id": 1, "spacecraft": {"id": 1, "name": "Craft"}, "launch": {"id": VOSTOK_1}}])
    with time_machine.travel(NOW, tick=False) as clock:
        take_in("SpacecraftFlight", [{"id": 1, "mission_end": None}])
        for duration in ("PT1H", "PT1H1M"):
            ((body, _),), rendered = _read("Spacecraft", 1)
            assert json.loads(body.translate(None, BASE))["time_in_space"] == duration
            assert store(rendered) == 0
            clock.shift(timedelta(minutes=1))


@pytest.mark.parametrize(("path", "end"), [("/2.2.0/agencies/1/", "/"), ("/2.2.0/agencies/1/?format=json", "/?format=json")])
def test_one_document_serves_every_host_and_format(client: Client, path: str, end: str) -> None:
    """Addresses are filled in when a document is served: with the host and the format of the request."""
    take_in("Agency", [agency(1)])
    for host in ("one.example", "two.example"):
        assert client.get(path, headers={"host": host}).json()["url"] == f"http://{host}/2.2.0/agencies/1{end}"
    assert Document.objects.count() == 1
