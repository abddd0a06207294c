"""`launchledger changes` and `launchledger history`: the ledger in the shell."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from launchledger.catalogue.actions import Observation, observe
from launchledger.cli import launchledger
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import LATE, VOSTOK_1, agency, launch
from tests.support.processes import database_of_its_own, run, start

pytestmark = pytest.mark.django_db

FIRST, THEN = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, words, env={"COLUMNS": "240"})


@pytest.fixture
def _slipped() -> None:
    for day, net in enumerate((FIRST, THEN)):
        observe(
            [Observation(WIRE.reader.read("Launch", launch(net=net)), f"file:\x1b[31m{day}.json", LATE + timedelta(days=day))]
        )


@pytest.mark.usefixtures("_slipped")
def test_people_read_from_what_to_what() -> None:
    """A line for each changed column, with who said so; a creation is one line; nothing controls the terminal."""
    result = _run("history", "launch", VOSTOK_1)
    created, moved = [line.split() for line in result.stdout.splitlines() if "created" in line or " net " in line]
    assert created[-1] == r"file:\x1b[31m0.json"
    assert moved[-4:] == ["net", f'"{FIRST}"', f'"{THEN}"', r"file:\x1b[31m1.json"]
    assert "\x1b" not in result.stdout
    assert " net " in _run("changes", "--since", "0", "--column", "net", "--action", "changed").stdout


@pytest.mark.usefixtures("_slipped")
def test_the_object_is_named_where_there_may_be_several() -> None:
    """The history of one object leaves the room to its changes."""
    for words, is_named in ((("history", "launch", VOSTOK_1), False), (("history", "launch", VOSTOK_1, "--nested"), True)):
        shown = _run(*words).stdout
        assert (VOSTOK_1 in shown, "object" in shown.splitlines()[0]) == (is_named, is_named)


@pytest.mark.usefixtures("_slipped")
def test_programs_read_what_http_gives(client: Client) -> None:
    """Each entry is a line of JSON, the same as over HTTP but for the host of its URL."""
    lines = [json.loads(line) for line in _run("history", "launch", VOSTOK_1, "--json").stdout.splitlines()]
    asked = client.get(f"/ledger/launch/{VOSTOK_1}/history/", {"limit": "100"}).json()["results"]
    assert lines == [{**entry, "url": entry["url"].removeprefix("http://testserver")} for entry in asked]
    everything = [json.loads(line) for line in _run("changes", "--since", "0", "--json").stdout.splitlines()]
    assert [entry for entry in everything if entry["id"] == VOSTOK_1] == lines
    newest = everything[-1]["serial"]
    assert _run("changes", "--since", str(newest)).stdout == "Nothing changed.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("history", "rocket", "1"),
        ("history", "pad", "one"),
        ("history", "pad", "999"),
        ("history", "pad", "9" * 36),
        ("history", "launch", VOSTOK_1, "--column", "nat"),
        ("changes", "--since", "-1"),
        ("changes", "--resource", "rocket"),
        ("changes", "--column", "\x1b"),
    ],
)
def test_wrong_words_are_refused_in_one_line(words: tuple[str, ...]) -> None:
    """With what is wrong, and without a traceback."""
    result = _run(*words)
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr


@pytest.mark.sqlite_only("a process reads its database as every command does")
def test_following_shows_what_others_commit(tmp_path: Path) -> None:
    """The entry of another process is printed while the command runs."""
    file = tmp_path / "agencies__1__1.json"
    file.write_text(json.dumps(agency(1)), encoding="utf-8")
    with database_of_its_own(tmp_path) as url:
        run(url, "load", str(file))
        follower = start(url, "changes", "--follow", "--json", "--since", "0")
        try:
            assert follower.stdout is not None
            first = json.loads(follower.stdout.readline())
            run(url, "delete", first["resource"], str(first["id"]))
            for line in iter(follower.stdout.readline, b""):
                if json.loads(line)["action"] == "deleted":
                    break
        finally:
            follower.kill()
            follower.communicate()
