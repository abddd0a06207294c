"""When and where a column was seen, and which of two sightings is the later.

Promises: the order is total, so that which value stands never depends on the order of loading (ADR 20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from launchledger.contract.formats import format_date_time, parse_date_time

NOT_SAVED = datetime.min.replace(tzinfo=UTC)


class Seen(NamedTuple):
    """One sighting, compared as a tuple: by the time it tells of, then by when it was saved, its source, and its rank.

    `at` is when it was so upstream; `saved` when the reply was saved, NOT_SAVED where no file says; `rank` the object's
    place in its file and a checksum of what it says, so that two different objects never tie.
    """

    at: datetime
    saved: datetime
    source: str
    rank: int

    def is_before(self, other: Seen) -> bool:
        """Whether this was seen before the other. Objects of one reply were seen together, whatever they hold."""
        return self[:3] < other[:3]


def parse_observations(stored: list[Any]) -> dict[str, Seen]:
    """When and where each column was last seen, from `Observed.observations`."""
    seen: dict[str, Seen] = {}
    for at, source, columns, *tie in stored:
        saved, rank = tie or ("", 0)
        sighting = Seen(parse_date_time(at), parse_date_time(saved) if saved else NOT_SAVED, source, rank)
        seen.update(dict.fromkeys(columns, sighting))
    return seen


def format_observations(seen: Mapping[str, Seen]) -> list[Any]:
    """What `Observed.observations` keeps, newest first; what breaks ties only where there is something."""
    groups: dict[Seen, list[str]] = defaultdict(list)
    for column, sighting in seen.items():
        groups[sighting].append(column)
    return [
        [format_date_time(each.at), each.source, sorted(columns), *_tie(each)]
        for each, columns in sorted(groups.items(), reverse=True)
    ]


def _tie(seen: Seen) -> list[Any]:
    if seen.saved == NOT_SAVED and not seen.rank:
        return []
    return ["" if seen.saved == NOT_SAVED else format_date_time(seen.saved), seen.rank]
