"""Who and what is in space now.

Promises: the answers are those of the catalogue's own rules (`catalogue.statistics.flying`), as of the last whole minute; each is
found once a minute, or when something is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from launchledger.catalogue.models.astronauts import Astronaut, AstronautFlightsLink
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.queries.running import last_minute, next_minute, shown
from launchledger.catalogue.statistics.flying import flights_up, flown
from launchledger.documents.freshness import expires_at
from launchledger.explorer.navigation import page_of, page_of_resource
from launchledger.explorer.state import per_state
from launchledger.formats.spans import span
from launchledger.formats.times import SECOND

MOST = 30  # people, and flights, that a page shows


class Link(NamedTuple):
    """A name with the address of its page, which may be ""."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in space: since when, with which launch, and how long, now and in all; as seen at `seen`."""

    person: Link
    agency: Link
    launch: Link
    since: datetime | None
    precision: str
    stay: str
    in_all: str
    """"" where it was reported before some of this stay, and does not run."""
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class People:
    """The first MOST people in space, those who are up longest first, and the number of all."""

    shown: list[Person]
    count: int


def minute() -> datetime:
    """The last whole minute, which the reply does not outlive."""
    expires_at(next_minute())
    return datetime.fromtimestamp(last_minute() // SECOND, UTC)


def flights_in_space() -> Mapping[Any, datetime]:
    """The nets of the flights that are in space, by their keys; the newest first."""
    return _flights(minute())


def people_in_space() -> People:
    return _people(minute())


@per_state
def _flights(now: datetime) -> Mapping[Any, datetime]:
    found = sorted(flights_up(now), key=lambda up: up.net, reverse=True)
    return {up.flight: up.net for up in found}


@per_state
def _people(now: datetime) -> People:
    rows = listed_rows(Astronaut).filter(in_space=True)
    columns = ("pk", "name", "agency", "agency__name", "agency__abbrev", "last_flight", "time_in_space_since", "observed_at")
    found = list(
        rows.annotate(in_all=shown(Astronaut, "time_in_space"))
        .order_by(F("last_flight").asc(nulls_last=True), "name_key", "pk")
        .values_list(*columns, "in_all")[: MOST + 1]
    )
    launches = _last_launches([row[0] for row in found], now)
    people = [_person(row, launches.get(row[0]), now) for row in found[:MOST]]
    return People(people, len(found) if len(found) <= MOST else _count(rows))


def _count(rows: QuerySet[Any]) -> int:
    return rows.order_by().count()


class _Launch(NamedTuple):
    key: str
    name: str | None
    slug: str | None
    net: datetime
    precision: str | None


def _last_launches(people: Iterable[Any], now: datetime) -> dict[Any, _Launch]:
    """The last launch of each person that flew."""
    rows = AstronautFlightsLink.objects.filter(
        flown(now, "member__"), is_listed(AstronautFlightsLink), owner__in=people, member__net__lte=now
    )
    columns = ("owner", "member", "member__name", "member__slug", "member__net", "member__net_precision__abbrev")
    return {owner: _Launch(*launch) for owner, *launch in rows.order_by("member__net").values_list(*columns)}


def _person(row: tuple[Any, ...], launch: _Launch | None, now: datetime) -> Person:
    key, name, agency, agency_name, abbrev, last_flight, runs_since, seen, in_all = row
    since = launch.net if launch else runs_since or (last_flight if last_flight and last_flight <= now else None)
    stay = (now - since).total_seconds() if since else 0
    return Person(
        person=Link(name or "unnamed", page_of_resource("astronaut", key)),
        agency=Link(abbrev or agency_name or "", page_of_resource("agencies", agency)) if agency is not None else Link("", ""),
        launch=_link(launch) if launch else Link("", ""),
        since=since,
        precision=(launch and launch.precision) or "MIN",
        stay=span(stay) if since else "",
        in_all=span(in_all / SECOND) if stay <= in_all / SECOND else "",
        seen=seen,
    )


def _link(launch: _Launch) -> Link:
    return Link(launch.name or "unnamed", page_of({"url": f"launch/{launch.key}/", "slug": launch.slug}))
