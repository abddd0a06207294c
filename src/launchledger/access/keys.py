"""Creating, finding and revoking keys.

Promises: a key is shown once, by `create_key`, and never stored; a revoked or expired key is unknown at once. Looking a key up
costs one SELECT by an index, and never waits for a writer.

A key has 256 random bits, so nobody can guess it or compute it from its digest, and SHA-256 is enough: salts and slow hashes
protect secrets that people choose.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q, QuerySet

from launchledger.access.models import Key
from launchledger.conf.rates import Rate, parse_rate
from launchledger.journal.writing import without_waiting

UNLIMITED = "unlimited"
PREFIX = "launchledger_"  # identifies a key that is found in a repository or a log
LONGEST_KEY, LONGEST_NAME = 100, 100  # characters
LAST_USE_RESOLUTION = timedelta(hours=1)  # how far `last_used_at` may be behind


class Refused(Exception):
    """A key cannot be created or revoked; the text says why."""


def create_key(name: str, now: datetime, *, rate: str = "", expires_at: datetime | None = None) -> tuple[Key, str]:
    """Create a key and return it with its text, which is not stored. Raises Refused with the reason."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Refused(f"A name has 1 to {LONGEST_NAME} printable characters.")
    if rate not in ("", UNLIMITED):
        try:
            parse_rate(rate)
        except ValueError as error:
            raise Refused(f"The rate: {error}") from None
    if expires_at is not None and expires_at <= now:
        raise Refused("The expiry date is past; choose a later one.")
    text = PREFIX + secrets.token_urlsafe(32)
    key = Key(name=name, digest=_digest(text), rate=rate, created_at=now, expires_at=expires_at)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"A key named {name} exists; revoke it first, or choose another name.") from None
    return key, text


def revoke_key(name: str, now: datetime) -> None:
    """Revoke a key. Raises Refused if there is none of this name, or it is revoked already."""
    if not Key.objects.filter(name=name, revoked_at=None).update(revoked_at=now):
        raise Refused(f"There is no valid key named {name} to revoke.")


def all_keys(*, revoked: bool = False) -> QuerySet[Key]:
    """The keys by name; revoked ones only with `revoked`."""
    return Key.objects.filter(Q() if revoked else Q(revoked_at=None)).order_by("name", "created_at")


def find_key(text: str, now: datetime) -> Key | None:
    """The key with this text, None if there is none or it is not valid now."""
    if len(text) > LONGEST_KEY:
        return None
    key = Key.objects.filter(digest=_digest(text), revoked_at=None).first()
    return None if key is None or (key.expires_at and key.expires_at <= now) else key


def any_key_exists() -> bool:
    """Whether a key was ever created, revoked ones included."""
    return Key.objects.exists()


def record_use(key: Key, now: datetime) -> None:
    """Store that the key was used, about once an hour, and not at all while the database is busy or read-only."""
    if settings.READ_ONLY or (key.last_used_at and now - key.last_used_at < LAST_USE_RESOLUTION):
        return
    with suppress(DatabaseError), without_waiting(), transaction.atomic():
        Key.objects.filter(pk=key.pk, last_used_at=key.last_used_at).update(last_used_at=now)


def rate_of(key: Key, default: Rate | None) -> Rate | None:
    """The rate of the key, `default` if it has none of its own; None for no limit."""
    if key.rate == UNLIMITED:
        return None
    return parse_rate(key.rate) if key.rate else default


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
