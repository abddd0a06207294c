"""What statistics count: launches and landings a year, and the nets of each pad.

Promises: only launches that left by their status count, and of these only those that lists show in full, so that a number equals
the list that it leads to. Each function runs one query. Years are those of the net, in UTC.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from launchledger.catalogue.choices import FAILED, LEFT, NOT_HUMAN
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.launchers import FirstStage
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import WHOLE, listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftFlightLaunchCrewLink
from launchledger.catalogue.queries.listing import stored_values
from launchledger.catalogue.statistics.reading import UtcYear

_OF_LAUNCH = ("launch_service_provider", "configuration", "pad")


class LaunchCount(NamedTuple):
    """How many launches of one year, provider, launcher configuration, pad and status there were."""

    year: int
    provider: int
    configuration: int
    pad: int
    status: int
    number: int


class LandingCount(NamedTuple):
    """How many first stages of such launches tried to land with one outcome, which is None while it is not known."""

    year: int
    provider: int
    configuration: int
    pad: int
    success: bool | None
    number: int


def launches_by_year() -> list[LaunchCount]:
    """The launches that left, by year and what they are grouped by."""
    by = ("year", *_OF_LAUNCH, "status")
    return [LaunchCount(*row) for row in _grouped(_left(Launch.objects.all()).annotate(year=UtcYear("net")), by)]


def launches_known_by_name() -> int:
    """How many launches left that are not counted, because only names are known instead of their provider, pad and vehicle."""
    return listed_rows(Launch).filter(status__in=LEFT, net__isnull=False).exclude(listed=WHOLE).count()


def landings_by_year() -> list[LandingCount]:
    """The landings that first stages of launches that left tried, or of which the outcome is known."""
    tried = Q(landing__attempt=True) | Q(landing__success__isnull=False)
    rows = _left(listed_rows(FirstStage).filter(tried), "launch__").annotate(year=UtcYear("launch__net"))
    by = ("year", *(f"launch__{column}" for column in _OF_LAUNCH), "landing__success")
    return [
        LandingCount(year, provider, configuration, pad, None if success is None else bool(success), number)
        for year, provider, configuration, pad, success, number in _grouped(rows, by)
    ]


def nets_by_pad() -> list[tuple[int, datetime]]:
    """The pad and the net of each launch that left, in this order."""
    rows = stored_values(_left(Launch.objects.filter(pad__isnull=False)).order_by("pad", "net"), "pad", "net")
    return [(pad, net.replace(tzinfo=UTC)) for pad, net in rows]


def launches_at(nets: Collection[datetime]) -> dict[datetime, tuple[str, str, str]]:
    """The id, slug and name of a listed launch with each of these nets; no net, no query."""
    if not nets:
        return {}
    rows = listed_rows(Launch).filter(net__in=nets).order_by("net", "-pk").values_list("net", "pk", "slug", "name")
    return {net: (str(key), slug, name) for net, key, slug, name in rows}


def went_up_in_failures() -> set[tuple[int, datetime]]:
    """The astronauts in the launch crews of failed launches, each with the net."""
    crews = listed_rows(SpacecraftFlightLaunchCrewLink).filter(owner__launch__status=FAILED)
    rows = crews.order_by().values_list("member__astronaut", "owner__launch__net")
    return set(rows)


def not_human() -> set[int]:
    """Astronauts that are no people, such as mannequins."""
    return {key for (key,) in stored_values(Astronaut.objects.filter(type=NOT_HUMAN).order_by(), "pk")}


def _left(rows: QuerySet[Any], prefix: str = "") -> QuerySet[Any]:
    return rows.filter(**{f"{prefix}listed": WHOLE, f"{prefix}status__in": LEFT, f"{prefix}net__isnull": False})


def _grouped(rows: QuerySet[Any], by: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return stored_values(rows.order_by().values(*by).annotate(number=Count("pk")), *by, "number")
