"""Sightings: when and where a column was seen, and which of two is the later.

Promises: the order is total, so that the value that wins never depends on the order of loading (ADR 20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from launchledger.formats.times import format_date_time, parse_date_time

_REMEMBERED = 1_024  # sightings; the columns of many rows share them
NOT_SAVED = datetime.min.replace(tzinfo=UTC)


class Seen(NamedTuple):
    """One sighting, compared as a tuple: by its time, then by when it was saved, its source, and its rank.

    `at` is when it was seen; `saved` when the reply was saved, NOT_SAVED where that is unknown; `rank` the object's place in
    its file and a checksum of its records, so that two different objects never tie.
    """

    at: datetime
    saved: datetime
    source: str
    rank: int

    def is_before(self, other: Seen) -> bool:
        """Whether this was seen before the other. Objects of one reply were seen together."""
        return self[:3] < other[:3]


def parse_observations(stored: list[Any]) -> dict[str, Seen]:
    """When and where each column was last seen, from `Observed.observations`."""
    seen: dict[str, Seen] = {}
    for at, source, columns, *tie in stored:
        seen.update(dict.fromkeys(columns, _parse(at, source, *tie)))
    return seen


@lru_cache(maxsize=_REMEMBERED)
def _parse(at: str, source: str, saved: str = "", rank: int = 0) -> Seen:
    return Seen(parse_date_time(at), parse_date_time(saved) if saved else NOT_SAVED, source, rank)


def format_observations(seen: Mapping[str, Seen]) -> list[Any]:
    """What `Observed.observations` stores, newest first; the values that break ties only where there are any."""
    groups: dict[Seen, list[str]] = defaultdict(list)
    before: Seen | None = None
    for column, sighting in seen.items():
        if sighting is not before:  # most columns were last seen together
            before, group = sighting, groups[sighting]
        group.append(column)
    return [[*_format(each)[:2], sorted(groups[each]), *_format(each)[2:]] for each in sorted(groups, reverse=True)]


@lru_cache(maxsize=_REMEMBERED)
def _format(seen: Seen) -> list[Any]:
    start = [format_date_time(seen.at), seen.source]
    if seen.saved == NOT_SAVED and not seen.rank:
        return start
    return [*start, "" if seen.saved == NOT_SAVED else format_date_time(seen.saved), seen.rank]
