"""Counters of their own for tests, in a file and in a real Redis or Valkey."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings
from redis import Redis

from launchledger.access import counting
from launchledger.access.places import counters_at


def _redis_server() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a server that listens on a Unix socket in a private folder, keeps nothing, and goes with the tests."""
    program = _redis_server()
    if not program:
        pytest.skip("there is no redis-server and no valkey-server on PATH")
    with tempfile.TemporaryDirectory(prefix="launchledger-") as folder:  # the path of a socket must be short
        options = ["--port", "0", "--unixsocket", f"{folder}/socket", "--save", "", "--appendonly", "no", "--dir", folder]
        with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert any("eady to accept connections" in line for line in server.stdout)
            yield f"unix://{folder}/socket"
            server.terminate()
            server.stdout.read()


@pytest.fixture(params=["file", "redis"])
def counters_url(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Empty counters, on each side in turn, which the server uses during this test."""
    url = f"sqlite:///{tmp_path}/counters.sqlite3"
    if request.param == "redis":
        url = f"{request.getfixturevalue('redis_url')}?client_name={uuid4().hex}"
        with Redis.from_url(url) as client:
            client.flushall()
    yield from _used(url, settings, monkeypatch)


@pytest.fixture
def counters_file(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Empty counters in a file, which the server uses during this test."""
    yield from _used(f"sqlite:///{tmp_path}/counters.sqlite3", settings, monkeypatch)


def _used(url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    settings.COUNTERS_URL = url
    monkeypatch.setattr(counting, "_guard", counting.Guard())  # which remembers for a second that counters failed
    yield url
    counters_at(url).close()
