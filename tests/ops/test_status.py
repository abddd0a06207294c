"""`/ledger/status/`: the status of the mirror over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from launchledger import clock
from launchledger.ops import status as ops_status
from launchledger.ops.status import forget_status
from launchledger.sync.lease import Lease
from launchledger.sync.servers import source_of
from launchledger.sync.state import Known
from launchledger.sync.store import Store

pytestmark = pytest.mark.django_db

PATH = "/ledger/status/"
SERVER = "https://ll.thespacedevs.com"


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    forget_status()
    yield
    forget_status()


def _save(at: datetime | None = None) -> None:
    Store(SERVER, source_of(SERVER)).save(Known(), at or clock.now(), answered=True)


def test_nothing_was_ever_synced(client: Client) -> None:
    """That is an answer, and not an error: the catalogue may be filled from files."""
    response = client.get(PATH)
    assert (response.status_code, response.json()) == (200, {"upstream": None})
    assert (response.headers["Content-Type"], response.headers["Cache-Control"]) == ("application/json", "no-store")


def test_the_status_is_there_for_scripts_of_any_site(client: Client) -> None:
    """The same as the command prints, but without the name of the machine; scripts may read it as they may read the API."""
    _save()
    Lease().take()
    response = client.get(PATH, headers={"origin": "https://app.example"})
    told = response.json()
    assert (told["upstream"], len(told["lists"]), told["syncing"].keys()) == (SERVER, 35, {"since"})
    for name in ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"):
        assert response.headers[name] == client.get("/2.2.0/pad/").headers[name]


def test_one_caller_cannot_make_the_server_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status is read from the database once, and again only after some seconds."""
    _save(clock.now() - timedelta(hours=1))
    first = client.get(PATH).json()
    _save()
    with CaptureQueriesContext(connection) as queries:
        again = [client.get(PATH).json() for _ in range(5)]
    assert (len(queries), again) == (0, [first] * 5)
    monkeypatch.setattr(ops_status, "CACHED_FOR", 0.0)
    forget_status()
    assert client.get(PATH).json()["answered_at"] > first["answered_at"]
    with CaptureQueriesContext(connection) as queries:
        client.get(PATH)
    assert len(queries) > 0


def test_with_the_prefix_ledger_it_is_found_too(client: Client) -> None:
    """There `/ledger/status/` becomes `/status/`, which is the same."""
    assert client.get("/status/").json() == client.get(PATH).json() == {"upstream": None}


def test_methods_and_slashes_are_those_of_the_probes(client: Client) -> None:
    """GET and HEAD; other methods are refused, and a last slash that is missing is added by a redirect."""
    assert (client.head(PATH).status_code, client.head(PATH).content) == (200, b"")
    assert client.options(PATH).headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.post(PATH).status_code == 405
    assert client.get(PATH.rstrip("/")).status_code == 301


@pytest.mark.django_db(transaction=True)
def test_without_the_tables_it_is_a_503(client: Client) -> None:
    """As every reply that needs the database."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sync_planstate RENAME TO elsewhere")
    try:
        response = client.get(PATH)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO sync_planstate")
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")
    assert "tables" in response.json()["detail"]


def test_the_host_is_checked(client: Client, settings: Settings) -> None:
    """It is for callers from outside, and not a probe."""
    settings.ALLOWED_HOSTS = ["ledger.example"]
    assert client.get(PATH).status_code == 400
    assert client.get(PATH, headers={"host": "ledger.example"}).json() == {"upstream": None}
