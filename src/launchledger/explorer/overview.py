"""The data of the first page: counts, age, whose data it is, next launches and last changes.

Promises: counts and changes are those of the journal's newest entry. They are cached until there is a newer one, but at most
CACHED_FOR seconds, because an observation without a change updates times and writes no entry.
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
from launchledger.explorer.credits import Credit, credits_of
from launchledger.journal.reading import Head, latest
from launchledger.sync.freshness import Freshness, freshness
from launchledger.wire.resources import NORMAL, Resource
from launchledger.wire.served import DEFAULT

CACHED_FOR = 60  # seconds
SOURCES = 5
NEXT = 5


@dataclass(frozen=True, slots=True)
class ResourceCount:
    """How many rows a resource has."""

    resource: Resource
    rows: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The data of one state of the catalogue, with its newest SOURCES sources and the number of others.

    `credits` are those whose data is in it, as far as that is known.
    """

    counts: tuple[ResourceCount, ...]
    sources: tuple[Source, ...]
    more_sources: int
    newest: Source | None
    has_starter: bool
    credits: tuple[Credit, ...]
    changes: tuple[Transaction, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """`last` is the newest entry of the journal, None for a catalogue to which nothing was ever written.

    `mirror` is how fresh the mirror is, None if nothing was ever synced; the page is as of `now`.
    """

    now: datetime
    mirror: Freshness | None
    last: Head | None
    contents: Contents | None
    next_launches: tuple[NextLaunch, ...]


def load_overview(now: datetime) -> Overview:
    """All data of the page, as of `now`. Raises what the database raises."""
    mirror = freshness(now)
    last = next(iter(latest(1)), None)
    if last is None:
        return Overview(now, mirror, None, None, ())
    contents = _contents(last.serial, last.at, int(now.timestamp()) // CACHED_FOR)
    return Overview(now, mirror, last, contents, tuple(next_launches(now, NEXT)))


def listed_resources() -> list[Resource]:
    """The resources that the page counts: without choice lists and without parts such as upcoming."""
    return [
        resource
        for path, resource in DEFAULT.resources.items()
        if DEFAULT.path_of_model[resource.model] == path and not resource.is_choice_list
    ]


def count_rows(resources: Sequence[Resource]) -> dict[str, int]:
    """How many rows the list of each of these resources has in its normal shape, by path. One query."""
    return count({resource.path: listed(resource.shape_in(NORMAL)) for resource in resources})


@lru_cache(maxsize=1)
def _contents(serial: int, at: datetime, period: int) -> Contents:
    """The arguments identify a state. A serial alone does not where another database took the place of the former one."""
    resources = listed_resources()
    rows = count_rows(resources)
    found = sources(resource.model for resource in resources)
    observed = [source for source in found if source.name != STARTER]
    return Contents(
        counts=tuple(ResourceCount(resource, rows[resource.path]) for resource in resources),
        sources=tuple(observed[:SOURCES]),
        more_sources=max(len(observed) - SOURCES, 0),
        newest=next((source for source in observed if source.newest), None),
        has_starter=len(observed) < len(found),
        credits=tuple(credits_of(source.name for source in found)),
        changes=tuple(last_changes()),
    )


clear_cache = _contents.cache_clear
