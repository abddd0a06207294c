"""The order of names: as people read them, without case, accents and punctuation, and the same on every database.

Evidence: upstream's saved pages of agencies, launcher and spacecraft configurations are in exactly this order (its database sorts
as for English). Names with the same letters and digits are ordered by case (lower before upper), then by all other characters.
"""

from __future__ import annotations

import unicodedata

LONGEST = 100  # letters and digits that are compared; a row of a PostgreSQL index has at most some 2,700 bytes
_NEXT_LEVEL = "\x01"  # below every letter and digit, so that the shorter of two names comes first


def sort_key(name: str) -> bytes:
    """The bytes by which names are ordered; names of more than `LONGEST` letters and digits may have equal ones."""
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name[: 4 * LONGEST])))
    levels = (plain.casefold(), plain.swapcase(), name)
    return _NEXT_LEVEL.join(level[:LONGEST] for level in levels).encode("utf-8", "replace")
