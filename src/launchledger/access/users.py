"""Adding and removing the people who may use the desk.

Promises: a password is stored as an Argon2 hash alone, and is as strong as Django's validators ask for. The name of a curator is
part of the sources of the journal, so it is short and plain.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from launchledger.access.models import User

LONGEST_PASSWORD = 1_000  # characters; hashing takes longer for longer ones
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)


class Refused(Exception):
    """A user cannot be added or changed; the text says why."""


def add_user(name: str, password: str, now: datetime, *, is_curator: bool) -> User:
    """Add a user. Raises Refused."""
    if not _NAME.fullmatch(name):
        raise Refused("A name has 1 to 40 characters: small letters, digits, and ._- after the first.")
    user = User(name=name, is_curator=is_curator, created_at=now)
    _set_password(user, password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"A user named {name} exists.") from None
    return user


def change_password(name: str, password: str) -> None:
    """Give a user another password, which ends the user's sessions. Raises Refused."""
    user = User.objects.filter(name=name).first()
    if user is None:
        raise Refused(f"There is no user named {name[:40]}.")
    _set_password(user, password)
    user.save(update_fields=["password"])


def remove_user(name: str) -> None:
    """Remove a user, which ends the user's sessions; the journal keeps the name. Raises Refused."""
    if not User.objects.filter(name=name).delete()[0]:
        raise Refused(f"There is no user named {name[:40]}.")


def all_users() -> QuerySet[User]:
    """The users by name."""
    return User.objects.order_by("name")


def _set_password(user: User, password: str) -> None:
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"A password has at most {LONGEST_PASSWORD} characters.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    user.set_password(password)
