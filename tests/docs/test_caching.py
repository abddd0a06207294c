"""docs/caching.md: the reply that it shows is the server's, and its figures are those of the code."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from launchledger.cdn import follower
from launchledger.cli import launchledger
from launchledger.conf.config import SETTINGS
from launchledger.documents.dependencies import MOST_OBJECTS
from launchledger.http_cache import surrogate_keys
from tests.support.processes import database_of_its_own, served

pytestmark = pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py")

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "caching.md").read_text(encoding="utf-8")
HOST = "http://127.0.0.1:8000"


@pytest.mark.django_db(transaction=True)
def test_the_keys_are_those_of_the_starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that shows a reply's keys prints what the page says."""
    shell, _ = shutil.which("sh"), shutil.which("curl") or pytest.skip("no curl on this machine")
    found = re.search(rf"^\$ (curl -si \"{HOST}.*)\n(.*)$", PAGE, re.MULTILINE)
    assert found
    assert shell
    monkeypatch.setenv("LAUNCHLEDGER_SURROGATE_KEYS", "Surrogate-Key")
    with database_of_its_own(tmp_path) as url, served(url) as server:
        done = subprocess.run(
            [shell, "-c", found[1].replace(HOST, server)], capture_output=True, text=True, timeout=60, check=True
        )
    assert done.stdout.strip() == found[2]


def test_every_figure_equals_the_code() -> None:
    """Times, numbers and sizes equal the constants."""
    for figure in (
        f"never longer than {surrogate_keys.LONGEST // 1024} kB",
        f"more than {MOST_OBJECTS - 6} objects",
        f"more than {follower.MOST_ENTRIES} objects",
        f"({follower.SEEN_AFTER:.2f} s)",
        f"{follower.FIRST_PAUSE} s, 1 s, 2 s … {follower.LONGEST_PAUSE:.0f} s",
    ):
        assert figure in PAGE, figure
    assert follower.REPEAT_AFTER == 5, "five seconds later"


def test_every_command_and_setting_is_there() -> None:
    """Commands on the page have existing options of `launchledger purge` and existing variables."""
    purge = launchledger.get_command(launchledger.make_context("launchledger", ["check"]), "purge")
    assert purge is not None
    options = {option for parameter in purge.params for option in parameter.opts}
    commands = re.findall(r"launchledger purge [^\n`]*", PAGE)
    assert len(commands) >= 5
    assert {option for command in commands for option in re.findall(r"--[a-z]+", command)} <= options
    variables = {name.removesuffix("_FILE") for name in re.findall(r"LAUNCHLEDGER_[A-Z_]+[A-Z]", PAGE)}
    assert variables <= {setting.name for setting in SETTINGS}
