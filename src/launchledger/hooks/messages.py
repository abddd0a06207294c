"""What a hook gets: the next entries of the journal that are for it, as the body of one message.

Promises: a message has entries of one transaction, in the order of their serials, at most MOST_ENTRIES and about MOST_BYTES; a
longer transaction comes in several messages. From the same place in the same journal follows the same message with the same id,
so what is sent twice can be recognised. An entry that is larger than a message comes without its changes and with the address at
which they can be read.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import takewhile
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q

from launchledger.formats.encoding import encode
from launchledger.formats.times import format_date_time
from launchledger.history.changes import Change, read_page
from launchledger.history.names import columns_named, resources
from launchledger.hooks.models import Hook
from launchledger.journal.models import Entry
from launchledger.wire.served import DEFAULT

MOST_ENTRIES = 100
MOST_BYTES = 262_144
WINDOW = 5_000  # entries that are examined at once


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its id, its body, and the first and the last serial and the number of its entries."""

    id: str
    body: bytes
    first: int
    last: int
    entries: int


def next_message(hook: Hook, newest: int) -> tuple[Message | None, int]:
    """The next message for a hook, and up to which serial the journal was examined if there is none.

    `newest` is the newest serial of the journal. One that was examined up to less than that may have more.
    """
    until = min(hook.delivered + WINDOW, newest)
    if until <= hook.delivered:
        return None, hook.delivered
    rows = Entry.objects.filter(_selected(hook))
    found = read_page(rows, hook.delivered, until, until, newest, MOST_ENTRIES).entries
    if not found:
        return None, until
    entries = list(takewhile(lambda change: change.transaction == found[0].transaction, found))
    written = list(_within_bounds(entries))
    return _message(hook, entries[: len(written)], written), until


def test_message(hook: Hook, now: datetime) -> Message:
    """A message without entries, which shows whether the receiver accepts the hook's signature."""
    at = format_date_time(now)
    return Message(_id(hook, "test", at), encode({"type": "test", "timestamp": at, "data": {}}), 0, 0, 0)


def _selected(hook: Hook) -> Q:
    selected = Q()
    if hook.resources:
        selected &= Q(kind__in=[resources()[path] for path in hook.resources if path in resources()])
    if hook.ids:
        selected &= Q(key__in=hook.ids)
    if hook.columns:
        names = sorted({column for name in hook.columns for column in columns_named(name)})
        selected &= reduce(or_, (Q(changes__has_key=name) for name in names), Q(pk__in=[]))
    return selected


def _within_bounds(entries: list[Change]) -> Iterator[bytes]:
    """The entries as JSON, as many as fit into one message and at least one."""
    left = MOST_BYTES
    for change in entries:
        written = encode(_as_json(change))
        if len(written) > MOST_BYTES:
            address = f"{_base()}/ledger/changes/?since={change.serial - 1}&limit=1"
            written = encode(_as_json(change) | {"changes": None, "truncated": address})
        if len(written) > left and left < MOST_BYTES:
            return
        left -= len(written)
        yield written


def _message(hook: Hook, entries: list[Change], written: list[bytes]) -> Message:
    first, last = entries[0], entries[-1]
    at = format_date_time(first.at)
    data = {"serial": last.serial, "transaction": last.transaction, "at": at, "entries": []}
    body = encode({"type": "changes", "timestamp": at, "data": data})
    body = body.removesuffix(b"]}}") + b",".join(written) + b"]}}"
    return Message(_id(hook, str(first.serial), str(last.serial), at), body, first.serial, last.serial, len(entries))


def _as_json(change: Change) -> dict[str, Any]:
    """An entry in the form of `/ledger/changes/`."""
    return {
        "serial": change.serial,
        "transaction": change.transaction,
        "at": format_date_time(change.at),
        "observed_at": change.observed_at and format_date_time(change.observed_at),
        "source": change.source,
        "kind": change.kind,
        "resource": change.resource or None,
        "id": int(change.id) if change.id.isdecimal() else change.id,
        "url": f"{_base()}{DEFAULT.root}{change.path}" if change.path else None,
        "action": change.action,
        "changes": change.changes,
    }


def _base() -> str:
    """What stands before the path of an address."""
    base: str = settings.PUBLIC_URL or settings.PATH_PREFIX
    return base


def _id(hook: Hook, *parts: str) -> str:
    """An id that the same message always has, and no other message of any hook."""
    return f"msg_{hmac.digest(hook.salt.encode(), ' '.join(parts).encode(), 'sha256')[:16].hex()}"
