"""The memory of complete replies in this process, emptied when the catalogue changes, and bounded in bytes.

Promises: a reply is never returned for a newer revision than the one under which its computation *began*. If a newer one was seen
meanwhile, the reply is not cached, so a reply of old rows never outlives the commit; those cached before are dropped when the
commit is seen. The reverse does no harm: a reply of rows newer than its revision is right, and is dropped a little early.

All forms, keys and the objects around them count. The least recently used reply is dropped first, and no reply takes more than a
part of the limit, so that one cannot drive out all others. Thread-safe.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from launchledger.catalogue.queries.bounded import BoundedCache
from launchledger.http_cache.compression import IDENTITY
from launchledger.http_cache.reply import Form, Reply, size_of

PART = 8  # a reply takes at most one in so many parts of the limit
KEY_OVERHEAD = 250  # bytes of a key's tuple and of its entry in the cache


class RequestKey(NamedTuple):
    """The parts of a request that its reply depends on. `host` and `accept` are None where the header was not sent.

    `prefix` is the path below which the client sees the server; `path` is without it.
    """

    scheme: str
    host: str | None
    path: str
    query: str
    accept: str | None
    prefix: str = ""


class Responses(BoundedCache[tuple[str | None, ...], Reply]):
    """Replies by the values of a `RequestKey`; their states are revisions."""

    def __init__(self, limit: int) -> None:
        """`limit` is in bytes; with 0 nothing is cached."""
        super().__init__(limit, PART)

    def put(self, key: tuple[str | None, ...], reply: Reply, revision: int) -> None:
        """Cache a reply whose computation began under this revision, if no newer one was seen."""
        reply.size += KEY_OVERHEAD + sum(map(sys.getsizeof, key))
        super().put(key, reply, revision)

    def add_form(self, key: tuple[str | None, ...], reply: Reply, choice: str, form: Form) -> None:
        """Add a form to a cached reply, unless it was dropped or would become too large."""
        growth = 0 if form is reply.forms[IDENTITY] else size_of(form)
        if choice not in reply.forms and self.grow(key, reply, growth):
            reply.forms[choice] = form
