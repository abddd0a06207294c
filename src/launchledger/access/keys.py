"""Keys: made, found, revoked.

Promises: a key is shown once, by `create_key`, and kept nowhere; a revoked or expired key is unknown from that moment on. To look
a key up costs one SELECT by an index, and never waits for a writer.

A key holds 256 random bits, so nobody can guess one or compute it back from its digest, and SHA-256 alone will do: the salts and
slow digests of passwords are there for secrets that people make up.
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
PREFIX = "launchledger_"  # tells whoever finds a key in a repository or a log what it opens
LONGEST_KEY, LONGEST_NAME = 100, 100  # characters
COARSE = timedelta(hours=1)  # how far `last_used_at` may be behind


class Refused(Exception):
    """A key cannot be made or revoked; the text says why."""


def create_key(name: str, now: datetime, *, rate: str = "", expires_at: datetime | None = None) -> tuple[Key, str]:
    """Make a key and give it with its text, which cannot be had again. Refused says what is wrong."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Refused(f"A name has 1 to {LONGEST_NAME} characters that can be printed.")
    if rate not in ("", UNLIMITED):
        try:
            parse_rate(rate)
        except ValueError as error:
            raise Refused(f"The rate: {error}") from None
    if expires_at is not None and expires_at <= now:
        raise Refused("A key that has expired already opens nothing.")
    text = PREFIX + secrets.token_urlsafe(32)
    key = Key(name=name, digest=_digest(text), rate=rate, created_at=now, expires_at=expires_at)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"There is a key named {name}; revoke it first, or choose another name.") from None
    return key, text


def revoke_key(name: str, now: datetime) -> None:
    """End a key. Refused if there is none of this name, or it is revoked already."""
    if not Key.objects.filter(name=name, revoked_at=None).update(revoked_at=now):
        raise Refused(f"There is no key named {name} that could be revoked.")


def all_keys(*, revoked: bool = False) -> QuerySet[Key]:
    """The keys by name, without those that were revoked unless asked for."""
    return Key.objects.filter(Q() if revoked else Q(revoked_at=None)).order_by("name", "created_at")


def find_key(text: str, now: datetime) -> Key | None:
    """The key that this text is, None if it is none that holds now."""
    if len(text) > LONGEST_KEY:
        return None
    key = Key.objects.filter(digest=_digest(text), revoked_at=None).first()
    return None if key is None or (key.expires_at and key.expires_at <= now) else key


def are_in_use() -> bool:
    """Whether a key was ever made, revoked ones included."""
    return Key.objects.exists()


def note_use(key: Key, now: datetime) -> None:
    """Remember that the key was used, about once an hour, and not at all while the database is busy or read-only."""
    if settings.READ_ONLY or (key.last_used_at and now - key.last_used_at < COARSE):
        return
    with suppress(DatabaseError), without_waiting(), transaction.atomic():
        Key.objects.filter(pk=key.pk, last_used_at=key.last_used_at).update(last_used_at=now)


def rate_of(key: Key, otherwise: Rate | None) -> Rate | None:
    """How often the key may call, None for as often as it likes."""
    if key.rate == UNLIMITED:
        return None
    return parse_rate(key.rate) if key.rate else otherwise


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
