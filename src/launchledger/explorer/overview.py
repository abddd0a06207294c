"""What the first page tells: how much the catalogue holds, how old that is, what comes next, and what changed last.

Promises: counts and changes are those of the journal's newest entry. They are kept until it has a newer one, and looked at anew
after KEPT_FOR seconds anyway, for what is seen again without a change moves its time on and writes no entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from launchledger.catalogue.queries.overview import NextLaunch, Source, count_rows, listed_resources, next_launches, sources
from launchledger.catalogue.starter import SOURCE as STARTER
from launchledger.contract.resources import Resource
from launchledger.explorer.changes import Transaction, last_changes
from launchledger.journal.reading import Head, latest

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


@lru_cache(maxsize=1)
def _contents(serial: int, at: datetime, moment: int) -> Contents:
    """The arguments tell one state from another. A serial alone does not where a database was replaced by another."""
    rows = count_rows()
    found = sources()
    observed = [source for source in found if source.name != STARTER]
    return Contents(
        holdings=tuple(Holding(resource, rows[resource.path]) for resource in listed_resources()),
        sources=tuple(observed[:SOURCES]),
        more_sources=max(len(observed) - SOURCES, 0),
        newest=next((source for source in observed if source.newest), None),
        has_starter=len(observed) < len(found),
        changes=tuple(last_changes()),
    )


forget = _contents.cache_clear
