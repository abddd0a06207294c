"""What the first page tells: how much the catalogue holds, how old that is, what comes next, and what changed last.

Promises: counts and changes are those of the journal's newest entry. They are kept until it has a newer one, and looked at anew
after KEPT_FOR seconds anyway, for what is seen again without a change moves its time on and writes no entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from launchledger.catalogue.queries.overview import NextLaunch, Source, count, next_launches, sources
from launchledger.catalogue.starter import SOURCE as STARTER
from launchledger.documents.listed import listed
from launchledger.explorer.changes import Transaction, last_changes
from launchledger.journal.reading import Head, latest
from launchledger.wire.resources import NORMAL, Resource
from launchledger.wire.served import DEFAULT

KEPT_FOR = 60  # seconds
SOURCES = 5
NEXT = 5


@dataclass(frozen=True, slots=True)
class Holding:
    """How many rows of one resource there are."""

    resource: Resource
    rows: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What follows from one state of the catalogue. Of its sources the newest SOURCES are told, and how many more there are."""

    holdings: tuple[Holding, ...]
    sources: tuple[Source, ...]
    more_sources: int
    newest: Source | None
    has_starter: bool
    changes: tuple[Transaction, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """`last` is the newest entry of the journal, None for a catalogue to which nothing was ever written."""

    last: Head | None
    contents: Contents | None
    next_launches: tuple[NextLaunch, ...]


def look_over(now: datetime) -> Overview:
    """Everything that the page tells, as of this moment. Raises what the database raises."""
    last = next(iter(latest(1)), None)
    if last is None:
        return Overview(None, None, ())
    contents = _contents(last.serial, last.at, int(now.timestamp()) // KEPT_FOR)
    return Overview(last, contents, tuple(next_launches(now, NEXT)))


def listed_resources() -> list[Resource]:
    """The resources that a catalogue is measured by: each once, without choice lists and without parts such as upcoming."""
    return [
        resource
        for path, resource in DEFAULT.resources.items()
        if DEFAULT.path_of_model[resource.model] == path and not resource.is_choice_list
    ]


def count_rows(resources: Sequence[Resource]) -> dict[str, int]:
    """How many rows the list of each of these resources holds in its normal shape, by path. One query."""
    return count({resource.path: listed(resource.shape_in(NORMAL)) for resource in resources})


@lru_cache(maxsize=1)
def _contents(serial: int, at: datetime, moment: int) -> Contents:
    """The arguments tell one state from another. A serial alone does not where a database was replaced by another."""
    resources = listed_resources()
    rows = count_rows(resources)
    found = sources(resource.model for resource in resources)
    observed = [source for source in found if source.name != STARTER]
    return Contents(
        holdings=tuple(Holding(resource, rows[resource.path]) for resource in resources),
        sources=tuple(observed[:SOURCES]),
        more_sources=max(len(observed) - SOURCES, 0),
        newest=next((source for source in observed if source.newest), None),
        has_starter=len(observed) < len(found),
        changes=tuple(last_changes()),
    )


forget = _contents.cache_clear
