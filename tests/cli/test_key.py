"""`launchledger key`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import time_machine
from click.testing import CliRunner, Result
from django.test import Client

from launchledger.access.models import Key
from launchledger.cli import launchledger

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, 9, 30, 15, 250_000, tzinfo=UTC)


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, ["key", *words], prog_name="launchledger")


def _is_accepted(key: str) -> bool:
    return Client().get("/2.2.0/", headers={"authorization": f"Token {key}"}).status_code == 200


def test_a_key_is_made_used_and_revoked() -> None:
    """Standard output is the key and nothing else, so that a shell can capture it; the key is accepted until it is revoked."""
    made = _run("create", "Launch board", "--rate", "100/hour")
    assert made.exit_code == 0
    key = made.stdout.removesuffix("\n")
    assert "cannot be shown again" in made.stderr
    assert key not in made.stderr
    assert _is_accepted(key)
    assert Key.objects.get().rate == "100/hour"
    revoked = _run("revoke", "Launch board")
    assert (revoked.exit_code, revoked.stdout) == (0, "The key Launch board is revoked.\n")
    assert not _is_accepted(key)


def test_json_is_for_machines() -> None:
    """`--json` prints the key and its properties; the list prints the same without the key."""
    with time_machine.travel(NOW, tick=False):
        made = json.loads(_run("create", "Löwe", "--expires", "2027-01-01", "--json").stdout)
        key = made.pop("key")
        listed = json.loads(_run("list", "--json").stdout)
        assert _is_accepted(key)
    assert listed == [made]
    assert made == {
        "name": "Löwe",
        "state": "active",
        "rate": "default",
        "created_at": "2026-07-15T09:30:15Z",
        "expires_at": "2027-01-01T00:00:00Z",
        "revoked_at": None,
        "last_used_at": None,
    }
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        (later,) = json.loads(_run("list", "--json").stdout)
    assert (later["state"], later["last_used_at"]) == ("expired", "2026-07-15T09:30:15Z")


def test_the_list_is_for_people() -> None:
    """One line a key, by name; revoked keys only with --all. No line shows a key itself."""
    assert _run("list").stdout == "There are no keys. Create one with: launchledger key create NAME\n"
    with time_machine.travel(NOW, tick=False):
        keys = [_run("create", name, *more).stdout.strip() for name, *more in (("b", "--rate", "unlimited"), ("a",), ("[red]c",))]
        _run("revoke", "b")
    lines = [line.split() for line in _run("list").stdout.splitlines()]
    assert lines[1:] == [["[red]c", "active", "default", "2026-07-15"], ["a", "active", "default", "2026-07-15"]]
    printed = _run("list", "--all").stdout
    assert ["b", "revoked", "unlimited", "2026-07-15"] in [line.split() for line in printed.splitlines()]
    assert not [key for key in keys if key in printed]


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (["create", "a", "--rate", "15/week"], 2, "Is not a rate such as 15/hour; the periods are second, minute, hour and day."),
        (["create", "a", "--expires", "soon"], 2, "'soon' is not a date (YYYY-MM-DD)."),
        (["create", "a", "--expires", "2027-02-30"], 2, "'2027-02-30' is not a valid date."),
        (["create", "a", "--expires", "2020-01-01"], 1, "The expiry date is past; choose a later one."),
        (["create", ""], 1, "A name has 1 to 100 printable characters."),
        (["create", "there"], 1, "A key named there exists; revoke it first, or choose another name."),
        (["revoke", "nobody"], 1, "There is no valid key named nobody to revoke."),
    ],
)
def test_what_is_wrong_is_one_line(words: list[str], status: int, reason: str) -> None:
    """Wrong words end with status 2 and the help's name, what cannot be done with status 1; nothing is made."""
    assert _run("create", "there").exit_code == 0
    result = _run(*words)
    assert (result.exit_code, result.stdout) == (status, "")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert Key.objects.count() == 1


@pytest.mark.parametrize("command", ["create", "list", "revoke"])
def test_each_subcommand_explains_itself(command: str) -> None:
    """The help of each subcommand has an example and fits a terminal."""
    shown = _run(command, "--help").stdout
    assert f"launchledger key {command}" in shown.partition("Example")[2]
    assert max(map(len, shown.splitlines())) <= 80
