"""The path under which clients see the server, where a proxy serves other applications too: `/ledger`, or empty for the root."""

from __future__ import annotations

import re

LEDGER = "/ledger/"  # below which the history of the catalogue is served
PAGES = (
    *("/launches/", "/flights/", "/astronauts/", "/spacecraft/", "/vehicles/", "/boosters/", "/stations/", "/expeditions/"),
    *("/sites/", "/agencies/", "/programs/", "/events/", "/statistics", "/changes", "/search"),
)
"""Below which, and at the root, there are pages for people."""

LONGEST = 200  # characters
_OWN = (
    "/2.2.0",
    "/static",
    "/docs",
    "/healthz",
    "/readyz",
    "/status",
    "/desk",
    *(path.rstrip("/") for path in PAGES),
)  # a prefix that begins with one would be ambiguous
_SEGMENTS = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)*", re.ASCII)


def is_prefix(text: str) -> bool:
    """Whether a text is a prefix: empty, or plain segments with a slash before each, and no path of the server itself."""
    is_own = any(text == own or text.startswith(f"{own}/") for own in _OWN)
    return len(text) <= LONGEST and _SEGMENTS.fullmatch(text) is not None and not is_own


def parse_prefix(text: str) -> str:
    """Read a prefix, with or without a slash at the end. Raises ValueError."""
    prefix = text.rstrip("/")
    if not is_prefix(prefix):
        raise ValueError(
            f"{text!r} is not a path such as /ledger: begin with a slash, write letters, digits and ._~- between slashes, and "
            f"choose none of the server's own paths ({', '.join(_OWN)})."
        )
    return prefix
