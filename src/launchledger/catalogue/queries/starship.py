"""What the Starship dashboard shows: the keys of each of its lists, in their order.

Evidence: two dashboards of 2021. The program is the one with id 1. Past launches are in falling order of their rockets' ids,
the order in which they were entered and not that of their nets; events are ordered by date; updates are the ten newest, the
newest first, without those that belong to an event alone; vehicles are ordered by serial number. Rules that no real reply shows
are marked below.

A dashboard lists updates without what they belong to, and vehicles without the programs of their configurations. So the members
that the last loaded dashboard listed are shown in addition to those that the catalogue finds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet

from launchledger.catalogue.models.events import (
    Event,
    EventProgramLink,
    Notice,
    RoadClosure,
    StarshipDashboardOrbitersLink,
    StarshipDashboardUpdatesLink,
    StarshipDashboardVehiclesLink,
)
from launchledger.catalogue.models.launchers import Launcher, LauncherConfigurationProgramLink
from launchledger.catalogue.models.launches import Launch, LaunchProgramLink
from launchledger.catalogue.models.listed import WHOLE, listed_rows
from launchledger.catalogue.models.programs import Update
from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight

Key = int | str

PROGRAM = 1  # the id of "SpaceX Starship" in every reply of 2020 to 2026 that names it
UPDATES = 10


def dashboard_keys(now: datetime) -> dict[str, list[Key]]:
    """The keys of every list of the dashboard, by its path in the body, as of now.

    One subquery selects what belongs to the program: with a test for each launch, SQLite would scan the program each time.
    """
    launches = Launch.objects.filter(listed=WHOLE, pk__in=LaunchProgramLink.objects.filter(member=PROGRAM).values("owner"))
    events = listed_rows(Event).filter(pk__in=EventProgramLink.objects.filter(member=PROGRAM).values("owner"))
    updates = listed_rows(Update).filter(Q(launch__in=launches.values("pk")) | _listed(StarshipDashboardUpdatesLink))
    flies_in_it = Q(launcher_config__in=LauncherConfigurationProgramLink.objects.filter(member=PROGRAM).values("owner"))
    vehicles = listed_rows(Launcher).filter(flies_in_it | _listed(StarshipDashboardVehiclesLink))
    return {
        "updates": _keys(updates.order_by("-created_on", "-pk")[:UPDATES]),
        "upcoming.launches": _keys(launches.filter(net__gt=now).order_by("net", "pk")),  # never seen with content
        "upcoming.events": _keys(events.filter(date__gt=now).order_by("date", "pk")),
        "previous.launches": _keys(launches.filter(net__lte=now).order_by(F("rocket_key").desc(nulls_last=True), "-net", "pk")),
        "previous.events": _keys(events.filter(date__lte=now).order_by("date", "pk")),
        # Only current closures and notices were seen.
        "road_closures": _keys(listed_rows(RoadClosure).filter(window_end__gt=now).order_by("window_start", "pk")),
        "notices": _keys(listed_rows(Notice).filter(date__gt=now).order_by("date", "pk")),
        "vehicles": _keys(vehicles.order_by("serial_number", "pk")),
        "orbiters": _keys(_orbiters(launches).order_by("name", "pk")),
    }


def next_change(now: datetime) -> datetime | None:
    """The next time at which the clock moves something from one list to another, or out of one; None if there is none.

    Of all programs, so that indexes find it: it may be too soon, and is never too late.
    """
    lists: tuple[tuple[Any, str], ...] = ((Launch, "net"), (Event, "date"), (RoadClosure, "window_end"), (Notice, "date"))
    to_come = (model.objects.filter(**{f"{column}__gt": now}).aggregate(first=Min(column))["first"] for model, column in lists)
    return min(filter(None, to_come), default=None)


def _orbiters(launches: QuerySet[Launch]) -> QuerySet[Spacecraft]:
    """Never seen with content. Taken as the spacecraft of the program's launches, and all others of their configurations."""
    flights = listed_rows(SpacecraftFlight).filter(launch__in=launches.values("pk"))
    flown = Q(pk__in=flights.values("spacecraft"))
    alike = Q(spacecraft_config__in=flights.exclude(spacecraft__spacecraft_config=None).values("spacecraft__spacecraft_config"))
    return listed_rows(Spacecraft).filter(flown | alike | _listed(StarshipDashboardOrbitersLink))


def _listed(link: Any) -> Q:
    """The members of a list of the last loaded dashboard, of which there is one row at most."""
    return Q(pk__in=link.objects.values("member"))


def _keys(rows: QuerySet[Any]) -> list[Key]:
    return list(rows.values_list("pk", flat=True))
