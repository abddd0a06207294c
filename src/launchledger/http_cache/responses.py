"""Complete replies kept in this process, for as long as the catalogue does not change, bounded by the bytes that they take.

Promises: a reply is never given for a newer revision than the one under which it *began* to be made. If the catalogue was seen to
move meanwhile, the reply is refused, so one that was made of old rows cannot be stored after a new commit was seen; and one that
was stored before goes with all others when the commit is seen. The other way round does no harm: a reply made of rows newer than
its revision is right, and goes a little early.

All forms, keys and the objects around them count. The least recently asked for goes first, and no reply takes more than a part of
the room, so that one cannot drive out all others. Safe with several threads.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from launchledger.catalogue.queries.bounded import BoundedCache
from launchledger.http_cache.compression import IDENTITY
from launchledger.http_cache.reply import Form, Reply, size_of

PART = 8  # a reply takes at most one part of so many
KEY_OVERHEAD = 250  # bytes of a key's tuple and of its place among the others


class Asked(NamedTuple):
    """All of a request that its reply depends on. `host` and `accept` are None where the header was not sent.

    `prefix` is the path below which the client sees the server; `path` is without it.
    """

    scheme: str
    host: str | None
    path: str
    query: str
    accept: str | None
    prefix: str = ""


class Responses(BoundedCache[tuple[str | None, ...], Reply]):
    """Replies by the values of an `Asked`; their states are revisions."""

    def __init__(self, limit: int) -> None:
        """`limit` is in bytes; with 0 nothing is kept."""
        super().__init__(limit, PART)

    def put(self, key: tuple[str | None, ...], reply: Reply, revision: int) -> None:
        """Keep a reply that began to be made under this revision, if that is still the newest that was seen."""
        reply.size += KEY_OVERHEAD + sum(map(sys.getsizeof, key))
        super().put(key, reply, revision)

    def add_form(self, key: tuple[str | None, ...], reply: Reply, choice: str, form: Form) -> None:
        """Keep one more form of a reply that is kept; of one that is no longer, or would become too large, it is not."""
        growth = 0 if form is reply.forms[IDENTITY] else size_of(form)
        if choice not in reply.forms and self.grow(key, reply, growth):
            reply.forms[choice] = form
