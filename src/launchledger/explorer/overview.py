"""The data of the first page: launches, what is in space, last changes, counts, age, and whose data it is.

Promises: all of it is that of the journal's newest entry. It is cached until there is a newer one, but at most CACHED_FOR
seconds, because an observation without a change updates times and writes no entry, and because launches lift off. Each list has
a bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby

from launchledger.catalogue.queries.in_space import Craft, Docked, Person, docked_now, people_in_space, spacecraft_in_space
from launchledger.catalogue.queries.overview import NextLaunch, Source, count, last_launches, next_launches, sources
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
NEXT = 6
IN_SPACE = 40  # people, spacecraft, and dockings that are shown of each
_SPARE = 4  # launches more than are shown: some may lift off while they are cached


@dataclass(frozen=True, slots=True)
class ResourceCount:
    """How many rows a resource has."""

    resource: Resource
    rows: int


@dataclass(frozen=True, slots=True)
class Station:
    """A station, how many people are aboard, and what is docked there."""

    key: int
    name: str
    aboard: int | None
    docked: tuple[Docked, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """The data of one state of the catalogue, with its newest SOURCES sources and the number of others.

    `last` is the newest entry of the journal, `credits` are those whose data is in the catalogue, as far as that is known.
    """

    last: Head
    upcoming: tuple[NextLaunch, ...]
    latest_launch: NextLaunch | None
    people: tuple[Person, ...]
    spacecraft: tuple[Craft, ...]
    stations: tuple[Station, ...]

    counts: tuple[ResourceCount, ...]
    sources: tuple[Source, ...]
    more_sources: int
    newest: Source | None
    has_starter: bool
    credits: tuple[Credit, ...]
    changes: tuple[Transaction, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """`contents` is None for a catalogue to which nothing was ever written.

    `mirror` is how fresh the mirror is, None if nothing was ever synced; the page is as of `now`.
    """

    now: datetime
    mirror: Freshness | None
    contents: Contents | None
    next_launches: tuple[NextLaunch, ...]


def load_overview(now: datetime) -> Overview:
    """All data of the page, as of `now`. Raises what the database raises."""
    mirror = freshness(now)
    last = next(iter(latest(1)), None)
    if last is None:
        return Overview(now, mirror, None, ())
    contents = _contents(last, int(now.timestamp()) // CACHED_FOR)
    return Overview(now, mirror, contents, tuple(launch for launch in contents.upcoming if launch.net >= now)[:NEXT])


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
def _contents(last: Head, period: int) -> Contents:
    """The arguments identify a state. A serial alone does not where another database took the place of the former one."""
    began = datetime.fromtimestamp(period * CACHED_FOR, UTC)
    resources = listed_resources()
    rows = count_rows(resources)
    found = sources(resource.model for resource in resources)
    observed = [source for source in found if source.name != STARTER]
    return Contents(
        last=last,
        upcoming=tuple(next_launches(began, NEXT + _SPARE)),
        latest_launch=next(iter(last_launches(began, 1)), None),
        people=tuple(people_in_space(IN_SPACE)),
        spacecraft=tuple(spacecraft_in_space(IN_SPACE)),
        stations=tuple(_stations(docked_now(IN_SPACE))),
        counts=tuple(ResourceCount(resource, rows[resource.path]) for resource in resources),
        sources=tuple(observed[:SOURCES]),
        more_sources=max(len(observed) - SOURCES, 0),
        newest=next((source for source in observed if source.newest), None),
        has_starter=len(observed) < len(found),
        credits=tuple(credits_of(source.name for source in found)),
        changes=tuple(last_changes()),
    )


def _stations(docked: Sequence[Docked]) -> Iterator[Station]:
    for key, some in groupby(docked, key=lambda each: each.station):
        at_it = tuple(some)
        yield Station(key, at_it[0].station_name, at_it[0].aboard, at_it)


clear_cache = _contents.cache_clear
