"""The numbers of pads, locations and landing locations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from launchledger.catalogue.models.launchers import FirstStage
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.spacecraft import Landing
from launchledger.catalogue.statistics.flying import flown
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, launches, orbital


def pads(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """Flown launches from each pad, and those of them that are not suborbital."""
    rows = among(launches(), "pad", keys).filter(flown(now)).values("pad").order_by()
    counted = rows.annotate(total=Count("pk"), to_orbit=Count("pk", filter=orbital()))
    return {
        pad: {"total_launch_count": total, "orbital_launch_attempt_count": to_orbit}
        for pad, total, to_orbit in counted.values_list("pad", "total", "to_orbit")
    }


def locations(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """Flown launches from each location, and flown launches with a first stage that tried to land at its landing locations."""
    found: dict[Key, Values] = defaultdict(dict)
    started = among(launches(), "pad__location", keys).filter(flown(now)).values("pad__location").order_by()
    for location, count in started.annotate(count=Count("pk")).values_list("pad__location", "count"):
        found[location]["total_launch_count"] = count
    landed = among(listed_rows(FirstStage), "landing__location__location", keys).filter(
        flown(now, "launch__"), landing__attempt=True
    )
    counted = landed.values("landing__location__location").order_by().annotate(count=Count("launch", distinct=True))
    for location, count in counted.values_list("landing__location__location", "count"):
        found[location]["total_landing_count"] = count
    return found


def landing_locations(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    """Successful landings at each landing location."""
    rows = among(listed_rows(Landing), "location", keys).filter(success=True).values("location").order_by()
    return {
        location: {"successful_landings": count}
        for location, count in rows.annotate(count=Count("pk")).values_list("location", "count")
    }
