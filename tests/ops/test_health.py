"""`/healthz` and `/readyz`, as a load balancer asks them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from launchledger.sync.state import Known
from launchledger.sync.store import Store
from tests.support.processes import environment

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)

_ASK = """
import django
django.setup()
from django.test import Client
for path in ("/healthz", "/readyz"):
    response = Client().get(path)
    print(response.status_code, response.content.decode())
"""


def test_health_needs_no_database(client: Client) -> None:
    """The process answers for itself; this test may not touch a database, and it does not."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_database_with_every_table_is_ready(client: Client) -> None:
    """With this version's tables the server is ready."""
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_asking_each_second_is_cheap(client: Client) -> None:
    """After the first time the answer costs two queries: the names of the tables, and the applied migrations."""
    client.get("/readyz")
    with CaptureQueriesContext(connection) as queries:
        client.get("/readyz")
    assert len(queries) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "harm",
    ["DROP TABLE catalogue_launchvidurl", "DELETE FROM django_migrations WHERE app = 'journal'", "DROP TABLE django_migrations"],
)
def test_readiness_is_never_cached(client: Client, harm: str) -> None:
    """A table or a migration that is gone is noticed though the server was ready just before."""
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(harm)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "the database lacks this version's tables"}


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_not_ready(client: Client) -> None:
    """With migrations of ours that this version does not know, tables may have any form. Those of other programs are fine."""
    MigrationRecorder(connection).record_applied("blog", "9999_later")
    assert client.get("/readyz").status_code == 200
    MigrationRecorder(connection).record_applied("catalogue", "9999_later")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "the database was made by a newer version"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///{folder}/empty.sqlite3", "the database lacks this version's tables"),
        ("sqlite:///{folder}/other.sqlite3", "the database is damaged"),
        ("sqlite:///{folder}/missing/new.sqlite3", "the database does not answer"),
        ("postgres://someone:secret@127.0.0.1:1/none", "the database does not answer"),
    ],
)
def test_a_server_without_its_database_is_alive_and_not_ready(tmp_path: Path, url: str, reason: str) -> None:
    """A database that is empty, no database, not there or not reachable: 200 on health, 503 with the reason on readiness."""
    (tmp_path / "other.sqlite3").write_bytes(b"This is no database." * 100)
    asked = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment(url.format(folder=tmp_path)), capture_output=True, text=True, check=True
    )
    health, ready = asked.stdout.splitlines()
    assert health == '200 {"status":"ok"}'
    status, _, body = ready.partition(" ")
    assert (status, json.loads(body)) == ("503", {"status": "unavailable", "reason": reason})
    assert "secret" not in asked.stdout + asked.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/readyz", "/readyz/"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "launch_library:8000", "a b", ""])
def test_probes_answer_on_any_host(client: Client, settings: Settings, path: str, host: str) -> None:
    """Load balancers and orchestrators use addresses, whatever hosts the server allows."""
    settings.ALLOWED_HOSTS = ["ledger.example"]
    assert client.get(path, headers={"host": host}).status_code == 200
    assert client.get("/2.2.0/", headers={"host": host}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_asked_with_get_and_head(client: Client, path: str) -> None:
    """HEAD is GET without a body; OPTIONS lists the methods, and others get 405, as everywhere in the API."""
    assert client.head(path).status_code == 200
    options = client.options(path)
    assert (options.status_code, options.headers["Allow"], options.content) == (204, "GET, HEAD, OPTIONS", b"")
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        response = client.generic(method, path)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert response.json() == {"detail": f'Method "{method}" not allowed.'}


def _synced(age: timedelta) -> None:
    Store("https://ll.thespacedevs.com", "upstream:ll.thespacedevs.com").save(Known(), NOW - age, answered=True)


@pytest.mark.django_db
def test_a_mirror_may_be_no_older_than_the_operator_wants(client: Client, settings: Settings) -> None:
    """With LAUNCHLEDGER_MAX_SYNC_AGE a mirror whose upstream did not answer for so long is not ready; a new reply makes it so."""
    settings.MAX_SYNC_AGE = timedelta(hours=6)
    with time_machine.travel(NOW, tick=False):
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json() == {"status": "unavailable", "reason": "nothing was ever synced"}
        _synced(timedelta(hours=6, seconds=1))
        response = client.get("/readyz")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert response.json()["reason"] == "the upstream answered last 6 h ago, and LAUNCHLEDGER_MAX_SYNC_AGE is 6 h"
        assert client.get("/2.2.0/pad/").status_code == client.get("/healthz").status_code == 200
        _synced(timedelta(hours=6))
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_the_age_costs_one_query_if_it_matters(client: Client, settings: Settings) -> None:
    """And none if it does not: then a mirror of any age, and a catalogue that was never synced, are ready."""
    _synced(timedelta(days=400))
    assert client.get("/readyz").status_code == 200
    settings.MAX_SYNC_AGE = timedelta(days=100_000)
    with CaptureQueriesContext(connection) as queries:
        client.get("/readyz")
    assert len(queries) == 3
