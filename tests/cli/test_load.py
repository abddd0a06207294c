"""`launchledger load`: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from launchledger.catalogue.models.launches import Launch, Pad
from launchledger.cli import launchledger
from launchledger.formats.texts import printable
from tests.support.bodies import VOSTOK_1, launch, pad
from tests.support.processes import database_of_its_own, environment, run, start
from tests.support.tables import sqlite_with_tables

command = import_module("launchledger.cli.load")  # its name is that of the command within
TABLE_HEAD = ["resource", "new", "changed", "same", "refused"]


def _load(*words: object, standard_input: str | None = None) -> Result:
    return CliRunner().invoke(launchledger, ["load", *map(str, words)], input=standard_input, prog_name="launchledger")


def _table(result: Result) -> list[list[str]]:
    return [line.split() for line in result.stdout.splitlines()]


def _file(folder: Path, name: str, body: Any) -> Path:
    file = folder / name
    file.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return file


@pytest.mark.django_db
def test_a_table_counts_the_outcomes(tmp_path: Path) -> None:
    """Standard output holds the plain table of resources, and standard error is empty."""
    file = _file(tmp_path, "launch.json", launch())
    result = _load(file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert _table(result) == [TABLE_HEAD, ["launch", "1", "0", "0", "0"]]
    assert "\x1b" not in result.stdout
    assert _table(_load(file)) == [TABLE_HEAD, ["launch", "0", "0", "1", "0"]]


@pytest.mark.django_db
def test_refusals_go_to_standard_error_and_end_in_status_1(tmp_path: Path) -> None:
    """A refusal names file, place and reason; the rest is loaded."""
    file = _file(tmp_path, "pads.json", [pad(1), pad(2, name=5), pad(3)])
    result = _load(file)
    assert result.exit_code == 1
    assert result.stderr == f"{file}: $[1].name: is an integer (5), expected text\n"
    assert _table(result) == [TABLE_HEAD, ["pad", "2", "0", "0", "1"]]
    assert Pad.objects.filter(pk__in=[1, 3]).count() == 2


@pytest.mark.django_db
def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    """A missing file is reported, and the others are loaded."""
    result = _load(tmp_path / "missing.json", _file(tmp_path, "pad.json", pad(1)))
    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path / 'missing.json'}: $: cannot be read: No such file or directory\n"
    assert Pad.objects.count() == 1


@pytest.mark.django_db
def test_unknown_keys_are_reported_once(tmp_path: Path) -> None:
    """After the table, each unknown key is printed with its count and its first place; it is not a failure."""
    file = _file(tmp_path, "pads.json", [pad(number, altitude=90) for number in (1, 2, 3)])
    result = _load(file)
    assert result.exit_code == 0
    assert f"  Pad.altitude (3 times, first in {file}: $[0])" in result.stdout.splitlines()


ESCAPES = "\x1b]0;PWNED\x07\x9b31m\u202e\n"


@pytest.mark.django_db
def test_nothing_from_outside_reaches_the_terminal_raw(tmp_path: Path) -> None:
    """Neither an unknown key, nor the name of a file or folder, nor a value that is refused."""
    folder = tmp_path / f"folder{ESCAPES}"
    (folder / "empty").mkdir(parents=True)
    file = _file(folder, f"pads{ESCAPES}.json", [pad(1, **{f"key{ESCAPES}": 1}), pad(2, name=[ESCAPES]), {ESCAPES: 1}])
    result = _load(folder)
    assert result.exit_code == 1
    for text in (result.stdout, result.stderr):
        assert all(line.isprintable() for line in text.splitlines())
        assert text.count("\n") <= 8
    assert r"Pad.key\x1b]0;PWNED\x07\x9b31m\u202e\n (1 times" in result.stdout
    assert result.stderr.count(printable(file.name)) == 2


@pytest.mark.django_db
def test_wrong_use_is_reported_without_raw_escapes() -> None:
    """The name of a file may be taken for an option."""
    result = _load(f"--{ESCAPES}")
    assert result.exit_code == 2
    assert all(line.isprintable() for line in result.stderr.splitlines())


@pytest.mark.django_db
def test_many_refusals_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number they are not printed one by one, but counted for each file; the status and the table include all."""
    monkeypatch.setattr(command, "MOST_PRINTED", 3)
    first, second = _file(tmp_path, "a.json", [1] * 5), _file(tmp_path, "b.json", [1] * 2)
    result = _load(first, second)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        *(f"{first}: $[{place}]: is not an object" for place in range(3)),
        f"{first}: 2 more were refused",
        f"{second}: 2 more were refused",
    ]
    assert _table(result) == [TABLE_HEAD, ["?", "0", "0", "0", "7"]]


