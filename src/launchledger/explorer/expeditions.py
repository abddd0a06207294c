"""The expeditions at a station, from rows: its document has only those that are going on.

Promises: a fixed number of queries, of bounded results; only what is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.stations import Expedition, ExpeditionCrewLink
from launchledger.catalogue.queries.prepared import prepared
from launchledger.catalogue.statistics.flying import TRUSTED
from launchledger.explorer.charts.expeditions import Stint
from launchledger.explorer.html import linked_to
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.state import per_state

LATEST = 12  # expeditions on the page of a station
NAMED = 14  # members of a crew that are named there
_USUAL = "Flight Engineer"  # the role of most, which is not written
BESIDE = 3  # expeditions before and after one, on its page


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in a crew; `href` is the page of the person, "" if there is none."""

    name: str
    role: str
    href: str

    @property
    def html(self) -> SafeString | str:
        name = linked_to(self.href, self.name)
        return format_html("{} ({})", name, self.role.lower()) if self.role and self.role != _USUAL else name


@dataclass(frozen=True, slots=True)
class Crewed:
    """An expedition with its crew: the first NAMED members, and how many there are besides."""

    name: str
    start: datetime | None
    end: datetime | None
    href: str
    crew: list[Member]
    more: int

    @property
    def names(self) -> SafeString:
        """The named members with their roles, linked to their pages."""
        return format_html_join(", ", "{}", ((member.html,) for member in self.crew))


@per_state
def expeditions_at(station: int) -> tuple[list[Crewed], int]:
    """The latest expeditions at a station with their crews, newest first, and how many there are besides."""
    rows = listed_rows(Expedition).filter(spacestation=station)
    found = list(rows.order_by(F("start").desc(nulls_last=True), "-pk").values_list("pk", "name", "start", "end")[: LATEST + 1])
    more = rows.count() - LATEST if len(found) > LATEST else 0
    crews = _crews([key for key, *_ in found[:LATEST]])
    latest = [
        Crewed(
            name or "Unnamed expedition",
            start,
            end,
            page_of_resource("expedition", key),
            crews[key][:NAMED],
            len(crews[key][NAMED:]),
        )
        for key, name, start, end in found[:LATEST]
    ]
    return latest, more


def _crews(expeditions: Collection[int]) -> dict[int, list[Member]]:
    """The crews of these expeditions."""
    found: dict[int, list[Member]] = defaultdict(list)
    if not expeditions:
        return found
    columns = ("owner", "member__astronaut", "member__astronaut__name", "member__role__role")
    rows = listed_rows(ExpeditionCrewLink).filter(owner__in=expeditions).order_by("owner", "position")
    for owner, person, name, role in rows.values_list(*columns):
        href = page_of_resource("astronaut", person) if person is not None else ""
        found[owner].append(Member(name or "unnamed", role or "", href))
    return found


def stint(key: int, name: str | None, start: datetime, end: datetime | None, now: datetime) -> Stint:
    """An expedition for a chart. Without an end it goes on for as long as what was reported is trusted."""
    goes_on = end is None and timedelta(0) <= now - start <= TRUSTED
    return Stint(name or "Unnamed expedition", start, end, goes_on, page_of_resource("expedition", key))


def stints_beside(expedition: int, station: int, start: datetime, now: datetime) -> list[Stint]:
    """The expeditions that began before and after one at its station, at most BESIDE of each."""
    found = (row for query in (_before, _after) for row in query(station=station, expedition=expedition, start=start))
    return [stint(key, name, begin, end, now) for key, name, begin, end in found]


def _others(station: Any, expedition: Any) -> QuerySet[Any]:
    rows = listed_rows(Expedition).filter(spacestation=station).exclude(pk=expedition)
    return rows.values_list("pk", "name", "start", "end")


@prepared("station", "expedition", "start")
def _before(station: Any, expedition: Any, start: Any) -> QuerySet[Any]:
    return _others(station, expedition).filter(start__lte=start).order_by("-start", "-pk")[:BESIDE]


@prepared("station", "expedition", "start")
def _after(station: Any, expedition: Any, start: Any) -> QuerySet[Any]:
    return _others(station, expedition).filter(start__gt=start).order_by("start", "pk")[:BESIDE]
