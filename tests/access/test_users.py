"""The people who may use the desk: names and passwords, as they are stored and refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchledger.access.models import User
from launchledger.access.users import LONGEST_PASSWORD, Refused, add_user, all_users, change_password, remove_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, tzinfo=UTC)
GOOD = "four orbits of a heron"


def test_a_password_is_an_argon2_hash_alone() -> None:
    """It opens, another does not, and its text is nowhere in the row."""
    add_user("anna", GOOD, NOW, is_curator=True)
    stored = User.objects.get(name="anna")
    assert (stored.check_password(GOOD), stored.check_password(GOOD + "s")) == (True, False)
    assert stored.password.startswith("argon2$argon2id$")
    assert GOOD not in str(User.objects.values().get())


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too short"),
        ("heron", "at least 10 characters"),
        ("1234567890123", "entirely numeric"),
        ("password123", "too common"),
        ("anna-anna-1", "too similar to the name"),
        ("x" * (LONGEST_PASSWORD + 1), f"at most {LONGEST_PASSWORD} characters"),
    ],
)
def test_a_weak_password_is_refused(password: str, reason: str) -> None:
    """With what is wrong, and nothing is stored."""
    with pytest.raises(Refused, match=reason):
        add_user("anna-anna", password, NOW, is_curator=False)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["", "Anna", "a b", "anna:x", "-anna", "a" * 41, "änna", "anna\n"])
def test_a_name_is_short_and_plain(name: str) -> None:
    """It is part of a source in the journal."""
    with pytest.raises(Refused, match="A name has 1 to 40 characters"):
        add_user(name, GOOD, NOW, is_curator=True)


def test_a_name_is_taken_once() -> None:
    """The second is refused, and the first keeps its password."""
    add_user("anna", GOOD, NOW, is_curator=True)
    with pytest.raises(Refused, match="A user named anna exists"):
        add_user("anna", "another one of herons", NOW, is_curator=False)
    assert User.objects.get().check_password(GOOD)


def test_passwords_change_and_users_go() -> None:
    """Also those of users that are not there say so."""
    add_user("boris", GOOD, NOW, is_curator=False)
    add_user("anna", GOOD, NOW, is_curator=True)
    assert [(each.name, each.role) for each in all_users()] == [("anna", "curator"), ("boris", "reader")]
    change_password("anna", "five orbits of a crane")
    assert User.objects.get(name="anna").check_password("five orbits of a crane")
    remove_user("anna")
    assert [each.name for each in all_users()] == ["boris"]
    with pytest.raises(Refused, match="There is no user named anna"):
        change_password("anna", GOOD)
    with pytest.raises(Refused, match="There is no user named anna"):
        remove_user("anna")
