"""`launchledger serve`, as a real process that is asked over HTTP."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner

from launchledger.cli import launchledger
from launchledger.pytest_plugin import LL2
from tests.support.processes import database_of_its_own, database_without_tables, run, start
from tools.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def _wait_for(process: subprocess.Popen[bytes], workers: int) -> list[str]:
    """The lines that the server writes until all its workers have started."""
    lines: list[str] = []
    assert process.stdout is not None
    while sum("Started worker" in line for line in lines) < workers:
        line = process.stdout.readline().decode()
        assert line, "".join(lines)
        lines.append(line)
    return lines


@contextmanager
def _served(url: str, *words: str, workers: int = 1) -> Iterator[tuple[str, subprocess.Popen[bytes], list[str]]]:
    port = free_port()
    with start(url, "serve", "--port", str(port), "--workers", str(workers), *words) as process:
        try:
            yield f"http://127.0.0.1:{port}", process, _wait_for(process, workers)
        finally:
            process.terminate()
            process.communicate()


def _get(address: str) -> Any:
    """Ask, and ask again while nobody listens yet: workers log that they started shortly before they listen."""
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(address, timeout=20) as response:
                return json.loads(response.read())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > deadline:
                raise


def test_the_first_start_makes_tables_and_loads_the_starter(tmp_path: Path) -> None:
    """On a new database everything is there with the first reply; the second start finds it done."""
    with database_without_tables(tmp_path) as url:
        with _served(url) as (server, _, lines):
            assert "loaded the starter catalogue" in lines[0]
            assert f"Launchledger answers on {server}/2.2.0/" in lines[1]
            assert _get(f"{server}/readyz") == {"status": "ready"}
            count = _get(f"{server}/2.2.0/spacecraft/flight/")["count"]
            assert count > 0
        with _served(url) as (server, _, lines):
            assert f"Launchledger answers on {server}/2.2.0/" in lines[0]
            assert _get(f"{server}/2.2.0/spacecraft/flight/")["count"] == count


def test_empty_stays_empty(tmp_path: Path) -> None:
    """With --empty the catalogue has tables and no rows."""
    with database_of_its_own(tmp_path) as url, _served(url, "--empty") as (server, _, lines):
        assert "Launchledger answers" in lines[0]
        assert _get(f"{server}/2.2.0/launch/")["count"] == 0


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_gracefully(tmp_path: Path, by: signal.Signals) -> None:
    """Asked to stop, by a supervisor or by Ctrl-C, it ends with status 0 and without a traceback, and the port is free again."""
    with database_of_its_own(tmp_path) as url, _served(url, "--empty", workers=2) as (server, process, _):
        assert _get(f"{server}/healthz") == {"status": "ok"}
        process.send_signal(by)
        printed, _ = process.communicate(timeout=30)
        assert (process.returncode, b"Traceback" in printed) == (0, False)
        with socket.create_server(("127.0.0.1", int(server.rpartition(":")[2]))):
            pass


def test_several_workers_answer_from_one_catalogue(tmp_path: Path) -> None:
    """Workers are processes with connections of their own; all of them answer."""
    with database_of_its_own(tmp_path) as url, _served(url, "--empty", workers=3) as (server, _, _):
        assert [_get(f"{server}/2.2.0/pad/")["count"] for _ in range(30)] == [0] * 30


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    """A second server on the same port does not share it, and reports that before it touches the database."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start(f"sqlite:///{tmp_path}/new.sqlite3", "serve", "--port", str(port)) as process:
            printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 1
    assert printed == (
        f"launchledger: Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Another program listens there, perhaps another launchledger serve: stop it, or choose another --port.\n"
    )
    assert not (tmp_path / "new.sqlite3").exists()


def test_a_database_in_memory_is_not_served() -> None:
    """Processes cannot share a database in memory, so it is refused instead of answering with failures."""
    with start("sqlite://:memory:", "serve", "--port", str(free_port())) as process:
        printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 1
    assert printed.startswith("launchledger: A database in memory cannot be served")
    assert printed.count("\n") == 1


@pytest.mark.parametrize("host", ["999.999.999.999", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_one_line(tmp_path: Path, host: str) -> None:
    """An invalid address, or another machine's, is reported in one line."""
    with start(f"sqlite:///{tmp_path}/new.sqlite3", "serve", "--host", host) as process:
        printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 1
    assert printed.startswith(f"launchledger: Cannot listen on {host}, port 8000: ")
    assert printed.count("\n") == 1


def test_a_clock_before_1970_is_one_line() -> None:
    """HTTP has no dates before 1970, so nothing is started that could not answer."""
    with time_machine.travel(datetime(1969, 7, 20, tzinfo=UTC), tick=False):
        done = CliRunner().invoke(launchledger, ["serve"])
    assert (done.exit_code, done.output) == (
        1,
        "launchledger: The clock is before 1970, and HTTP has no such dates: set the clock.\n",
    )


def test_log_lines_are_json_if_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own lines go through the same logging as all others."""
    monkeypatch.setenv("LAUNCHLEDGER_LOG_FORMAT", "json")
    with database_of_its_own(tmp_path) as url, _served(url, "--empty") as (_, _, lines):
        entries = [json.loads(line) for line in lines if not line.startswith("Launchledger answers")]
    assert any(entry["event"].startswith("Started worker") for entry in entries)


def test_servers_that_start_together_prepare_once(tmp_path: Path) -> None:
    """Three servers started at once on one empty database: one makes the tables and loads the starter, none fails."""
    ports = [str(free_port()) for _ in range(3)]
    with database_without_tables(tmp_path) as url:
        processes = [start(url, "serve", "--port", port) for port in ports]
        try:
            lines = [line for process in processes for line in _wait_for(process, 1)]
            counts = {_get(f"http://127.0.0.1:{port}/2.2.0/launch/")["count"] for port in ports}
        finally:
            for process in processes:
                process.terminate()
                process.communicate()
    assert sum("loaded the starter catalogue" in line for line in lines) == 1
    assert len(counts) == 1


def test_a_server_syncs(ll2: LL2, tmp_path: Path) -> None:
    """With --sync it has no starter, and soon what the upstream has; if it is killed, so is the process that syncs."""
    theirs = _get(f"{ll2.url}agencies/")["count"]
    with (
        database_of_its_own(tmp_path) as url,
        _served(url, "--sync", "--upstream", ll2.url) as (server, process, lines),
    ):
        assert not [line for line in lines if "loaded the starter" in line]
        deadline = time.monotonic() + 60
        while (found := _get(f"{server}/2.2.0/agencies/")["count"]) < theirs:
            assert time.monotonic() < deadline, found
        process.kill()
        assert process.stdout is not None
        process.stdout.read()  # until no process can write to it any more
        done = run(url, "sync", "--upstream", ll2.url, "--only", "config/orbit")
        assert "config/orbit: page 1" in done


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--sync", "--read-only"], "--sync writes to the catalogue"),
        (["--sync", "--upstream", "https://ll.thespacedevs.com/"], "Is not the root of a version"),
    ],
)
def test_syncing_that_cannot_work_is_refused(words: list[str], reason: str) -> None:
    """With status 2, before the server starts."""
    done = CliRunner().invoke(launchledger, ["serve", *words])
    assert (done.exit_code, reason in done.output) == (2, True), done.output
