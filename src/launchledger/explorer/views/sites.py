"""`/sites/`: the launch sites of the world, on a map and page by page."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from launchledger import clock
from launchledger.explorer.answering import Context, page
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.maps import Place, world_map
from launchledger.explorer.choices import texts, years
from launchledger.explorer.html import linked_to
from launchledger.explorer.lists import Refused, field_of, list_of
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.objects import Objects
from launchledger.explorer.sites import Site, load_sites
from launchledger.explorer.state import per_state

_DOTS, _ROWS = 400, 100


@page("sites.html")
def sites(request: HttpRequest, objects: Objects) -> Context:
    """Launch sites for people, on a map of all years or of one `year`; other parameters are those of `location/`."""
    chosen, options = request.GET.get("year", ""), years()
    if chosen and chosen not in options.names:
        raise Refused({"year": ["This catalogue has no launch in such a year."]})
    fields = [field_of(request, "location", "country_code", "Country", texts("location", "country_code"))]
    return {
        "year": chosen,
        "years": options.html(chosen),
        "beside": _beside(chosen, options.names),
        "map": _map(chosen, int(clock.timestamp()) // 60),
        "list": list_of(request, objects, "location", fields=fields, own=("year",)),
    }


def _beside(chosen: str, years: Collection[str]) -> list[str]:
    """The years before and after the chosen one; without one, this year and the last."""
    year = int(chosen) if chosen else clock.now().year
    return [each for each in map(str, (year - 1, year + 1) if chosen else (year - 1, year)) if each in years]


@per_state
def _map(year: str, minute: int) -> SafeString:
    """The map with its table; it depends on the time, because launches fly."""
    found = load_sites(int(year) if year else None, clock.now())
    shown = found[:_DOTS]
    places = [place for site in shown for place in _places(site, year)]
    title = f"Launches of {year}, by site" if year else "Launches of all years, by site"
    chart = Chart(
        "world",
        title,
        _description(found, year),
        world_map("world", places, title, "The world's land, and a dot for each site that is as large as its launches are many."),
        ("Site", *((f"Flown in {year}", f"To come in {year}") if year else ()), "All years"),
        [_row(site, year) for site in shown[:_ROWS]],
    )
    return render_to_string("launchledger/parts/chart.html", {"chart": chart})


def _places(site: Site, year: str) -> list[Place]:
    address = page_of_resource("location", site.key)
    return [
        Place(site.name, spot.longitude, spot.latitude, spot.launches, f"{site.name}: {_count(spot.launches, year)}", address)
        for spot in site.spots
    ]


def _count(launches: int, year: str) -> str:
    return f"{launches:,} launch{'' if launches == 1 else 'es'}{f' in {year}' if year else ''}"


def _description(found: list[Site], year: str) -> str:
    launches = sum(site.flown + site.to_come if year else site.total or 0 for site in found)
    text = f"{_count(launches, year)} from {len(found):,} site{'' if len(found) == 1 else 's'}"
    if year:
        text += ": those of this catalogue, flown or to come"
    if lost := sum(site.unplaced for site in found):
        text += f"; {lost:,} from pads without coordinates are not on the map"
    return f"{text}{f'; the first {_ROWS} sites' if len(found) > _ROWS else ''}."


def _row(site: Site, year: str) -> list[str | SafeString]:
    link = linked_to(page_of_resource("location", site.key), site.name)
    total = "unknown" if site.total is None else f"{site.total:,}"
    return [link, *((f"{site.flown:,}", f"{site.to_come:,}") if year else ()), total]
