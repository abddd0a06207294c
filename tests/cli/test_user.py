"""`launchledger user`."""

from __future__ import annotations

import json

import pytest
import time_machine
from click.testing import CliRunner, Result

from launchledger.access.models import User
from launchledger.cli import launchledger

pytestmark = pytest.mark.django_db

GOOD = "four orbits of a heron"


def _run(*words: str, password: str = "") -> Result:
    return CliRunner().invoke(launchledger, ["user", *words], input=f"{password}\n", prog_name="launchledger")


@time_machine.travel("2026-11-29T10:00:00Z", tick=False)
def test_users_are_added_listed_changed_and_removed() -> None:
    """The password comes from standard input where that is no terminal, and is never printed."""
    added = _run("add", "anna", "--curator", password=GOOD)
    assert (added.exit_code, added.output) == (0, "The curator anna is added.\n")
    assert _run("add", "boris", password=GOOD).output == "The reader boris is added.\n"
    assert json.loads(_run("list", "--json").output) == [
        {"name": "anna", "role": "curator", "created_at": "2026-11-29T10:00:00Z", "last_login": None},
        {"name": "boris", "role": "reader", "created_at": "2026-11-29T10:00:00Z", "last_login": None},
    ]
    assert "curator" in _run("list").output
    assert _run("password", "anna", password="five orbits of a crane").exit_code == 0
    assert User.objects.get(name="anna").check_password("five orbits of a crane")
    assert _run("remove", "anna").output == "The user anna is removed.\n"
    assert [each.name for each in User.objects.all()] == ["boris"]


@pytest.mark.parametrize(
    ("words", "password", "reason"),
    [
        (("add", "anna"), "heron", "This password is too short"),
        (("add", "Anna"), GOOD, "A name has 1 to 40 characters"),
        (("password", "never"), GOOD, "There is no user named never"),
        (("remove", "never"), "", "There is no user named never"),
    ],
)
def test_what_is_refused_says_why(words: tuple[str, ...], password: str, reason: str) -> None:
    """On one line, with exit status 1."""
    result = _run(*words, password=password)
    assert result.exit_code == 1
    assert reason in result.output
    assert not User.objects.exists()


def test_no_users_say_how_to_add_one() -> None:
    """An empty list names the command."""
    assert "launchledger user add NAME --curator" in _run("list").output
