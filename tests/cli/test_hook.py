"""`launchledger hook` and `launchledger deliver`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from click.testing import CliRunner, Result
from pytest_django.fixtures import Settings

from launchledger.cli import launchledger
from launchledger.hooks.keeping import all_hooks
from launchledger.hooks.models import Hook
from tests.support.receiver import receiving, write_entries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 12, 0, 15, 250_000, tzinfo=UTC)
URL = "http://127.0.0.1:9/launches?token=quiet"


@pytest.fixture(autouse=True)
def _allowed(settings: Settings) -> Iterator[None]:
    settings.HOOKS_KEY = "a key of forty characters or more, which no one knows"
    settings.HOOKS_PRIVATE = True
    with time_machine.travel(NOW, tick=False):
        yield


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, words, prog_name="launchledger")


def _added(url: str, *words: str) -> str:
    made = _run("hook", "add", url, *words)
    assert made.exit_code == 0, made.output
    return made.stdout.strip()


def test_a_hook_is_added_tested_and_removed() -> None:
    """Standard output is the secret and nothing else, so that a shell can capture it; nothing shows it again."""
    with receiving() as receiver:
        receiver.secret = secret = _added(receiver.url, "--resource", "launch")
        number = str(all_hooks().get().pk)
        assert secret.startswith("whsec_")
        tested = _run("hook", "test", number)
        assert tested.stdout.startswith("Accepted with 204 after 0.")
        assert [body["type"] for body in receiver.accepted] == ["test"]
    shown = "".join(_run("hook", *words).output for words in (["list"], ["list", "--json"], ["log", number]))
    assert secret not in shown
    removed = _run("hook", "remove", number)
    assert removed.stdout == f"Removed webhook {number}, {receiver.url.partition('?')[0]}?….\n"
    assert not all_hooks().exists()


def test_json_is_for_machines() -> None:
    """`add --json` prints the secret and the hook; the list prints the same without the secret."""
    added = json.loads(_added(URL, "--resource", "config-launcher", "--id", "7", "--column", "name", "--json"))
    assert added.pop("secret").startswith("whsec_")
    assert json.loads(_run("hook", "list", "--json").stdout) == [added]
    assert added == {
        "number": added["number"],
        "url": "http://127.0.0.1:9/launches?…",
        "resources": ["config/launcher"],
        "ids": ["7"],
        "columns": ["name"],
        "state": "active",
        "delivered": 0,
        "behind": 0,
        "failures": 0,
        "reason": "",
        "created_at": "2026-07-20T12:00:15Z",
        "delivered_at": None,
        "failing_since": None,
        "next_at": None,
        "paused_at": None,
    }


def test_the_list_says_who_fails_and_who_is_paused() -> None:
    """One line a hook, with how far behind it is and why."""
    assert _run("hook", "list").stdout == "There are no webhooks. Add one with: launchledger hook add URL\n"
    with receiving(lambda number: 500 if number else 204) as failing, receiving(lambda number: 410) as gone:
        for receiver in (failing, gone):
            receiver.secret = _added(receiver.url)
        write_entries([{}], [{}])
        assert _run("deliver").stdout == "1 message was accepted.\n"
    lines = _run("hook", "list").stdout.splitlines()[1:]
    assert "everything  failing, next attempt 2026-07-20 12:00  1       2026-07-20 12:00     answered 500 Internal" in lines[0]
    assert "everything  paused since 2026-07-20 12:00" in lines[1]
    assert lines[1].rstrip().endswith("answered 410 Gone")
    assert "quiet" not in "".join(lines)


def test_the_log_has_the_last_attempts() -> None:
    """Newest first, as a table and as JSON."""
    with receiving(lambda number: 204 if number == 0 else 503) as receiver:
        receiver.secret = _added(receiver.url)
        first, second, third = write_entries([{}, {}], [{}])
        _run("deliver")
        number = str(all_hooks().get().pk)
        assert _run("hook", "test", number).exit_code == 1
    lines = _run("hook", "log", number).stdout.splitlines()
    assert [line.split()[2:4] for line in lines[1:]] == [["0", "test"], ["1", f"{third}-{third}"], ["2", f"{first}-{second}"]]
    assert lines[1].rstrip().endswith("answered 503 Service Unavailable")
    assert lines[3].rstrip().endswith("accepted with 204")
    (newest,) = json.loads(_run("hook", "log", number, "--limit", "1", "--json").stdout)
    assert (newest["at"], newest["status"], newest["entries"], newest["message"]) == (
        "2026-07-20T12:00:15Z",
        503,
        0,
        receiver.ids[2],
    )


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (["hook", "add", "ftp://x"], 1, "Is not a valid address"),
        (["hook", "add", URL, "--resource", "rockets"], 1, "'rockets' is not a resource"),
        (["hook", "add", URL, "--column", "nett"], 1, "No object has a column 'nett'"),
        (["hook", "test", "999"], 1, "There is no hook 999"),
        (["hook", "log", "999"], 1, "There is no hook 999"),
        (["hook", "remove", "999"], 1, "There is no hook 999"),
        (["hook", "remove", "first"], 2, "'first' is not a valid integer"),
        (["hook", "remove", str(2**63)], 2, "is not in the range"),
    ],
)
def test_what_is_wrong_is_one_line(words: list[str], status: int, reason: str) -> None:
    """And nothing is added."""
    result = _run(*words)
    assert (result.exit_code, result.stdout) == (status, "")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Hook.objects.exists()


@pytest.mark.parametrize("words", [["hook", "add", URL], ["deliver"], ["deliver", "--forever"]])
def test_without_a_key_nothing_is_signed(settings: Settings, words: list[str]) -> None:
    """The error says how to make one."""
    settings.HOOKS_KEY = ""
    result = _run(*words)
    assert result.exit_code == 1
    assert "LAUNCHLEDGER_SECRET_KEY is not set" in result.stderr
    assert "openssl rand -base64 48" in result.stderr


def test_a_read_only_catalogue_is_not_delivered_from(settings: Settings) -> None:
    """What was delivered could not be recorded."""
    settings.READ_ONLY = True
    result = _run("deliver")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "read-only mode" in result.stderr


@pytest.mark.parametrize("command", ["add", "list", "remove", "test", "log"])
def test_each_subcommand_explains_itself(command: str) -> None:
    """The help of each subcommand has an example and fits a terminal."""
    shown = _run("hook", command, "--help").stdout
    assert f"launchledger hook {command}" in shown.partition("Example")[2]
    assert max(map(len, shown.splitlines())) <= 80
