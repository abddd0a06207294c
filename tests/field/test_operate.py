"""Field cases of operating: the database goes away, or its file is replaced, beneath a running server."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.db import connection

from tests.field.cases import file_of
from tests.support.processes import database_of_its_own, run, served, serving

A_WHILE = 60  # seconds: far more than it takes, for machines that are busy
PATHS = ("/2.2.0/pad/?limit=1", "/", "/readyz")


def _becomes(true: Callable[[], bool]) -> bool:
    """Whether something is so, or becomes so in a while."""
    deadline = time.monotonic() + A_WHILE
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.1)  # a step of polling
    return found


@contextmanager
def _away(name: str) -> Iterator[None]:
    """While this lasts, PostgreSQL takes no connection to the database, and has ended all that there were."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a matter of PostgreSQL")
def test_the_database_goes_away_and_comes_back(tmp_path: Path) -> None:
    """503 for the API, the first page and the probe, without a traceback for any of them; then all answer again."""
    with database_of_its_own(tmp_path) as url, serving(url, "--empty", "--workers", "1") as server:
        with _away(url.rpartition("/")[2]):
            assert _becomes(lambda: httpx.get(f"{server.address}/readyz").status_code == 503)
            replies = {path: httpx.get(f"{server.address}{path}") for path in PATHS}
            assert {path: reply.status_code for path, reply in replies.items()} == dict.fromkeys(PATHS, 503)
            assert "Retry-After" in replies["/2.2.0/pad/?limit=1"].headers
        assert _becomes(lambda: all(httpx.get(f"{server.address}{path}").status_code == 200 for path in PATHS))
    assert "Traceback" not in server.said


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a matter of SQLite")
def test_the_file_is_replaced(tmp_path: Path) -> None:
    """By a copy, and then something is loaded into that: the server shows it, or says that it is not ready."""
    status = {"id": 98, "name": "Scrubbed", "abbrev": "Scrub", "description": ""}
    with database_of_its_own(tmp_path) as url, served(url, "--empty", "--workers", "1") as base:
        address = f"{base}/2.2.0/config/launchstatus/98/"
        assert httpx.get(address).status_code == 404
        file, copy = Path(url.removeprefix("sqlite:///")), tmp_path / "copy.sqlite3"
        shutil.copy(file, copy)
        copy.replace(file)
        run(url, "load", "--as", "config/launchstatus", str(file_of(tmp_path, "status.json", status)))
        assert _becomes(lambda: httpx.get(address).status_code == 200 or httpx.get(f"{base}/readyz").status_code == 503)
