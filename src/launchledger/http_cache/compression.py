"""Which coding a client wants its reply in, and how it is made.

The levels were chosen by measuring (docs/adr/0011): the cheapest coding comes first where a client takes several alike. An
`Accept-Encoding` that cannot be read, or is very long, is one that takes nothing.

BREACH, which guesses a secret from the length of compressed replies, finds nothing here: it needs a secret and what the attacker
sent in one reply, and what is compressed here is public, the same for everyone, and never made for a request with a key.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import lru_cache, partial

import brotli

from launchledger.zstandard import zstd

IDENTITY = "identity"  # as it is
FORCED = ";"  # ends the name of a coding that was chosen because the client does not take the reply as it is
LEAST = 1024  # bytes; a smaller reply travels in one packet anyway

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": partial(zstd.compress, level=3),
    "br": partial(brotli.compress, quality=4),
    "gzip": partial(gzip.compress, compresslevel=5, mtime=0),
}

_LONGEST = 256  # characters of a header that is read; those of browsers have some 25
_MEMBER = re.compile(r"\s*([a-z0-9-]+|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.ASCII)


def choose(accepted: str) -> str:
    """The coding to reply with for an `Accept-Encoding`: a name of CODINGS, with FORCED behind it or not, or IDENTITY.

    A star is no wish for a coding that the client did not name, unless it takes nothing else: many who send it know gzip only.
    """
    return _choose(accepted) if len(accepted) <= _LONGEST else IDENTITY


@lru_cache(maxsize=256)
def _choose(accepted: str) -> str:
    weights: dict[str, float] = {}
    for member in accepted.lower().split(","):
        if found := _MEMBER.fullmatch(member):
            weights[found[1]] = float(found[2] or 1)
    as_it_is = weights.get(IDENTITY, weights.get("*", 1.0))
    best = max(CODINGS, key=lambda name: weights.get(name, 0.0))  # of those alike, the first
    if weight := weights.get(best, 0.0):
        if not as_it_is:
            return best + FORCED
        return IDENTITY if weights.get(IDENTITY, 0.0) > weight else best
    if not as_it_is and weights.get("*"):
        return next((name + FORCED for name in reversed(CODINGS) if name not in weights), IDENTITY)
    return IDENTITY  # also for who takes nothing at all: a reply that may be read is better than none


def compressed(body: bytes, choice: str) -> tuple[bytes, str]:
    """The body in the coding that was chosen, and its name; as it is where compressing gains nothing and is not forced."""
    name, forced, _ = choice.partition(FORCED)
    if name == IDENTITY or (not forced and len(body) < LEAST):
        return body, IDENTITY
    shorter = CODINGS[name](body)
    return (shorter, name) if forced or len(shorter) < len(body) else (body, IDENTITY)
