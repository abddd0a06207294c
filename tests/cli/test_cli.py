"""The command itself: its help, its exit status, and how it fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from launchledger import __version__
from launchledger.cli import COMMANDS, launchledger
from tests.support.processes import environment


def _run(url: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "launchledger", *words]
    return subprocess.run(command, env={**environment(url), **variables}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_has_an_example_and_fits_a_terminal(command: str, flag: str) -> None:
    """Every command explains itself with an example, in lines of 80 columns."""
    result = CliRunner().invoke(launchledger, [*filter(None, [command]), flag], prog_name="launchledger")
    assert result.exit_code == 0
    assert f"launchledger {command}".strip() in result.stdout.partition("Example")[2]
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_help_lists_every_command() -> None:
    """The help of the whole names each command with one line."""
    listed = CliRunner().invoke(launchledger, ["--help"]).stdout.partition("Commands:")[2]
    assert all(f"\n  {command}  " in listed for command in COMMANDS)


def test_without_a_command_there_is_help() -> None:
    """The bare command is wrong use, and shows how to use it."""
    result = CliRunner().invoke(launchledger, [], prog_name="launchledger")
    assert result.exit_code == 2
    assert "Usage: launchledger [OPTIONS] COMMAND" in result.stderr


def test_the_version() -> None:
    """The version is the package's."""
    assert (
        CliRunner().invoke(launchledger, ["--version"], prog_name="launchledger").stdout
        == f"launchledger, version {__version__}\n"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nonsense"], "No such command 'nonsense'. See launchledger --help."),
        (["--nonsense"], "No such option '--nonsense'. See launchledger --help."),
        (["load"], "Missing argument 'PATH...'. See launchledger load --help."),
        (
            ["serve", "--port", "0"],
            "Invalid value for '--port': 0 is not in the range 1<=x<=65535. See launchledger serve --help.",
        ),
        (
            ["serve", "--workers", "none"],
            "Invalid value for '--workers': 'none' is not a valid integer range. See launchledger serve --help.",
        ),
        (["check", "more"], "Got unexpected extra argument (more) See launchledger check --help."),
    ],
)
def test_wrong_use_is_one_line_and_status_2(words: list[str], reason: str) -> None:
    """Wrong usage is reported in one line that names the help."""
    result = CliRunner().invoke(launchledger, words, prog_name="launchledger")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert " ".join(result.stderr.split()) == f"launchledger: {reason}"
    assert result.stderr.count("\n") == 1


def test_wrong_settings_are_reported_together(tmp_path: Path) -> None:
    """Wrong variables end any command with status 2 and a line each, before anything is touched."""
    done = _run(f"sqlite:///{tmp_path}/x", "check", LAUNCHLEDGER_LOG_LEVEL="loud", LAUNCHLEDGER_LOG_FORMAT="xml")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "launchledger: wrong settings",
        "LAUNCHLEDGER_LOG_FORMAT: Must be one of: console, json.",
        "LAUNCHLEDGER_LOG_LEVEL: Must be one of: DEBUG, INFO, WARNING, ERROR.",
    ]


@pytest.mark.parametrize("command", [["load", "nothing.json"], ["serve", "--port", "8999"], ["check"]])
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "sqlite:///{folder}/missing/x.sqlite3",
            "launchledger.E001: There is no folder {folder}/missing. Create it, or change DATABASE_URL.",
        ),
        ("sqlite:///{folder}/other.sqlite3", "launchledger.E007: {folder}/other.sqlite3 is damaged, or not a database: "),
        ("postgres://someone:geheim@127.0.0.1:1/none", "the database: connection failed: "),
    ],
)
def test_an_unusable_database_is_one_line_and_status_1(tmp_path: Path, command: list[str], url: str, reason: str) -> None:
    """No folder, another kind of file or no server at the address: one line without a traceback and without the password."""
    (tmp_path / "other.sqlite3").write_bytes(b"This is no database." * 100)
    done = _run(url.format(folder=tmp_path), *command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"launchledger: {reason.format(folder=tmp_path)}")
    assert done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr
