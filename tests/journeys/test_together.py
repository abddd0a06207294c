"""Writers and readers at the same time, as real processes on one database."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.support.bodies import VOSTOK_1, agency_mini, launch
from tests.support.processes import database_of_its_own, digest, environment, run, start
from tools.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)

VERSIONS = 400


def _version(number: int, id: str = VOSTOK_1) -> dict[str, Any]:
    """One launch with its version in its own row, in a row nested in it and in a list: half a version would show."""
    return launch(
        id,
        name=f"Version {number}",
        last_updated=f"2024-01-01T{number // 60:02}:{number % 60:02}:00Z",
        launch_service_provider=agency_mini(1, f"Agency {number}"),
        program=[{"id": 1 + number % 7, "name": f"Program {number % 7}"}],
    )


def _two_halves(folder: Path) -> list[str]:
    """The versions in two files, every other one in each."""
    files = []
    for half in (0, 1):
        file = folder / f"half-{half}.json"
        file.write_text(json.dumps([_version(number) for number in range(half, VERSIONS, 2)]), encoding="utf-8")
        files.append(str(file))
    return files


def _await_listening(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
    raise AssertionError(f"nothing listens on port {port}")


@contextmanager
def _served(url: str) -> Iterator[str]:
    port = free_port()
    with start(url, "serve", "--empty", "--port", str(port)) as process:
        try:
            _await_listening(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()


def _get(address: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None


def test_no_reader_sees_half_an_object_while_a_load_runs(tmp_path: Path) -> None:
    """The server answers during a load, and each reply is one version of the launch, whole."""
    file = tmp_path / "versions.json"
    file.write_text(json.dumps([_version(number) for number in range(VERSIONS)]), encoding="utf-8")
    with database_of_its_own(tmp_path) as url, _served(url) as server:
        loading = start(url, "load", str(file))
        seen = set()
        while loading.poll() is None:
            status, got = _get(f"{server}/2.2.0/launch/{VOSTOK_1}/")
            if status == 404:
                continue  # not there yet
            assert status == 200
            version = int(got["name"].split()[1])
            seen.add(version)
            assert got["launch_service_provider"]["name"] == f"Agency {version}"
            assert [program["id"] for program in got["program"]] == [1 + version % 7]
        loading.communicate()
        assert loading.returncode == 0
        assert len(seen) > 2, "the reader saw the launch while it changed"


def test_two_loads_at_once_give_what_one_after_the_other_gives(tmp_path: Path) -> None:
    """Writers wait for each other and none fails; the newest observation stands, whoever wrote last."""
    files = _two_halves(tmp_path)
    with database_of_its_own(tmp_path) as url:
        run(url, "load", *files)
        expected = _rows(url)
    with database_of_its_own(tmp_path) as url:
        loads = [start(url, "load", file) for file in files]
        for process in loads:
            printed, _ = process.communicate(timeout=120)
            assert process.returncode == 0, printed.decode()
        assert _rows(url) == expected


def _rows(url: str) -> str:
    """The digest of the catalogue alone: the two ways of loading rightly leave different journals."""
    return digest(url, journal=False)


_WATCH = """
import django
django.setup()
from launchledger.journal.models import Entry

top = count = 0
while True:
    serials = list(Entry.objects.order_by("serial").values_list("serial", flat=True))
    assert sum(serial <= top for serial in serials) == count, f"an entry appeared below serial {top}"
    top, count = max(serials, default=0), len(serials)
    if Entry.objects.filter(kind="Pad", key="999").exists():
        break
print(count)
"""


def test_serials_grow_in_the_order_of_commits(tmp_path: Path) -> None:
    """After a serial was seen no smaller one appears, though two writers write at once."""
    last = tmp_path / "last.json"
    last.write_text(json.dumps({"id": 999, "url": "https://ll.thespacedevs.com/2.2.0/pad/999/"}), encoding="utf-8")
    files = []
    for half in (0, 1):
        file = tmp_path / f"launches-{half}.json"
        launches = [_version(number, str(UUID(int=1 + number))) for number in range(half, VERSIONS, 2)]
        file.write_text(json.dumps(launches), encoding="utf-8")
        files.append(str(file))
    with database_of_its_own(tmp_path) as url:
        watch = subprocess.Popen(
            [sys.executable, "-c", _WATCH], env=environment(url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            loads = [start(url, "load", file) for file in files]
            for process in loads:
                process.communicate(timeout=120)
            run(url, "load", str(last))
            printed, complaint = watch.communicate(timeout=60)
        finally:
            watch.kill()  # or it would watch for ever where a load fails
        assert watch.returncode == 0, complaint.decode()
        assert int(printed) > VERSIONS
