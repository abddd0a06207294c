"""Under which headers replies name what they are made of, for caches in front: Surrogate-Key, Cache-Tag, or both.

Refuses: a header that is neither, and one told twice.
"""

from __future__ import annotations

# What stands between two keys: Fastly and Varnish's xkey read the first, Cloudflare the second.
SEPARATORS = {"Surrogate-Key": " ", "Cache-Tag": ","}


def parse_surrogate_keys(text: str) -> tuple[str, ...]:
    """Read names of headers with commas between them, none for none; ValueError says what is wrong."""
    known = {name.lower(): name for name in SEPARATORS}
    names = [part.strip() for part in text.split(",")] if text.strip() else []
    if unknown := [name for name in names if name.lower() not in known]:
        raise ValueError(f"{unknown[0] or 'Nothing'} is none of {', '.join(SEPARATORS)}.")
    found = tuple(known[name.lower()] for name in names)
    if len(set(found)) < len(found):
        raise ValueError("Names a header twice.")
    return found
