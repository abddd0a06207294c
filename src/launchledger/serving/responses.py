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
from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from launchledger.serving.compression import IDENTITY
from launchledger.serving.reply import Form, Reply, size_of

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


class Responses:
    def __init__(self, limit: int) -> None:
        """`limit` is in bytes; with 0 nothing is kept."""
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[tuple[str | None, ...], Reply] = OrderedDict()
        self._revision = 0
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: tuple[str | None, ...], revision: int) -> Reply | None:
        """The reply kept for this key (the values of an `Asked`) and this revision. A newer revision drops everything older."""
        with self._turn:
            if revision != self._revision:
                if revision > self._revision:
                    self._kept.clear()
                    self.size = 0
                    self._revision = revision
                return None
            reply = self._kept.get(key)
            if reply is not None:
                self._kept.move_to_end(key)
            return reply

    def put(self, key: tuple[str | None, ...], reply: Reply, revision: int) -> None:
        """Keep a reply that began to be made under this revision, if that is still the newest that was seen."""
        reply.size += KEY_OVERHEAD + sum(map(sys.getsizeof, key))
        with self._turn:
            if revision != self._revision or reply.size > self.limit // PART:
                return
            former = self._kept.pop(key, None)
            if former is not None:
                self.size -= former.size
            self._kept[key] = reply
            self.size += reply.size
            self._make_room()

    def add_form(self, key: tuple[str | None, ...], reply: Reply, choice: str, form: Form) -> None:
        """Keep one more form of a reply that is kept; of one that is no longer, or would become too large, it is not."""
        with self._turn:
            growth = 0 if form is reply.forms[IDENTITY] else size_of(form)
            if self._kept.get(key) is not reply or choice in reply.forms or reply.size + growth > self.limit // PART:
                return
            reply.forms[choice] = form
            reply.size += growth
            self.size += growth
            self._make_room()

    def _make_room(self) -> None:
        while self.size > self.limit:
            self.size -= self._kept.popitem(last=False)[1].size
