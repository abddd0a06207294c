"""What the Starship dashboard shows: the keys of each of its lists, in their order.

Evidence: two dashboards of 2021. Launches run from the nearest to the farthest, upcoming or past; events from the first on; of
updates there are ten, the newest first; vehicles stand by serial number. What nobody saw is told where it is decided.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from launchledger.catalogue.models.events import Event, EventProgramLink, Notice, RoadClosure
from launchledger.catalogue.models.launchers import Launcher, LauncherConfigurationProgramLink
from launchledger.catalogue.models.launches import Launch, LaunchProgramLink
from launchledger.catalogue.models.programs import Program, Update
from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight

Key = int | str

PROGRAM = "Starship"
UPDATES = 10


def dashboard_keys(now: datetime) -> dict[str, list[Key]]:
    """The keys of every list of the dashboard, by its path in the body, as of now."""
    programs = Program.objects.filter(name=PROGRAM).values("pk")
    launches = Launch.objects.exclude(status=None).filter(
        Exists(LaunchProgramLink.objects.filter(owner=OuterRef("pk"), member__in=programs))
    )
    events = Event.objects.filter(Exists(EventProgramLink.objects.filter(owner=OuterRef("pk"), member__in=programs)))
    updates = Update.objects.filter(Q(launch__in=launches.values("pk")) | Q(event__in=events.values("pk")))
    vehicles = Launcher.objects.filter(
        Exists(LauncherConfigurationProgramLink.objects.filter(owner=OuterRef("launcher_config"), member__in=programs))
    )
    return {
        "updates": _keys(updates.order_by("-created_on", "-pk")[:UPDATES]),
        "upcoming.launches": _keys(launches.filter(net__gt=now).order_by("net", "pk")),
        "upcoming.events": _keys(events.filter(date__gt=now).order_by("date", "pk")),
        "previous.launches": _keys(launches.filter(net__lte=now).order_by("-net", "pk")),
        "previous.events": _keys(events.filter(date__lte=now).order_by("date", "pk")),
        # Only closures and notices that still matter were seen.
        "road_closures": _keys(RoadClosure.objects.filter(window_end__gt=now).order_by("window_start", "pk")),
        "notices": _keys(Notice.objects.filter(date__gt=now).order_by("date", "pk")),
        "vehicles": _keys(vehicles.order_by("serial_number", "pk")),
        "orbiters": _keys(_orbiters(launches).order_by("name", "pk")),
    }


def next_change(now: datetime) -> datetime | None:
    """When the clock next moves something from one list to another, or out of one; None if nothing is to come.

    Of all programs, which indexes find: it may be sooner than it need be, and is never later.
    """
    lists: tuple[tuple[Any, str], ...] = ((Launch, "net"), (Event, "date"), (RoadClosure, "window_end"), (Notice, "date"))
    to_come = (model.objects.filter(**{f"{column}__gt": now}).aggregate(first=Min(column))["first"] for model, column in lists)
    return min(filter(None, to_come), default=None)


def _orbiters(launches: QuerySet[Launch]) -> QuerySet[Spacecraft]:
    """Never seen with content. Taken as the spacecraft of the program's launches, and those of its own configurations."""
    flown = Exists(SpacecraftFlight.objects.filter(spacecraft=OuterRef("pk"), launch__in=launches.values("pk")))
    return Spacecraft.objects.filter(flown | Q(spacecraft_config__name__startswith=PROGRAM))


def _keys(rows: QuerySet[Any]) -> list[Key]:
    return list(rows.values_list("pk", flat=True))
