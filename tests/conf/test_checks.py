"""System checks: problems with the place of the database are reported before it is opened, each with a stable id."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.checks import run_checks

from launchledger.conf.checks import DATABASE, check_sqlite, in_one_line, missing_client, missing_driver
from tests.support.processes import environment
from tests.support.tables import sqlite_with_tables


def _ids(name: object) -> list[str]:
    return [str(problem.id) for problem in check_sqlite(str(name))]


def test_a_file_that_can_be_made_is_fine(tmp_path: Path) -> None:
    """Whether it exists or not, a file in a folder that can be written to has no problems."""
    assert _ids(tmp_path / "new.sqlite3") == []
    (tmp_path / "old.sqlite3").touch()
    assert _ids(tmp_path / "old.sqlite3") == []
    assert _ids(":memory:") == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """E001: there is no folder for the file, or the file is a folder."""
    assert _ids(tmp_path / "missing" / "new.sqlite3") == ["launchledger.E001"]
    assert _ids(tmp_path) == ["launchledger.E001"]
    (tmp_path / "file").touch()
    assert _ids(tmp_path / "file" / "new.sqlite3") == ["launchledger.E001"]


@pytest.mark.parametrize("protected", ["file", "folder"])
def test_a_place_that_cannot_be_written_to(protected: str) -> None:
    """E002: the file or its folder may be read only. Asked as a user who is not root, for whom nothing is read only."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "old.sqlite3")
        file.touch()
        file.chmod(0o444 if protected == "file" else 0o666)
        Path(folder).chmod(0o555 if protected == "folder" else 0o777)
        program = (
            "import os; from launchledger.conf.checks import check_sqlite\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
            f"print(*(f'{{problem.id}} {{problem.msg}}' for problem in check_sqlite({str(file)!r})))"
        )
        asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        Path(folder).chmod(0o700)
    assert asked.stdout == f"launchledger.E002 Cannot write to {file if protected == 'file' else folder}.\n"


def test_an_old_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """E003: a version of SQLite that is too old is named with its version and what to do."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    (problem,) = check_sqlite(":memory:")
    assert problem.id == "launchledger.E003"
    assert "3.35.0" in str(problem.msg)


def test_this_python_has_the_driver() -> None:
    """Tests run where the driver of PostgreSQL is installed; nothing is missing for either database."""
    assert missing_driver("django.db.backends.postgresql") == missing_driver("django.db.backends.sqlite3") == []


def test_a_missing_driver_is_reported_with_its_installation() -> None:
    """E004: without a driver a command ends in one line that says how to install it."""
    program = (
        "import sys; sys.modules['psycopg'] = sys.modules['psycopg2'] = None\n"
        "import importlib.util as util; found = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name.startswith('psycopg') else found(name, *more)\n"
        "from launchledger.cli import main; sys.argv = ['launchledger', 'check']; main()"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program], env=environment("postgres://u:geheim@h/x"), capture_output=True, text=True, check=False
    )
    assert (asked.returncode, asked.stdout) == (1, "")
    message = "launchledger.E004: The driver for PostgreSQL is missing. Install it: pip install 'launchledger[postgres]'"
    assert asked.stderr == f"launchledger: {message}\n"


@pytest.mark.django_db
def test_the_checks_run_with_djangos_own() -> None:
    """Django knows them, and they find no problem with the database of the tests."""
    assert run_checks(tags=[DATABASE]) == []
    assert run_checks() == []


def test_a_problem_is_one_line(tmp_path: Path) -> None:
    """Id, problem and remedy are in one line."""
    (problem,) = check_sqlite(str(tmp_path / "missing" / "x"))
    assert (
        in_one_line(problem)
        == f"launchledger.E001: There is no folder {tmp_path / 'missing'}. Create it, or change DATABASE_URL."
    )


@pytest.mark.parametrize("url", ["", "redis://h", "unix:///run/redis.sock", "sqlite:////run/counters.sqlite3"])
def test_this_python_has_the_client(url: str) -> None:
    """Tests run where the client of Redis is installed; nothing is missing for any kind of counters."""
    assert missing_client(url) == []


def test_a_missing_client_is_reported_with_its_installation(tmp_path: Path) -> None:
    """E005: without the client of Redis a command ends in one line that says how to install it; counting in a file needs none."""
    program = (
        "import sys; sys.modules['redis'] = None\n"
        "import importlib.util as util; found = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'redis' else found(name, *more)\n"
        "from launchledger.cli import main; sys.argv = ['launchledger', 'key', 'list']; main()"
    )
    own = sqlite_with_tables(tmp_path / "own.sqlite3")
    ended = {}
    for url in ("redis://:geheim@h", f"sqlite:///{tmp_path}/counters.sqlite3"):
        variables = environment(own) | {"LAUNCHLEDGER_CACHE_URL": url}
        ended[url[:5]] = subprocess.run(
            [sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False
        )
    assert (ended["redis"].returncode, ended["redis"].stdout, ended["sqlit"].returncode) == (1, "", 0)
    assert ended["redis"].stderr == (
        "launchledger: launchledger.E005: The client for Redis is missing. Install it: pip install 'launchledger[redis]', "
        "or count in a file: LAUNCHLEDGER_CACHE_URL=sqlite:///FILE\n"
    )
