"""`/vehicles/{id}`: a launcher configuration, with its record, its launches by year, its measures and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from launchledger.catalogue.models.launchers import Launcher, LauncherConfiguration
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.queries.prepared import prepared
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.intervals import Rate, rate_of
from launchledger.explorer.last_and_next import last_and_next
from launchledger.explorer.measures import dollars, in_unit, use_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources
from launchledger.explorer.stage_flights import turnarounds_of_vehicle
from launchledger.explorer.templatetags.pages import link
from launchledger.explorer.yearly import launches_a_year

_FILTER = "rocket__configuration__id"  # of the list of launches

_LAUNCHES = (
    Column("Successes", "successful_launches"),
    Column("Failures, in part or whole", "failed_launches"),
    Column("Pending", "pending_launches"),
    Column("Successes since the last failure", "consecutive_successful_launches"),
    Column("Maiden flight", "maiden_flight"),
)
_TOTAL = Column("Launches", "total_launch_count")
_LANDINGS = (
    Column("Landings tried", "attempted_landings"),
    Column("Landings that succeeded", "successful_landings"),
    Column("Landings that failed", "failed_landings"),
    Column("Landings since the last failure", "consecutive_successful_landings"),
)


def _family(name: str) -> SafeString:
    """A family, with a link to all launcher configurations of it."""
    return format_html('<a href="{}?{}">{}</a>', reverse("vehicles"), urlencode({"family": name}), name)


_FACTS = (
    Column("Manufacturer", "manufacturer", link),
    Column("Family", "family", _family),
    Column("Variant", "variant"),
    Column("Also called", "alias"),
    Column("In use", "active"),
    Column("Reusable", "reusable"),
    Column("Fewest stages", "min_stage"),
    Column("Most stages", "max_stage"),
    Column("Length", "length", in_unit("m")),
    Column("Diameter", "diameter", in_unit("m")),
    Column("Mass at launch", "launch_mass", in_unit("t")),
    Column("Thrust at lift-off", "to_thrust", in_unit("kN")),
    Column("Capacity to low Earth orbit", "leo_capacity", in_unit("kg")),
    Column("Capacity to GTO", "gto_capacity", in_unit("kg")),
    Column("Apogee", "apogee", in_unit("km")),
    Column("Range", "vehicle_range", in_unit("km")),
    Column("Cost of a launch", "launch_cost", dollars),
)


@page("vehicle.html")
def vehicle(request: HttpRequest, objects: Objects, id: int) -> Context:
    """A launcher configuration for people: its record, its launches by year, and its measures."""
    shown = objects.one("config/launcher", id)
    sources = Sources(LauncherConfiguration.kind, id)
    rate = rate_of(shown["successful_launches"], shown["failed_launches"])
    context = {
        "vehicle": shown,
        "about": shown,
        "use": use_of(shown, sources, "active"),
        "name": shown["full_name"] or shown["name"] or "A launcher configuration without a name",
        "record": facts_of(shown, sources, list(_record(shown, rate))),
        "launch_rate": rate,
        "landing_rate": rate_of(shown["successful_landings"], shown["failed_landings"]),
        "turnarounds": turnarounds_of_vehicle(id),
        "launches": last_and_next(objects, "launch", _FILTER, id),
        "years": launches_a_year(_FILTER, id),
        "facts": facts_of(shown, sources, _FACTS),
        "boosters": sum(number for _, number in _boosters(key=id)),
        "history": history_of("config/launcher", id),
    }
    return {**context, "sources": sources.shown}


@prepared("key")
def _boosters(key: Any) -> QuerySet[Any]:
    """How many single first stages a configuration has, in one row if it has any."""
    rows = listed_rows(Launcher).filter(launcher_config=key).order_by()
    count: QuerySet[Any] = rows.values_list("launcher_config").annotate(Count("pk"))
    return count


def _record(shown: Shown, rate: Rate | None) -> Iterator[Column]:
    """The columns of the record: those of landings only if one was tried.

    Old replies have no total, and that of the launches in this catalogue is another number, which would contradict the others.
    """
    if rate is None or shown["total_launch_count"] == rate.trials:
        yield _TOTAL
    yield from _LAUNCHES
    if any(shown[column.key] for column in _LANDINGS):
        yield from _LANDINGS
