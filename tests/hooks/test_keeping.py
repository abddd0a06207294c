"""Adding and removing hooks."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from launchledger.hooks import keeping
from launchledger.hooks.keeping import Refused, add_hook, all_hooks, find_hook, last_in_line, remove_hook
from launchledger.hooks.models import Hook
from launchledger.hooks.signing import secret_of
from launchledger.web import look_up
from tests.support.receiver import write_entries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
URL = "http://127.0.0.1:9/"


def test_a_hook_begins_with_what_is_still_to_come() -> None:
    """It counts as up to date with the journal; its secret follows from what is stored and the key alone."""
    serials = write_entries([{}], [{}])
    hook, secret = add_hook(URL, NOW, resources=["launch", "launch"], ids=["a"], columns=["net"])
    stored = find_hook(hook.pk)
    assert (stored.delivered, stored.resources, stored.ids, stored.columns) == (serials[-1], ["launch"], ["a"], ["net"])
    assert secret == secret_of(stored.salt)
    columns = [str(value) for value in Hook.objects.values_list()[0]]
    assert not any(secret in value or secret.removeprefix("whsec_") in value for value in columns)


def test_the_last_in_line_has_got_least() -> None:
    """Also if it is paused: it may go on one day."""
    assert last_in_line() is None
    write_entries([{}])
    first, _ = add_hook(URL, NOW)
    assert last_in_line() == first
    write_entries([{}])
    add_hook(URL, NOW)
    Hook.objects.filter(pk=first.pk).update(paused_at=NOW)
    assert last_in_line() == first


def test_two_hooks_of_one_address_have_two_secrets() -> None:
    """One receiver that loses its secret gives away nobody else's."""
    assert add_hook(URL, NOW)[1] != add_hook(URL, NOW)[1]


@pytest.mark.parametrize(
    ("url", "filters", "reason"),
    [
        ("ftp://127.0.0.1/", {}, "Is not a valid address"),
        ("http://me:secret@127.0.0.1/", {}, "Contains a user or a password"),
        ("http://127.0.0.1:99999/", {}, "Is not a valid address"),
        ("http://" + "a" * 64 + "/", {}, "The host cannot be found: is not a valid name of a host"),
        (f"{URL}{'x' * 2000}", {}, "Has more than 2,000 characters"),
        (URL, {"resources": ["rocket"]}, "'rocket' is not a resource"),
        (URL, {"columns": ["nett"]}, "No object has a column 'nett'"),
        (URL, {"ids": ["1"]}, "An id needs a resource"),
        (URL, {"resources": ["pad"], "ids": [""]}, "'' is not an id"),
        (URL, {"resources": ["pad"], "ids": ["1\x00"]}, "is not an id"),
        (URL, {"resources": ["pad"], "ids": ["1" * 101]}, "is not an id"),
        (URL, {"resources": ["pad"], "ids": [str(n) for n in range(101)]}, "at most 100 values"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_refused(url: str, filters: dict[str, list[str]], reason: str) -> None:
    """With a reason that repeats no password; nothing is stored."""
    with pytest.raises(Refused, match=reason) as refused:
        add_hook(url, NOW, **filters)
    assert "secret" not in str(refused.value)
    assert not all_hooks().exists()


@pytest.mark.parametrize(
    ("url", "addresses", "reason"),
    [
        ("https://127.0.0.1/", ["127.0.0.1"], "private network"),
        ("https://2130706433/", ["127.0.0.1"], "private network"),
        ("https://metadata.example/", ["169.254.169.254"], "private network"),
        ("https://[fd00:ec2::254]/", ["fd00:ec2::254"], "private network"),
        ("https://inside.example/", ["10.0.0.1", "::ffff:192.168.0.1"], "private network"),
        ("http://outside.example/", ["93.184.216.34"], "use https"),
    ],
)
def test_private_networks_are_refused_unless_allowed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, addresses: list[str], reason: str
) -> None:
    """By number and by name, in whatever form; and public addresses without TLS."""

    def answer(host: str, port: int, **options: Any) -> list[Any]:
        return [each for address in addresses for each in socket.getaddrinfo(address, port, **options)]

    monkeypatch.setattr(look_up, "socket", SimpleNamespace(getaddrinfo=answer, SOCK_STREAM=socket.SOCK_STREAM))
    settings.HOOKS_PRIVATE = False
    with pytest.raises(Refused, match=reason) as refused:
        add_hook(url, NOW)
    assert "LAUNCHLEDGER_HOOKS_PRIVATE=true" in str(refused.value)
    assert not all_hooks().exists()
    settings.HOOKS_PRIVATE = True
    assert add_hook(url, NOW)


def test_there_is_a_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hundred and first is refused."""
    monkeypatch.setattr(keeping, "MOST_HOOKS", 2)
    for _ in range(2):
        add_hook(URL, NOW)
    with pytest.raises(Refused, match="There are 2 hooks already"):
        add_hook(URL, NOW)


def test_a_hook_needs_a_key(settings: Settings) -> None:
    """Without one every start would have other secrets."""
    settings.HOOKS_KEY = ""
    with pytest.raises(Refused, match="LAUNCHLEDGER_SECRET_KEY is not set"):
        add_hook(URL, NOW)


def test_removing() -> None:
    """It is gone; a number that no hook has is an error."""
    hook, _ = add_hook(URL, NOW)
    assert remove_hook(hook.pk).url == URL
    for find in (find_hook, remove_hook):
        with pytest.raises(Refused, match=rf"There is no hook {hook.pk}; launchledger hook list shows all\."):
            find(hook.pk)
