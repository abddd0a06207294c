"""For how long others may keep replies without asking again, by what they are about: upcoming=15,choices=3600,others=60.

Refuses: a kind that is none, a kind told twice, and more than a year, which HTTP takes for forever.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 31_536_000  # seconds
_PART = re.compile(r"\s*([a-z]+)\s*=\s*(\d{1,9})\s*", re.ASCII)


class MaxAges(NamedTuple):
    """Seconds: for what is upcoming, previous or on a dashboard; for the lists of choices under `config/`; for all else."""

    upcoming: int
    choices: int
    others: int


DEFAULT = MaxAges(upcoming=15, choices=3600, others=60)


def parse_max_ages(text: str) -> MaxAges:
    """Read one number for all kinds, or a number for some, the others staying as they are; ValueError says what is wrong."""
    if text.strip().isdecimal() and text.isascii():
        return MaxAges(*[_within(int(text))] * 3)
    told: dict[str, int] = {}
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if not found or found[1] not in MaxAges._fields or found[1] in told:
            raise ValueError(f"{part.strip() or 'Nothing'} is no age such as upcoming=15; each of {_KINDS} may be told once.")
        told[found[1]] = _within(int(found[2]))
    return DEFAULT._replace(**told)


def _within(seconds: int) -> int:
    if seconds > LONGEST:
        raise ValueError(f"{seconds} seconds are too many; at most {LONGEST}, a year, are possible.")
    return seconds


_KINDS = ", ".join(MaxAges._fields)
