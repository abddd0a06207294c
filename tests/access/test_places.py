"""Where calls are counted."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from launchledger.access.counters import CountersFail
from launchledger.access.counters_in_file import CountersInFile
from launchledger.access.places import counters, counters_at, default_url
from launchledger.conf.rates import Rate

ONE = Rate(1, 60)
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    default_url.cache_clear()
    return tmp_path


def test_next_to_a_catalogue_on_sqlite(tmp_path: Path) -> None:
    """The counters of a catalogue in a file are in another file next to it."""
    name = str(tmp_path / "launchledger.sqlite3")
    assert default_url(SQLITE, "", "", name) == f"sqlite:///{tmp_path}/launchledger-counters.sqlite3"


def test_elsewhere_in_a_folder_of_our_own(temporary: Path) -> None:
    """Other databases have a file each in a folder that only this user may enter; all processes find the same."""
    places = {default_url(POSTGRESQL, "db", "5432", name) for name in ("one", "two", "two")}
    folder = temporary / f"launchledger-{os.getuid()}"
    assert {Path(place.removeprefix("sqlite:///")).parent for place in places} == {folder}
    assert len(places) == 2
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_enter_is_not_used(temporary: Path) -> None:
    """A folder of that name that another user prepared, or a link, is reported and left alone."""
    folder = temporary / f"launchledger-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(CountersFail, match="is open to others"):
        default_url(POSTGRESQL, "db", "", "one")
    folder.rmdir()
    folder.symlink_to(temporary)
    with pytest.raises(CountersFail, match="is open to others"):
        default_url(POSTGRESQL, "db", "", "one")


def test_the_settings_come_first(settings: Settings, tmp_path: Path) -> None:
    """Where LAUNCHLEDGER_CACHE_URL names a file, that is it; the same URL gives the same counters."""
    settings.COUNTERS_URL = f"sqlite:///{tmp_path}/named.sqlite3"
    assert counters().take("a", ONE, 1) == 0
    assert (tmp_path / "named.sqlite3").exists()
    assert counters() is counters_at(settings.COUNTERS_URL)
    counters().close()


def test_the_file_is_for_us_alone(tmp_path: Path) -> None:
    """Only the server's user can read the addresses of callers."""
    file = tmp_path / "counters.sqlite3"
    in_file = CountersInFile(file)
    in_file.take("a", ONE, 1)
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}
    in_file.close()


@pytest.mark.parametrize("content", ["a catalogue", "text", "a folder"])
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, content: str) -> None:
    """Another database, a file that is not a database and a folder are reported with their path, and not touched."""
    file = tmp_path / "launchledger.sqlite3"
    if content == "a folder":
        file.mkdir()
    elif content == "text":
        file.write_text("This is no database." * 100)
    else:
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE launch (id INTEGER)")
    before = file.read_bytes() if file.is_file() else b""
    in_file = CountersInFile(file)
    with pytest.raises(CountersFail, match=str(file)):
        in_file.take("a", ONE, 1)
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_counters_survive_a_fork(tmp_path: Path) -> None:
    """A process made as a copy of this one counts on a connection of its own, and its calls are counted here too."""
    in_file = CountersInFile(tmp_path / "counters.sqlite3")
    assert in_file.take("a", Rate(2, 60), 1) == 0
    child = os.fork()
    if not child:
        os._exit(in_file.take("a", Rate(2, 60), 1))
    assert os.waitpid(child, 0)[1] == 0
    assert in_file.take("a", Rate(2, 60), 1) == 60_000_000
    in_file.close()
