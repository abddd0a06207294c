"""Choosing the coding that a client accepts, and compressing.

The levels were measured (docs/adr/0011): of codings that a client accepts equally the cheapest is chosen. An `Accept-Encoding`
that cannot be parsed, or is very long, accepts no coding.

BREACH, which guesses a secret from the length of compressed replies, finds nothing here: it needs a secret and the attacker's
input in one reply, and only public replies, the same for everyone, are compressed, never one to a request with a key.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import lru_cache, partial

import brotli

from launchledger.zstandard import zstd

IDENTITY = "identity"  # as it is
FORCED = ";"  # ends the name of a coding that was chosen because the client refuses an uncompressed reply
LEAST = 1024  # bytes; a smaller reply travels in one packet anyway

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": partial(zstd.compress, level=3),
    "br": partial(brotli.compress, quality=4),
    "gzip": partial(gzip.compress, compresslevel=5, mtime=0),
}

_LONGEST = 256  # characters of a header that is read; those of browsers have some 25
_MEMBER = re.compile(r"\s*([a-z0-9-]+|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.ASCII)


def choose(accepted: str) -> str:
    """The coding to reply with for an `Accept-Encoding`: a name of CODINGS, perhaps followed by FORCED, or IDENTITY.

    A star counts only where the client accepts nothing else: many clients that send it know gzip only.
    """
    return _choose(accepted) if len(accepted) <= _LONGEST else IDENTITY


@lru_cache(maxsize=256)
def _choose(accepted: str) -> str:
    weights: dict[str, float] = {}
    for member in accepted.lower().split(","):
        if found := _MEMBER.fullmatch(member):
            weights[found[1]] = float(found[2] or 1)
    as_it_is = weights.get(IDENTITY, weights.get("*", 1.0))
    best = max(CODINGS, key=lambda name: weights.get(name, 0.0))  # of equal ones, the first
    if weight := weights.get(best, 0.0):
        if not as_it_is:
            return best + FORCED
        return IDENTITY if weights.get(IDENTITY, 0.0) > weight else best
    if not as_it_is and weights.get("*"):
        return next((name + FORCED for name in reversed(CODINGS) if name not in weights), IDENTITY)
    return IDENTITY  # also for a client that accepts nothing: it may read the reply all the same


def compressed(body: bytes, choice: str) -> tuple[bytes, str]:
    """The body in the chosen coding, and the coding's name; unchanged where compressing gains nothing and is not forced."""
    name, forced, _ = choice.partition(FORCED)
    if name == IDENTITY or (not forced and len(body) < LEAST):
        return body, IDENTITY
    shorter = CODINGS[name](body)
    return (shorter, name) if forced or len(shorter) < len(body) else (body, IDENTITY)