@pytest.mark.django_db
def test_standard_input_with_a_resource(tmp_path: Path) -> None:
    """`-` reads standard input, and `--as` names the resource of objects without a url."""
    result = _load("--as", "launchstatus", "-", standard_input='{"id": 3, "name": "Launch Successful"}')
    assert _table(result) == [TABLE_HEAD, ["config/launchstatus", "1", "0", "0", "0"]]


@pytest.mark.django_db
def test_the_time_of_observation_may_be_given(tmp_path: Path) -> None:
    """An older reply changes nothing that a newer one brought, whatever the order of loading."""
    _load("--observed-at", "2025-01-01T00:00:00Z", _file(tmp_path, "new.json", launch(name="New")))
    _load("--observed-at", "2024-01-01T00:00:00Z", _file(tmp_path, "old.json", launch(name="Old")))
    assert Launch.objects.get(pk=VOSTOK_1).name == "New"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            ["--as", "rockets", "x"],
            "Invalid value for '--as': rockets is not a resource of version 2.2.0, such as config/launchstatus.",
        ),
        (["--observed-at", "today", "x"], "Invalid value for '--observed-at': 'today' is not a date-time with a zone"),
    ],
)
def test_wrong_options_are_wrong_use(words: list[str], reason: str) -> None:
    """An unknown resource and an invalid time end in status 2 and one line, before a file is opened."""
    result = _load(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"launchledger: {reason}")


def _launches(count: int) -> list[dict[str, Any]]:
    return [launch(str(UUID(int=number + 1)), name=f"Launch {number}") for number in range(count)]


@pytest.mark.django_db(transaction=True)
def test_ctrl_c_stops_cleanly_and_prints_what_was_loaded(tmp_path: Path) -> None:
    """Interrupted, the command prints its table of what is in the catalogue and ends with status 130, without a traceback."""
    file = _file(tmp_path, "launches.json", _launches(120))
    pipe = tmp_path / "pipe"  # at which the command waits for somebody to write
    os.mkfifo(pipe)
    with database_of_its_own(tmp_path) as url:
        with start(url, "load", str(file), str(pipe)) as process, pipe.open("w"):  # opens when the command has come to it
            process.send_signal(signal.SIGINT)
            printed = process.communicate(timeout=60)[0].decode()
        assert process.returncode == 130
        assert ["launch", "120", "0", "0", "0"] in [line.split() for line in printed.splitlines()]
        assert "launchledger: stopped." in printed.splitlines()
        assert "Traceback" not in printed
        assert ["launch", "0", "0", "120", "0"] in [line.split() for line in run(url, "load", str(file)).splitlines()]


def test_a_full_disk_is_one_line_and_what_was_loaded(tmp_path: Path) -> None:
    """When the database cannot grow, the command reports it in one line, and prints the table of what it loaded."""
    file = _file(tmp_path, "launches.json", _launches(3000))
    url = sqlite_with_tables(tmp_path / "small.sqlite3")
    run(url, "load", str(_file(tmp_path, "pad.json", pad(1))))

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    command = [sys.executable, "-m", "launchledger", "load", str(file)]
    done = subprocess.run(command, env=environment(url), capture_output=True, text=True, check=False, preexec_fn=small_files_only)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("launchledger: the database: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout.split()[:5] == TABLE_HEAD
