"""`/sites/{id}`: one launch site: where it is, its pads, its landing locations, and its last and next launches."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix

from launchledger.catalogue.models.launches import Location
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.spacecraft import LandingLocation
from launchledger.catalogue.queries.prepared import prepared
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.last_and_next import last_and_next
from launchledger.explorer.objects import Objects
from launchledger.explorer.pads import maps_of, pad_rows, pads_of
from launchledger.explorer.sources import Sources

_PADS, _LANDINGS = 100, 50
_OF_LANDINGS = ("name", "abbrev", "description", "successful_landings")

_FACTS = (
    Column("Country", "country_code"),
    Column("Time zone", "timezone_name"),
    Column("Launches", "total_launch_count"),
    Column("Landings", "total_landing_count"),
)


@page("site.html")
def site(request: HttpRequest, objects: Objects, id: int) -> Context:
    """A launch site for people, by its id: its pads on maps, its landing locations, its last and next launches."""
    shown = objects.one("location", id)
    sources = Sources(Location.kind, id)
    facts = facts_of(shown, sources, _FACTS)
    text_source = sources.of("description") if shown["description"] else None
    pads = pads_of(shown, _PADS)
    return {
        "site": shown,
        "twin": f"location/{id}/",
        "facts": facts,
        "text_source": text_source,
        "pads": pad_rows(pads),
        "more_pads": len(shown["pads"]) - len(pads),
        "maps": maps_of(shown["name"], pads),
        "landings": [dict(zip(_OF_LANDINGS, row, strict=True)) for row in _landings(key=id)],
        "launches": last_and_next(objects, "launch", "pad__location", id),
        "by_year": f"{get_script_prefix()}statistics?by=status&site={id}",
        "history": history_of("location", id),
        "sources": sources.shown,
    }


@prepared("key")
def _landings(key: Any) -> QuerySet[Any]:
    """The landing locations of a site."""
    return listed_rows(LandingLocation).filter(location=key).order_by("name", "pk").values_list(*_OF_LANDINGS)[:_LANDINGS]
