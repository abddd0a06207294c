"""Where the catalogue's pads are, and how many launches each place had: in all years, or in one.

Promises: pads of a site that are close share a place, and others do not: aircraft and ships launch from all over the world. The
launches of all years are the pads' own numbers, which upstream counts too; those of a year are the listed launches, of which the
catalogue may lack some. One query, and one more for a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count

from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.queries.listing import stored_values
from launchledger.catalogue.statistics.flying import flown
from launchledger.documents.listed import listed
from launchledger.explorer.charts.maps import coordinates
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

_CLOSE = 2.0  # degrees between pads that share a place


@dataclass(slots=True)
class Spot:
    """A place of a site: where its first pad is, and the launches of its pads."""

    longitude: float
    latitude: float
    launches: int


@dataclass(slots=True)
class Site:
    """A site: its launches of all years (None where no number was reported), those of the year, and its places.

    `unplaced` are launches from pads without coordinates.
    """

    key: int
    name: str
    total: int | None
    flown: int
    to_come: int
    spots: list[Spot]
    unplaced: int


def load_sites(year: int | None, now: datetime) -> list[Site]:
    """The sites: in the order of their launches, of the year if one is given, and then only those that had one."""
    of_year = _launches_of(year, now) if year else {}
    found: dict[int, Site] = {}
    columns = ("pk", "longitude", "latitude", "total_launch_count", "location", "location__name", "location__total_launch_count")
    for pad, longitude, latitude, total, key, name, of_site in stored_values(_pads(), *columns):
        site = found.setdefault(key, Site(key, name or "unnamed", of_site, 0, 0, [], 0))
        gone, coming = of_year.get(pad, (0, 0))
        site.flown += gone
        site.to_come += coming
        launches = gone + coming if year else total or 0
        place = coordinates(longitude, latitude)
        if place is None:
            site.unplaced += launches
        elif launches or not year:
            _spot(site, *place).launches += launches
    sites = [site for site in found.values() if not year or site.flown or site.to_come]
    return sorted(sites, key=lambda site: (-(site.flown + site.to_come), -(site.total or 0), site.key))


def _pads() -> Any:
    return listed(DEFAULT.resources["pad"].modes[NORMAL]).filter(location__isnull=False).order_by("location", "pk")


def _spot(site: Site, longitude: float, latitude: float) -> Spot:
    for spot in site.spots:
        if abs(spot.longitude - longitude) < _CLOSE and abs(spot.latitude - latitude) < _CLOSE:
            return spot
    site.spots.append(Spot(longitude, latitude, 0))
    return site.spots[-1]


def _launches_of(year: int, now: datetime) -> dict[int, tuple[int, int]]:
    """The launches of a year from each pad, by its key: those that flew, and the others."""
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    rows = listed_rows(Launch).filter(net__gte=begin, net__lt=end, pad__isnull=False).order_by().values_list("pad")
    counted = rows.annotate(total=Count("pk"), gone=Count("pk", filter=flown(now)))
    return {pad: (gone, total - gone) for pad, total, gone in counted}
