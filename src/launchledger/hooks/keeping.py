"""Adding, finding and removing hooks.

Promises: a hook that is refused is not stored; the secret is shown by `add_hook` alone. Refuses: an address that no hook may be
sent to (`receivers`), filters that match nothing, and more hooks than MOST_HOOKS.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from launchledger.formats.texts import shorten
from launchledger.history.names import columns_named, resources
from launchledger.hooks.models import Attempt, Hook
from launchledger.hooks.receivers import check_receiver
from launchledger.hooks.signing import NoKey, fingerprint, secret_of
from launchledger.journal.reading import latest_serial

MOST_HOOKS = 100
MOST_VALUES = 100  # of each filter
LONGEST_URL, LONGEST_ID = 2_000, 100  # characters


class Refused(Exception):
    """A hook cannot be added, or there is none; the text says why."""


def add_hook(
    url: str, now: datetime, *, resources: Sequence[str] = (), ids: Sequence[str] = (), columns: Sequence[str] = ()
) -> tuple[Hook, str]:
    """Add a hook for entries from now on; returns it with its secret. Raises Refused with the reason."""
    salt = secrets.token_hex(16)
    try:
        secret = secret_of(salt)
        if len(url) > LONGEST_URL:
            raise ValueError(f"Has more than {LONGEST_URL:,} characters.")
        _check_filters(resources, ids, columns)
        check_receiver(url)
    except (NoKey, ValueError) as error:
        raise Refused(str(error)) from None
    with transaction.atomic():
        if Hook.objects.count() >= MOST_HOOKS:
            raise Refused(f"There are {MOST_HOOKS} hooks already, which is the most; remove one first.")
        hook = Hook.objects.create(
            url=url,
            salt=salt,
            fingerprint=fingerprint(secret),
            resources=[*dict.fromkeys(resources)],
            ids=[*dict.fromkeys(ids)],
            columns=[*dict.fromkeys(columns)],
            created_at=now,
            delivered=latest_serial(),
        )
    return hook, secret


def find_hook(number: int) -> Hook:
    """The hook with this number. Raises Refused."""
    hook = Hook.objects.filter(pk=number).first()
    if hook is None:
        raise Refused(f"There is no hook {number}; launchledger hook list shows all.")
    return hook


def all_hooks() -> QuerySet[Hook]:
    """The hooks in the order in which they were added."""
    return Hook.objects.order_by("pk")


def last_in_line() -> Hook | None:
    """The hook that has got least of the journal, None if there are no hooks. Entries after its `delivered` are still needed."""
    return Hook.objects.order_by("delivered", "pk").first()


def attempts_of(hook: Hook, limit: int) -> list[Attempt]:
    """The last attempts to deliver to a hook, newest first."""
    return list(Attempt.objects.filter(hook=hook).order_by("-pk")[:limit])


def remove_hook(number: int) -> Hook:
    """Remove a hook and its log; returns it. A delivery that is on its way is not stopped. Raises Refused."""
    hook = find_hook(number)
    Hook.objects.filter(pk=number).delete()
    return hook


def _check_filters(paths: Sequence[str], ids: Sequence[str], columns: Sequence[str]) -> None:
    """Raise ValueError for a filter that is too long or could match nothing."""
    if max(len(paths), len(ids), len(columns)) > MOST_VALUES:
        raise ValueError(f"A filter has at most {MOST_VALUES} values.")
    if ids and not paths:
        raise ValueError("An id needs a resource, such as --resource launch.")
    for path in paths:
        if path not in resources():
            raise ValueError(f"{shorten(path)} is not a resource, such as launch or spacecraft/flight.")
    for id in ids:
        if not id.isprintable() or not 0 < len(id) <= LONGEST_ID:
            raise ValueError(f"{shorten(id)} is not an id: one has 1 to {LONGEST_ID} printable characters.")
    for column in columns:
        if not columns_named(column):
            raise ValueError(f"No object has a column {shorten(column)}.")
