"""The database goes away beneath a running server, and comes back: PostgreSQL stopped, the file of SQLite replaced or removed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection

from tests.support.postgres import postgres_of_its_own
from tests.support.processes import database_of_its_own, run, serving, start

pytestmark = pytest.mark.django_db(transaction=True)

STATUS = {"id": 98, "name": "One more", "abbrev": "One", "description": "A status."}
LIST, DETAIL = "/2.2.0/config/launchstatus/", "/2.2.0/config/launchstatus/98/"
# Everything that reads the catalogue: lists, details, what is filtered, pages for people, the dashboard, the first page.
NEED_THE_DATABASE = (
    LIST, DETAIL, "/2.2.0/launch/upcoming/?search=a", "/2.2.0/pad/?format=api", "/2.2.0/dashboard/starship/", "/", "/readyz",
)  # fmt: skip
NEED_NONE = ("/2.2.0/", "/2.2.0/schema/?format=json", "/healthz", "/docs/")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


def _ask(address: str, method: str = "GET", key: str = "") -> Answer:
    request = urllib.request.Request(address, method=method, headers={"Authorization": f"Token {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return Answer(response.status, {n.lower(): v for n, v in response.headers.items()}, response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, {n.lower(): v for n, v in error.headers.items()}, error.read().decode())


def _wait_until(holds: Callable[[], bool], times: int = 8) -> None:
    """Until it holds so many times in a row, as there are several workers."""
    deadline = time.monotonic() + 30
    row = 0
    while row < times:
        row = row + 1 if holds() else 0
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _assert_unavailable(address: str) -> None:
    for path in NEED_THE_DATABASE:
        for method in ("GET", "HEAD"):
            answer = _ask(address + path, method)
            assert (path, method, answer.status, answer.headers.get("retry-after")) == (path, method, 503, "5")
            if path.startswith("/2.2.0/"):
                assert answer.headers["access-control-allow-origin"] == "*"
                assert method == "HEAD" or "The catalogue is not available" in json.loads(answer.body)["detail"]
    assert _ask(address + LIST, key="some-key").status == 503
    assert {_ask(address + path).status for path in NEED_NONE} == {200}


def _assert_logged_once(said: str, times: int, workers: int = 1) -> None:
    assert "Traceback" not in said
    assert said.count("requests are answered with 503") <= times * workers
    assert 1 <= said.count("the database answers again") <= times * workers


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of postgresql")
def test_postgresql_goes_away_and_comes_back() -> None:
    """Stopped beneath a server: 503 with when to ask again, one line in the log, and all is well when it is back."""
    with postgres_of_its_own() as postgres, serving(postgres.url, "--empty", "--workers", "1") as server:
        assert _ask(server.address + LIST).status == 200
        postgres.stop()
        # What was kept is given for a tenth of a second more, in which a stop may have come to its end.
        _wait_until(lambda: _ask(server.address + LIST).status == 503, times=1)
        _assert_unavailable(server.address)
        postgres.start()
        _wait_until(lambda: _ask(server.address + LIST).status == 200)
        _wait_until(lambda: _ask(server.address + "/readyz").status == 200, times=60)
        _wait_until(lambda: _ask(server.address + LIST).status == 200, times=60)
    _assert_logged_once(server.said, times=1)


def _new_catalogue(folder: Path, source: Path, *statuses: dict[str, object]) -> Path:
    """A copy of a catalogue with these statuses besides."""
    file = folder / "new.sqlite3"
    with closing(sqlite3.connect(source)) as original:
        original.execute("VACUUM INTO ?", [str(file)])
    (folder / "statuses.json").write_text(json.dumps(statuses))
    run(f"sqlite:///{file}", "load", "--as", "config/launchstatus", str(folder / "statuses.json"))
    assert not Path(f"{file}-wal").exists()
    return file


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of sqlite")
def test_the_file_is_replaced_and_removed(tmp_path: Path) -> None:
    """What has the name now is served: another catalogue moved there, nothing while it is removed or a folder, then it again."""
    with database_of_its_own(tmp_path) as url, serving(url, "--empty", "--workers", "2") as server:
        file = Path(url.removeprefix("sqlite:///"))
        kept = _new_catalogue(tmp_path, file, STATUS).rename(tmp_path / "kept.sqlite3")
        count = json.loads(_ask(server.address + LIST).body)["count"]
        _wait_until(lambda: _ask(server.address + DETAIL).status == 404)

        shutil.copy(kept, tmp_path / "moved.sqlite3")
        (tmp_path / "moved.sqlite3").rename(file)
        _wait_until(lambda: _ask(server.address + DETAIL).status == 200)
        assert {json.loads(_ask(server.address + LIST).body)["count"] for _ in range(8)} == {count + 1}
        (tmp_path / "more.json").write_text(json.dumps({**STATUS, "id": 99}))
        run(url, "load", "--as", "config/launchstatus", str(tmp_path / "more.json"))
        _wait_until(lambda: json.loads(_ask(server.address + LIST).body)["count"] == count + 2)
        with closing(sqlite3.connect(file)) as now:
            assert now.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

        for end in ("", "-wal", "-shm"):
            Path(f"{file}{end}").unlink(missing_ok=True)
        _wait_until(lambda: _ask(server.address + DETAIL).status == 503)
        _assert_unavailable(server.address)
        assert not file.exists()
        file.mkdir()
        _assert_unavailable(server.address)
        file.rmdir()
        kept.rename(file)
        _wait_until(lambda: _ask(server.address + DETAIL).status == 200)
        assert {json.loads(_ask(server.address + LIST).body)["count"] for _ in range(8)} == {count + 1}
        assert _ask(server.address + "/readyz").status == 200
    assert "Traceback" not in server.said
    assert server.said.count("requests are answered with 503") <= 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of sqlite")
@pytest.mark.parametrize("harm", ["pages", "truncated"])
def test_the_file_is_damaged(tmp_path: Path, harm: str) -> None:
    """Damaged beneath a server: 503 and no traceback, nobody dies, and `check` says what it is."""
    with database_of_its_own(tmp_path) as url, serving(url, "--workers", "1") as server:
        file = Path(url.removeprefix("sqlite:///"))
        _wait_until(lambda: _ask(server.address + LIST).status == 200, times=1)
        _wait_until(lambda: not Path(f"{file}-wal").exists() or not Path(f"{file}-wal").stat().st_size, times=1)
        with file.open("r+b") as pages:
            if harm == "truncated":
                pages.truncate(0)
            else:
                for place in range(4096, file.stat().st_size, 4096):
                    pages.seek(place)
                    pages.write(os.urandom(4096))
        _wait_until(lambda: _ask(server.address + "/2.2.0/astronaut/?mode=detailed").status == 503, times=3)
        assert _ask(server.address + "/healthz").status == 200
        with start(url, "check") as check:
            printed = check.communicate(timeout=60)[0].decode()
        assert check.returncode == 1
        assert ("There is no database yet" if harm == "truncated" else "E007") in printed
        assert (printed.count("\n"), "Traceback" in printed) == (1, False)
    assert "Traceback" not in server.said
