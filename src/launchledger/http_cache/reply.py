"""A complete reply, ready to be sent in every coding, with what clients and caches need to ask again cheaply.

`ETag` is strong: the SHA-256 of the bytes, or of the digests of all parts that they were put together from, and for a compressed
form the name of its coding behind it. There is no
`Last-Modified`, because none is really known: a reply joins many rows and numbers that are computed, some change with the clock
alone, and in whole seconds two commits of the same second would look like one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from launchledger.http_cache.compression import IDENTITY, compressed

Header = tuple[str, str]

DIGITS = 32  # of the digest: 128 bits
FORM_OVERHEAD = 900  # bytes that the objects of a form take beside its body, rounded up; a test holds it against what is measured
REPLY_OVERHEAD = 700  # and those of a reply


class Made(NamedTuple):
    """A complete 200 as somebody made it. `digest` is hexadecimal, and another for other bytes; None where none was made."""

    headers: Iterable[Header]
    body: bytes
    digest: str | None = None


class Form(NamedTuple):
    """A reply in one coding. `headers` are those of a 200 and `unchanged` those of a 304, both without Cache-Control."""

    etag: str
    body: bytes
    headers: tuple[Header, ...]
    unchanged: tuple[Header, ...]


class Reply:
    """A complete 200. `forms` has those made so far, by what `compression.choose` says; `size` is the bytes that all of it takes.

    It holds for moments from `since` on and before `until`, in seconds since 1970; `until` is None where no clock matters.
    `max_age` is for how many seconds others may keep it. `surrogates` are the headers that name what it is made of.
    """

    __slots__ = ("_digest", "_headers", "_surrogates", "cache_control", "forms", "max_age", "since", "size", "until")

    def __init__(
        self,
        made: Made,
        max_age: int,
        since: float,
        until: float,
        surrogates: tuple[Header, ...] = (),
    ) -> None:
        self._headers = _kept(tuple(made.headers))
        self._surrogates = surrogates
        self._digest = (made.digest or sha256(made.body, usedforsecurity=False).hexdigest())[:DIGITS]
        self.max_age = max_age
        self.since = since
        self.until = None if until == math.inf else until
        self.cache_control = cache_control(max_age)
        form = self._form(made.body, IDENTITY)
        self.forms = {IDENTITY: form}
        self.size = REPLY_OVERHEAD + size_of(form) + sum(sys.getsizeof(name) + sys.getsizeof(keys) for name, keys in surrogates)

    def in_coding(self, choice: str) -> Form:
        """Make the form for what `compression.choose` chose. It is not kept here: the bytes are whose who keeps the reply."""
        plain = self.forms[IDENTITY]
        body, coding = compressed(plain.body, choice)
        return plain if coding == IDENTITY else self._form(body, coding)

    def _form(self, body: bytes, coding: str) -> Form:
        etag = f'"{self._digest}"' if coding == IDENTITY else f'"{self._digest}-{coding}"'
        tag = ("ETag", etag)
        told = (*self._headers, tag, ("Content-Length", str(len(body))), *self._surrogates)
        if coding != IDENTITY:
            told += (_shared((("Content-Encoding", coding),))[0],)
        # A cache in front that asks again takes over what a 304 says, and the same bytes may have come from other objects.
        return Form(etag, body, told, (*_unchanged(self._headers), tag, *self._surrogates))

    def cache_control_at(self, now: float) -> Header:
        """How long others may keep it, no longer than it holds."""
        return self.cache_control if self.until is None else cache_control(max(0, min(self.max_age, int(self.until - now))))


def size_of(form: Form) -> int:
    """The bytes that a form takes."""
    return sys.getsizeof(form.body) + FORM_OVERHEAD


@lru_cache(maxsize=4096)
def cache_control(seconds: int) -> Header:
    """Anyone may keep it for so many seconds; for none, only to ask whether it is still the same."""
    return ("Cache-Control", f"public, max-age={seconds}" if seconds else "no-cache")


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the client has this form, by its If-None-Match: a list of tags, weak or not, or a star (RFC 9110, 13.1.2).

    Our tags stand in quotes, which no tag holds inside, so one that is found there is a member of the list.
    """
    return etag in if_none_match or if_none_match.strip() == "*"


@lru_cache(maxsize=256)
def _kept(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """The headers that every form of a reply has: Vary names the coding too, and each form has a length of its own."""
    varies_by = [value for name, value in headers if name.lower() == "vary"]
    others = (header for header in headers if header[0].lower() not in ("content-length", "vary"))
    return _shared((*others, ("Vary", ", ".join([*varies_by, "Accept-Encoding"]))))


@lru_cache(maxsize=256)
def _shared(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """Headers that are the same for thousands of replies, kept once."""
    return headers


@lru_cache(maxsize=256)
def _unchanged(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """Those that a 304 has too: what is said of the content is known already."""
    return tuple(header for header in headers if not header[0].lower().startswith("content-"))
