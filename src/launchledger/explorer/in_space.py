"""Who and what is in space now.

Promises: the answers are those of the catalogue's own rules (`catalogue.statistics.flying`), as of the last whole minute; each is
found, and its table written, once a minute, or when something is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from launchledger.catalogue.models.astronauts import Astronaut, AstronautFlightsLink
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.queries.running import last_minute, next_minute, shown
from launchledger.catalogue.statistics.flying import flights_up, flown
from launchledger.documents.freshness import expires_at
from launchledger.explorer.html import rows_of
from launchledger.explorer.navigation import page_of, page_of_resource
from launchledger.explorer.state import per_state
from launchledger.explorer.templatetags.pages import linked, time
from launchledger.formats.spans import span
from launchledger.formats.times import SECOND

MOST = 30  # people, and flights, that a page shows

_PERSON = (
    '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td class="when">{}</td><td class="number">{}</td>'
    '<td class="number">{}</td><td class="seen">{}</td></tr>'
)
_FLIGHT = '<tr><th scope="row">{}</th><td class="when">{}</td><td>{}</td><td>{}</td></tr>'


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, how many of them there are, and how many there are in all."""

    rows: SafeString
    shown: int
    count: int


def minute() -> datetime:
    """The last whole minute, which the reply does not outlive."""
    expires_at(next_minute())
    return datetime.fromtimestamp(last_minute() // SECOND, UTC)


def flights_in_space() -> Mapping[Any, datetime]:
    """The nets of the flights that are in space, by their keys; the newest first."""
    return _flights(minute())


def table_of_flights() -> Table:
    """Flights in space, the newest first: spacecraft, since when, launch, destination."""
    return _table_of_flights(minute(), get_script_prefix())


def table_of_people() -> Table:
    """People in space, those who are up longest first: agency, launch, since when, for how long, in all flights, last seen."""
    return _table_of_people(minute(), get_script_prefix())


@per_state
def _flights(now: datetime) -> Mapping[Any, datetime]:
    found = sorted(flights_up(now), key=lambda up: up.net, reverse=True)
    return {up.flight: up.net for up in found}


@per_state
def _table_of_flights(now: datetime, prefix: str) -> Table:
    """Kept by the prefix of its links too."""
    up = _flights(now)
    keys = list(up)[:MOST]
    columns = ("spacecraft__name", "destination", "launch", "launch__name", "launch__slug", "launch__net_precision__abbrev")
    rows = {key: row for key, *row in SpacecraftFlight.objects.filter(pk__in=keys).values_list("pk", *columns)}
    return Table(rows_of(_FLIGHT, (_flight(key, up[key], *rows[key]) for key in keys)), len(keys), len(up))


def _flight(
    key: int,
    net: datetime,
    name: str | None,
    destination: str | None,
    launch: str,
    launch_name: str | None,
    slug: str | None,
    precision: str | None,
) -> tuple[Any, ...]:
    launched = linked(launch_name, page_of({"url": f"launch/{launch}/", "slug": slug}))
    return linked(name, page_of_resource("spacecraft/flight", key)), time(net, precision or "MIN"), launched, destination or ""


@per_state
def _table_of_people(now: datetime, prefix: str) -> Table:
    """Kept by the prefix of its links too."""
    rows = listed_rows(Astronaut).filter(in_space=True)
    columns = ("pk", "name", "agency", "agency__name", "agency__abbrev", "last_flight", "time_in_space_since", "observed_at")
    found = list(
        rows.annotate(in_all=shown(Astronaut, "time_in_space"))
        .order_by(F("last_flight").asc(nulls_last=True), "name_key", "pk")
        .values_list(*columns, "in_all")[: MOST + 1]
    )
    launches = _last_launches([row[0] for row in found], now)
    people = [_person(row, launches.get(row[0]), now) for row in found[:MOST]]
    count = len(found) if len(found) <= MOST else rows.order_by().count()
    return Table(rows_of(_PERSON, people), len(people), count)


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


def _person(row: tuple[Any, ...], launch: _Launch | None, now: datetime) -> tuple[Any, ...]:
    """A row of the table. A time in all flights that was reported before some of this stay, and does not run, is left out."""
    key, name, agency, agency_name, abbrev, last_flight, runs_since, seen, in_all = row
    since = launch.net if launch else runs_since or (last_flight if last_flight and last_flight <= now else None)
    stay = (now - since).total_seconds() if since else 0
    return (
        linked(name, page_of_resource("astronaut", key)),
        linked(abbrev or agency_name, page_of_resource("agencies", agency)) if agency is not None else "",
        linked(launch.name, page_of({"url": f"launch/{launch.key}/", "slug": launch.slug})) if launch else "",
        time(since, (launch and launch.precision) or "MIN"),
        span(stay) if since else "",
        span(in_all / SECOND) if in_all and stay <= in_all / SECOND else "",
        f"{seen:%Y-%m-%d}" if seen else "",
    )
