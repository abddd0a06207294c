"""What is counted of space stations: who is aboard and what is docked, now; and how long spacewalks took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from launchledger.catalogue.models.stations import (
    DockingEvent,
    Expedition,
    SpaceStationActiveExpeditionsLink,
    Spacewalk,
)
from launchledger.catalogue.statistics.reading import Key, Keys, Rows, Values, among, rows_of


def spacewalks(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    """From the start to the end."""
    rows = among(rows_of(Spacewalk), "pk", keys).filter(start__isnull=False, end__isnull=False)
    return {key: {"duration": end - start} for key, start, end in rows.values_list("pk", "start", "end")}


def active_expeditions(keys: Keys, now: datetime) -> Mapping[Key, list[Key]]:
    """The expeditions at each station that have begun and not ended, by their beginning."""
    found: dict[Key, list[Key]] = defaultdict(list)
    rows = among(rows_of(Expedition).filter(_going_on(now)), "spacestation", keys).order_by("start", "pk")
    for station, expedition in rows.values_list("spacestation", "pk"):
        found[station].append(expedition)
    return found


def stations(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """People in the active expeditions that are listed and going on, and vehicles that are docked."""
    found: dict[Key, Values] = defaultdict(dict)
    listed = among(rows_of(SpaceStationActiveExpeditionsLink), "owner", keys).filter(_going_on(now, "member__"))
    aboard = listed.values("owner").order_by().annotate(count=Count("member__crew__member__astronaut", distinct=True))
    for station, count in aboard.values_list("owner", "count"):
        found[station]["onboard_crew"] = count
    docked = among(_docked(now).annotate(station=Coalesce("space_station", "docking_location__spacestation")), "station", keys)
    for station, count in docked.values("station").order_by().annotate(count=Count("pk")).values_list("station", "count"):
        found[station]["docked_vehicles"] = count
    return found


def docking_locations(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The latest docking at each port that has not ended."""
    rows = among(_docked(now), "docking_location", keys).order_by("docking", "pk").values_list("docking_location", "pk")
    return {port: {"docked": docking} for port, docking in rows}


def _going_on(now: datetime, prefix: str = "") -> Q:
    ends_later = Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gt": now})
    return Q(**{f"{prefix}start__lte": now}) & ends_later


def _docked(now: datetime) -> Rows:
    return rows_of(DockingEvent).filter(Q(departure__isnull=True) | Q(departure__gt=now), docking__lte=now)
