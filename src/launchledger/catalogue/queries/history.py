"""The history of an object's watched columns: which values they had, from when to when.

Promises: the same steps whatever the order in which replies were loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from launchledger.catalogue.models.history import ObservedState
from launchledger.formats.encoding import decode


@dataclass(frozen=True, slots=True)
class Step:
    """A value in wire form, from the first to the last time at which it was observed, with no other value between."""

    value: Any
    first_seen: datetime
    last_seen: datetime
    source: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    state: dict[str, Any]
    begin: datetime
    end: datetime
    source: str


def steps_of(kind: str, key: str) -> dict[str, list[Step]]:
    """The steps of each watched column of an object, the oldest first; a column that no reply had is left out."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for at, stretch in _points(_stretches(kind, key)):
        for column, value in stretch.state.items():
            of_column = steps[column]
            if of_column and of_column[-1].value == value:
                of_column[-1] = replace(of_column[-1], last_seen=at)
            else:
                of_column.append(Step(value, at, at, stretch.source))
    return dict(steps)


def _stretches(kind: str, key: str) -> list[_Stretch]:
    """Each state with its times. A state begins at its `last_updated` and ends, at the latest, at the next one."""
    rows = list(ObservedState.objects.filter(kind=kind, key=key).order_by("since", "first", "state"))
    dated = sorted({row.since for row in rows if row.is_dated})
    ends = dict(pairwise(dated))
    return [
        _Stretch(
            decode(row.state),
            row.since if row.is_dated else row.first,
            min(row.last, ends.get(row.since, row.last)) if row.is_dated else row.last,
            row.source,
        )
        for row in rows
    ]


def _points(stretches: Sequence[_Stretch]) -> Iterator[tuple[datetime, _Stretch]]:
    """The begin and the end of each stretch by time; of equal times, the end of the stretch that began earlier comes first."""
    points = [(at, stretch.begin, place) for place, stretch in enumerate(stretches) for at in (stretch.begin, stretch.end)]
    return ((at, stretches[place]) for at, _, place in sorted(points))
