"""A complete reply, ready to be sent in every coding, with the headers for revalidation.

`ETag` is strong: the SHA-256 of the bytes, or of the digests of the parts that they were assembled from, followed by the name of
the coding if there is one. There is no `Last-Modified`, because none is known: a reply joins many rows and computed numbers, some
change with the clock alone, and in whole seconds two commits of the same second would look like one.
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
FORM_OVERHEAD = 900  # bytes that the objects of a form take in addition to its body, rounded up; a test measures them
REPLY_OVERHEAD = 700  # the same for a reply


class RawReply(NamedTuple):
    """A complete 200 as the fast path or Django gave it. `digest` identifies the bytes, in hexadecimal; None if not computed."""

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
    """A complete 200. `forms` has the codings computed so far, by the result of `compression.choose`; `size` is in bytes.

    It is fresh from `since` until before `until`, in seconds since 1970; `until` is None where it does not depend on the clock.
    `max_age` is in seconds. `surrogates` are the headers with its surrogate keys.
    """

    __slots__ = ("_digest", "_headers", "_surrogates", "cache_control", "forms", "max_age", "since", "size", "until")

    def __init__(
        self,
        raw: RawReply,
        max_age: int,
        since: float,
        until: float,
        surrogates: tuple[Header, ...] = (),
    ) -> None:
        self._headers = _common_headers(tuple(raw.headers))
        self._surrogates = surrogates
        self._digest = (raw.digest or sha256(raw.body, usedforsecurity=False).hexdigest())[:DIGITS]
        self.max_age = max_age
        self.since = since
        self.until = None if until == math.inf else until
        self.cache_control = cache_control(max_age)
        form = self._form(raw.body, IDENTITY)
        self.forms = {IDENTITY: form}
        self.size = REPLY_OVERHEAD + size_of(form) + sum(sys.getsizeof(name) + sys.getsizeof(keys) for name, keys in surrogates)

    def in_coding(self, choice: str) -> Form:
        """The form for a result of `compression.choose`. It is not added to `forms`: the cache counts the bytes."""
        plain = self.forms[IDENTITY]
        body, coding = compressed(plain.body, choice)
        return plain if coding == IDENTITY else self._form(body, coding)

    def _form(self, body: bytes, coding: str) -> Form:
        etag = f'"{self._digest}"' if coding == IDENTITY else f'"{self._digest}-{coding}"'
        tag = ("ETag", etag)
        headers = (*self._headers, tag, ("Content-Length", str(len(body))), *self._surrogates)
        if coding != IDENTITY:
            headers += (_shared((("Content-Encoding", coding),))[0],)
        # A 304 has surrogate keys: a cache takes over its headers, and the same bytes may now come from other objects.
        return Form(etag, body, headers, (*_unchanged(self._headers), tag, *self._surrogates))

    def cache_control_at(self, now: float) -> Header:
        """Cache-Control with a max-age that does not reach beyond the expiry."""
        return self.cache_control if self.until is None else cache_control(max(0, min(self.max_age, int(self.until - now))))


def size_of(form: Form) -> int:
    """The bytes that a form takes."""
    return sys.getsizeof(form.body) + FORM_OVERHEAD


@lru_cache(maxsize=4096)
def cache_control(seconds: int) -> Header:
    """Cache-Control for this max-age; with 0, caches must revalidate."""
    return ("Cache-Control", f"public, max-age={seconds}" if seconds else "no-cache")


def etag_matches(etag: str, if_none_match: str) -> bool:
    """Whether If-None-Match, a list of tags, weak or not, or a star (RFC 9110, 13.1.2), contains this tag.

    No tag has a quote inside, and ours includes its quotes, so a substring that matches is a member of the list.
    """
    return etag in if_none_match or if_none_match.strip() == "*"


@lru_cache(maxsize=256)
def _common_headers(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """The headers that every form of a reply has: Vary names the coding too, and each form has a length of its own."""
    varies_by = [value for name, value in headers if name.lower() == "vary"]
    others = (header for header in headers if header[0].lower() not in ("content-length", "vary"))
    return _shared((*others, ("Vary", ", ".join([*varies_by, "Accept-Encoding"]))))


@lru_cache(maxsize=256)
def _shared(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """Headers that thousands of replies share, in memory once."""
    return headers


@lru_cache(maxsize=256)
def _unchanged(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """The headers that a 304 has too: all but those about the content."""
    return tuple(header for header in headers if not header[0].lower().startswith("content-"))
