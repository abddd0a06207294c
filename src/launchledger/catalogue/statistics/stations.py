"""The numbers of space stations (crew and docked vehicles, now), and the durations of spacewalks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, F, Q

from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.stations import (
    Expedition,
    SpaceStationActiveExpeditionsLink,
    Spacewalk,
)
from launchledger.catalogue.statistics.flying import dockings_lasting, is_deorbited, not_passed
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, leading_to, rows_of


def spacewalks(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    """From the start to the end; none where the end is before the start."""
    rows = among(rows_of(Spacewalk), "pk", keys).filter(start__isnull=False, end__gte=F("start"))
    return {key: {"duration": end - start} for key, start, end in rows.values_list("pk", "start", "end")}


def active_expeditions(keys: Keys, now: datetime) -> Mapping[Key, list[Key]]:
    """The expeditions at each station that have begun and not ended, by their beginning."""
    found: dict[Key, list[Key]] = defaultdict(list)
    rows = among(listed_rows(Expedition).filter(_going_on(now)), "spacestation", keys).order_by("start", "pk")
    for station, expedition in rows.values_list("spacestation", "pk"):
        found[station].append(expedition)
    return found


def stations(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """People in the active expeditions that are listed and going on, and vehicles that are docked."""
    found: dict[Key, Values] = defaultdict(dict)
    active = among(listed_rows(SpaceStationActiveExpeditionsLink), "owner", keys).filter(_going_on(now, "member__"))
    is_there = Q(member__crew__member__deleted_at=None)
    aboard = active.values("owner").order_by()
    aboard = aboard.annotate(count=Count("member__crew__member__astronaut", filter=is_there, distinct=True))
    for station, count in aboard.values_list("owner", "count"):
        found[station]["onboard_crew"] = count
    at_port = leading_to("docking_location__spacestation", keys)
    docked = Counter(docking.station for docking in dockings_lasting(now, leading_to("space_station", keys) | at_port))
    for station, count in docked.items():
        if station is not None:
            found[station]["docked_vehicles"] = count
    return found


def docking_locations(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The latest docking at each port that has not ended."""
    lasting = dockings_lasting(now, leading_to("docking_location", keys))
    return {each.port: {"docked": each.docking} for each in lasting if each.port is not None}


def _going_on(now: datetime, prefix: str = "") -> Q:
    """Expeditions that have begun and not ended, at stations that were not deorbited."""
    begun = Q(**{f"{prefix}start__lte": now}) & not_passed(f"{prefix}end", now)
    return begun & ~is_deorbited(now, f"{prefix}spacestation__")
