"""How long browsers and caches may reuse a reply, by what it is about: upcoming=15,choices=3600,others=60.

Refuses: an unknown kind, a kind that is set twice, and more than a year, which HTTP treats as forever.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 31_536_000  # seconds
_PART = re.compile(r"\s*([a-z]+)\s*=\s*(\d{1,9})\s*", re.ASCII)


class MaxAges(NamedTuple):
    """Seconds: for upcoming and previous resources and the dashboard; for choice lists under `config/`; for all others."""

    upcoming: int
    choices: int
    others: int


DEFAULT = MaxAges(upcoming=15, choices=3600, others=60)


def parse_max_ages(text: str) -> MaxAges:
    """Read one number for all kinds, or one for each named kind; the other kinds have their defaults. Raises ValueError."""
    if text.strip().isdecimal() and text.isascii():
        return MaxAges(*[_checked(int(text))] * 3)
    found: dict[str, int] = {}
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if not match or match[1] not in MaxAges._fields or match[1] in found:
            raise ValueError(f"{part.strip()!r} is not a valid age, such as upcoming=15; set each of {_KINDS} at most once.")
        found[match[1]] = _checked(int(match[2]))
    return DEFAULT._replace(**found)


def _checked(seconds: int) -> int:
    if seconds > LONGEST:
        raise ValueError(f"{seconds} seconds are too many; the limit is {LONGEST}, a year.")
    return seconds


_KINDS = ", ".join(MaxAges._fields)
