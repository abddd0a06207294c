"""The filters that do not compare one column: each rule takes the rows so far and the requested value.

Their meanings are the contract's ("What those do"); where it defines none, false filters nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from launchledger.api.relation_filters import Among, CalendarPart
from launchledger.api.time_windows import from_now_on
from launchledger.catalogue.choices import NOT_HUMAN, SUBORBITAL
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import AstronautFlightsLink
from launchledger.catalogue.models.links import EventVidURL, LaunchVidURL
from launchledger.catalogue.models.listed import is_not_deleted, listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftConfiguration, SpacecraftFlight, SpacecraftFlightLaunchCrewLink

Rows = QuerySet[Any]
Rule = Callable[[Rows, Any], Rows]

AS_RANGES = 10  # years, each a range of an index; with more, the year of every row is compared


def with_spacecraft(rows: Rows, wanted: bool) -> Rows:
    """Agencies that have spacecraft configurations."""
    return rows.filter(Exists(listed_rows(SpacecraftConfiguration).filter(agency=OuterRef("pk")))) if wanted else rows


def has_flown(rows: Rows, wanted: bool) -> Rows:
    """Astronauts with any flight, or with none."""
    flown = Exists(AstronautFlightsLink.objects.filter(is_not_deleted(AstronautFlightsLink), owner=OuterRef("pk")))
    return rows.filter(flown if wanted else ~flown)


def is_human(rows: Rows, wanted: bool) -> Rows:
    """Astronauts of any type but that of animals and dummies, or of that one; an astronaut without a type counts as human."""
    not_human = Q(type=NOT_HUMAN)
    return rows.exclude(not_human) if wanted else rows.filter(not_human)


def include_suborbital(rows: Rows, wanted: bool) -> Rows:
    """False drops launches whose mission's orbit is suborbital; a launch without mission or orbit stays."""
    return rows if wanted else rows.exclude(mission__orbit=SUBORBITAL)


def is_crewed(rows: Rows, wanted: bool) -> Rows:
    """Launches whose spacecraft has, or has not, a launch crew. The query starts from the crews, which are few."""
    crews = listed_rows(SpacecraftFlightLaunchCrewLink).filter(is_not_deleted(SpacecraftFlight, "owner__"))
    if not wanted:
        return rows.filter(~Exists(crews.filter(owner__launch=OuterRef("pk"))))
    return rows.filter(Among("id", crews.values("owner__launch")))


def lsp_name(rows: Rows, wanted: str) -> Rows:
    """Any part of the provider's name or abbreviation, in any case."""
    named = Agency.objects.filter(Q(name__icontains=wanted) | Q(abbrev__icontains=wanted))
    return rows.filter(Among("launch_service_provider", named.values("pk")))


def _in_calendar(column: str, part: str, largest: int) -> Rule:
    """Rows in any of these years, months or days of the month, in UTC; a value that no date has finds no row."""

    def rule(rows: Rows, wanted: list[Any]) -> Rows:
        parts = {int(value) for value in wanted if 1 <= value <= largest and value == int(value)}
        if part == "year" and len(parts) <= AS_RANGES:
            of_years = [Q(**{f"{column}__year": year}) for year in sorted(parts)]
            return rows.filter(reduce(or_, of_years)) if of_years else rows.none()
        compared: Rows = rows.alias(asked_part=CalendarPart(column, part)).filter(asked_part__in=sorted(parts))
        return compared

    return rule


def event_video_url(rows: Rows, wanted: list[str]) -> Rows:
    """Events with any of these addresses as their `video_url`, or among their `vid_urls`."""
    return rows.filter(Q(video_url__in=wanted) | Q(Among("id", EventVidURL.objects.filter(url__in=wanted).values("owner"))))


def launch_video_url(rows: Rows, wanted: list[str]) -> Rows:
    """Launches with any of these addresses among their `vidURLs`."""
    return rows.filter(Among("id", LaunchVidURL.objects.filter(url__in=wanted).values("owner")))


def launch_library_id(rows: Rows, wanted: Any) -> Rows:
    """The id in Launch Library 1, which 2.2.0 no longer shows: it is stored where an older reply had it."""
    return rows.filter(not_understood__launch_library_id=int(wanted))


def agencies_related_to(ids: list[int]) -> Rows:
    """These agencies with their parents and children in the catalogue, by the name in `parent`."""
    names = Agency.objects.filter(pk__in=ids)
    return Agency.objects.filter(
        Q(pk__in=ids) | Q(parent__in=names.values("name")) | Q(name__in=names.exclude(parent=None).values("parent"))
    )


RULES: Mapping[str, Rule] = {
    "with_spacecraft": with_spacecraft,
    "has_flown": has_flown,
    "is_human": is_human,
    "include_suborbital": include_suborbital,
    "is_crewed": is_crewed,
    "lsp_name": lsp_name,
    "launch_library_id": launch_library_id,
    **{
        f"{column}_{part}": _in_calendar(column, part, largest)
        for column in ("net", "date")
        for part, largest in (("year", 9999), ("month", 12), ("day", 31))
    },
    "event_video_url": event_video_url,
    "launch_video_url": launch_video_url,
    "launches_from_now": from_now_on("net"),
    "events_from_now": from_now_on("date"),
}
