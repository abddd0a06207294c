"""`launchledger sandbox`, as a real process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from launchledger.cli import launchledger

LAUNCH = "e3df2ecd-c239-472f-95e4-2b89b4f75800"


def _start(*words: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "launchledger", "sandbox", *words]
    output = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env={**os.environ, **environment}, text=True, **output)  # type: ignore[call-overload, no-any-return]


@contextmanager
def _sandbox(*words: str, **environment: str) -> Iterator[str]:
    """A sandbox's address: the root of version 2.2.0."""
    with _start(*words, "--port", "0", "--until-stdin-ends", **environment) as process:
        assert process.stdin
        try:
            yield _first_line(process).split()[4]
        finally:
            process.stdin.close()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    assert process.stderr
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return line


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=20) as response:
        return json.loads(response.read())


def _post(address: str, body: Any) -> Any:
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.loads(response.read())


def test_it_touches_nothing_of_the_user(tmp_path: Path) -> None:
    """Neither the catalogue in DATABASE_URL nor other settings count, and its own folder is gone when it ends."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/own.sqlite3", "LAUNCHLEDGER_PATH_PREFIX": "/ledger", "TMPDIR": str(folder)}
    with _sandbox(**settings, LAUNCHLEDGER_READ_ONLY="yes") as url:
        assert _get(f"{url}launch/")["count"] > 50
        assert any(each.name.startswith("launchledger-sandbox-") for each in folder.iterdir())
    assert not (tmp_path / "own.sqlite3").exists()
    assert not any(each.name.startswith("launchledger-sandbox-") for each in folder.iterdir())


def test_the_second_start_has_the_same_catalogue(tmp_path: Path) -> None:
    """The starter's catalogue is kept after the first start; nothing that a sandbox did is in it."""
    with _sandbox("--now", "2026-07-20T14:00:00Z", "--speed", "0", TMPDIR=str(tmp_path)) as url:
        first = _get(f"{url}launch/?limit=100")
        _post(url.replace("2.2.0", "sandbox") + "change/", {"resource": "launch", "id": LAUNCH, "set": {"name": "Renamed"}})
    with _sandbox("--now", "2026-07-20T14:00:00Z", "--speed", "0", TMPDIR=str(tmp_path)) as url:
        second = _get(f"{url}launch/?limit=100")
    assert [each["name"] for each in second["results"]] == [each["name"] for each in first["results"]]


def test_replies_and_catalogues_are_served(tmp_path: Path) -> None:
    """PATH may be replies, or the file of a catalogue, which is copied and not changed."""
    reply = tmp_path / "agency.json"
    reply.write_text(json.dumps({"id": 44, "url": "https://ll.thespacedevs.com/2.2.0/agencies/44/", "name": "NASA"}), "utf-8")
    with _sandbox(str(reply)) as url:
        assert [each["name"] for each in _get(f"{url}agencies/")["results"]] == ["NASA"]
    catalogue = tmp_path / "own.sqlite3"
    loading = [sys.executable, "-m", "launchledger", "load", str(reply)]
    subprocess.run(loading, env={**os.environ, "DATABASE_URL": f"sqlite:///{catalogue}"}, check=True, capture_output=True)
    before = catalogue.read_bytes()
    with _sandbox(str(catalogue)) as url:
        control = url.replace("2.2.0", "sandbox")
        _post(f"{control}change/", {"resource": "agencies", "id": 44, "set": {"name": "Nasa"}})
        assert _get(f"{url}agencies/44/")["name"] == "Nasa"
        _post(f"{control}reset/", {})
        assert _get(f"{url}agencies/44/")["name"] == "NASA"
    assert catalogue.read_bytes() == before


def test_scripted_changes_come_in_time(tmp_path: Path) -> None:
    """A slip and then a deletion, each with the first request after its time; a reset begins the script anew."""
    script = tmp_path / "slips.toml"
    script.write_text(
        f"""
        [[change]]
        after = "PT1H"
        resource = "launch"
        id = "{LAUNCH}"
        set = {{ name = "Slipped" }}

        [[change]]
        at = 2026-07-21T00:00:00Z
        resource = "launch"
        id = "{LAUNCH}"
        delete = true
        """,
        encoding="utf-8",
    )
    with _sandbox("--script", str(script), "--now", "2026-07-20T14:00:00Z", "--speed", "0") as url:
        control = url.replace("2.2.0", "sandbox")
        first = _get(f"{url}launch/{LAUNCH}/")["name"]
        _post(f"{control}clock/", {"move": "PT1H"})
        slipped = _get(f"{url}launch/{LAUNCH}/")
        assert (slipped["name"], slipped["last_updated"]) == ("Slipped", "2026-07-20T15:00:00Z")
        _post(f"{control}clock/", {"now": "2026-07-21T00:00:00Z"})
        assert not any(each["id"] == LAUNCH for each in _get(f"{url}launch/?limit=100&mode=list")["results"])
        _post(f"{control}reset/", {})
        assert _get(f"{url}launch/{LAUNCH}/")["name"] == first


def test_a_rate_limits_calls_from_the_start() -> None:
    """The call beyond it gets 429."""
    with _sandbox("--rate", "2/hour") as url:
        for _ in range(2):
            _get(f"{url}agencies/44/")
        with pytest.raises(urllib.error.HTTPError, match="429") as refusal:
            _get(f"{url}agencies/44/")
        refusal.value.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_a_signal(tmp_path: Path, number: int) -> None:
    """With status 0, and without a word on standard error."""
    with _start("--port", "0", TMPDIR=str(tmp_path)) as process:
        assert _first_line(process).startswith("The sandbox answers on http://127.0.0.1:")
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--now", "noon"), "is not a date-time"),
        (("--now", "2300-01-01T00:00:00Z"), "from 1900 to 2200"),
        (("--rate", "fast"), "not a rate such as 15/hour"),
        (("--speed", "-1"), "is not in the range"),
    ],
)
def test_wrong_use_is_refused(words: tuple[str, ...], reason: str) -> None:
    """With status 2, before anything is made."""
    done = CliRunner().invoke(launchledger, ["sandbox", *words])
    assert (done.exit_code, reason in done.output) == (2, True), done.output


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("missing.json",), "missing.json does not exist"),
        (("--script", "missing.toml"), "missing.toml cannot be read: No such file"),
        (("--port", "1", "--host", "192.0.2.1"), "Cannot listen on 192.0.2.1, port 1: "),
    ],
)
def test_a_failed_start_is_one_line(words: tuple[str, ...], reason: str) -> None:
    """With status 1."""
    with _start(*words) as process:
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.count("\n"), reason in errors) == (1, 1, True), errors


def test_it_never_runs_on_the_users_database() -> None:
    """Called in a process that has the user's settings, it refuses."""
    done = CliRunner().invoke(launchledger, ["sandbox"])
    assert (done.exit_code, "no database of its own" in done.output) == (1, True)
