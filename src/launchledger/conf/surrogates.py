"""The headers in which replies give their surrogate keys to a cache in front: Surrogate-Key, Cache-Tag, or both.

Refuses: any other header, and one that is named twice.
"""

from __future__ import annotations

# The separator of keys in each header: Fastly and Varnish's xkey read the first, Cloudflare the second.
SEPARATORS = {"Surrogate-Key": " ", "Cache-Tag": ","}


def parse_surrogate_keys(text: str) -> tuple[str, ...]:
    """Read header names separated by commas; an empty text gives none. Raises ValueError."""
    known = {name.lower(): name for name in SEPARATORS}
    names = [part.strip() for part in text.split(",")] if text.strip() else []
    if unknown := [name for name in names if name.lower() not in known]:
        raise ValueError(f"{unknown[0]!r} is not one of {', '.join(SEPARATORS)}.")
    found = tuple(known[name.lower()] for name in names)
    if len(set(found)) < len(found):
        raise ValueError("Names a header twice.")
    return found
