"""The path below which clients see the server, where a proxy has other things beside it: `/ledger`, or empty for the root."""

from __future__ import annotations

import re

LONGEST = 200  # characters
_OWN = ("/2.2.0", "/static", "/docs", "/healthz", "/readyz")  # a path that begins so would be ours as much as a prefix
_SEGMENTS = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)*", re.ASCII)


def is_prefix(text: str) -> bool:
    """Whether a text is a prefix: empty, or plain segments each with a stroke before it, which are no address of our own."""
    mine = any(text == own or text.startswith(f"{own}/") for own in _OWN)
    return len(text) <= LONGEST and _SEGMENTS.fullmatch(text) is not None and not mine


def parse_prefix(text: str) -> str:
    """Read a prefix, with or without its last stroke; ValueError says what it looks like."""
    prefix = text.rstrip("/")
    if not is_prefix(prefix):
        raise ValueError(
            f"{text!r} is no path such as /ledger: it begins with a stroke, has letters, digits and ._~- between strokes, and is "
            f"none of the server's own ({', '.join(_OWN)})."
        )
    return prefix
