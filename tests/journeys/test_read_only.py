"""`serve --read-only`: from a folder that cannot be written to, beside a writer, and on PostgreSQL. Nothing is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.support.processes import database_of_its_own, environment, run, serving, start
from tools.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/2.2.0/config/launchstatus/"
ASKED = (
    LIST, "/2.2.0/launch/?mode=detailed", "/2.2.0/spacestation/4/", "/2.2.0/spacecraft/flight/?mode=detailed", "/", "/readyz",
)  # fmt: skip
ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="of sqlite")


def _ask(address: str, key: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(address, headers={"Authorization": f"Token {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def _in(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in folder.iterdir())


@contextmanager
def _folder_for_everybody() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@ON_SQLITE
def test_nothing_is_written_to_a_catalogue_or_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """All faces answer, a key opens, calls are counted, and afterwards every file of the folder is as it was."""
    monkeypatch.setenv("LAUNCHLEDGER_THROTTLE_ANONYMOUS", "1000/hour")
    with _folder_for_everybody() as folder, database_of_its_own(folder) as url:
        with serving(url, "--workers", "1") as server:  # makes the starter
            expected = [_ask(server.address + path)[0] for path in ASKED]
        key = run(url, "key", "create", "a reader").split()
        text = next(word for word in key if word.startswith("launchledger_"))
        for other in folder.glob("*-counters*"):
            other.unlink()
        before = _in(folder)
        with serving(url, "--read-only", "--workers", "2") as server:
            assert [_ask(server.address + path)[0] for path in ASKED] == expected
            assert _ask(server.address + LIST, text)[0] == 200
            used = json.loads(_ask(server.address + "/2.2.0/api-throttle/")[1])["current_use"]
            assert used >= len([path for path in ASKED if path.startswith("/2.2.0/")])
            assert _in(folder) == before
        assert _in(folder) == before
    assert ("Traceback" in server.said, "WARNING" in server.said) == (False, False)


@ON_SQLITE
@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As from a medium that is read-only: every face answers. Without --read-only the refusal names the option."""
    with _folder_for_everybody() as folder, database_of_its_own(folder) as url:
        with serving(url, "--workers", "1") as server:
            expected = [_ask(server.address + path)[0] for path in ASKED]
        Path(url.removeprefix("sqlite:///")).chmod(0o444)
        folder.chmod(0o555)
        if os.geteuid() == 0:  # gives up the right of root to write where the mode of a file forbids it
            python = tmp_path / "python"
            python.write_text(f'#!/bin/sh\nexec setpriv --bounding-set=-dac_override {sys.executable} "$@"\n')
            python.chmod(0o755)
            monkeypatch.setattr(sys, "executable", str(python))
        before = _in(folder)
        with start(url, "serve", "--port", str(free_port())) as process:
            printed = process.communicate(timeout=60)[0].decode()
        assert (process.returncode, "E002" in printed, "--read-only" in printed) == (1, True, True)
        with serving(url, "--read-only", "--workers", "2") as server:
            assert [_ask(server.address + path)[0] for path in ASKED] == expected
        assert _in(folder) == before
        folder.chmod(0o777)


@ON_SQLITE
def test_what_a_writer_elsewhere_commits_is_served(tmp_path: Path) -> None:
    """A reader takes part in what others write, and in what is moved there."""
    with database_of_its_own(tmp_path) as url, serving(url, "--read-only", "--workers", "1") as server:
        for id in (1, 2, 3):
            (tmp_path / "status.json").write_text(json.dumps({"id": id, "name": "A", "abbrev": "A", "description": ""}))
            run(url, "load", "--as", "config/launchstatus", str(tmp_path / "status.json"))
            deadline = time.monotonic() + 20
            while json.loads(_ask(server.address + LIST)[1])["count"] != id:
                assert time.monotonic() < deadline


def test_an_older_database_is_refused(tmp_path: Path) -> None:
    """What must be upgraded first, and what is not there, is named in one line."""
    with database_of_its_own(tmp_path) as url:
        words = [sys.executable, "-m", "django", "migrate", "serving", "zero", "--verbosity", "0"]
        subprocess.run(words, env=environment(url), check=True)
        urls = [url, f"sqlite:///{tmp_path}/none.sqlite3"] if connection.vendor == "sqlite" else [url]
        for each in urls:
            with start(each, "serve", "--read-only", "--port", str(free_port())) as process:
                printed = process.communicate(timeout=60)[0].decode()
            assert (process.returncode, printed.count("\n")) == (1, 1)
            assert "start once without --read-only" in printed
        assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of postgresql")
def test_postgresql_refuses_to_write_itself(tmp_path: Path) -> None:
    """Every transaction is read-only there; all faces answer, and no document is stored."""
    with database_of_its_own(tmp_path) as url:
        with serving(url, "--workers", "1"):
            pass
        with serving(url, "--read-only", "--workers", "1") as server:
            assert {_ask(server.address + path)[0] for path in ASKED} == {200}
        with start(url, "statistics") as process:
            process.communicate(timeout=60)
        refused = subprocess.run(
            [sys.executable, "-m", "launchledger", "key", "create", "someone"],
            env=environment(url) | {"LAUNCHLEDGER_READ_ONLY": "yes"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (refused.returncode, "read-only transaction" in refused.stderr) == (1, True)
