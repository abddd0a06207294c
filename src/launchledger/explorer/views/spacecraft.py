"""`/spacecraft/{id}`: a single spacecraft, with its flights and its time in space."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from launchledger.catalogue.models.spacecraft import Spacecraft
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.last_and_next import address_of_all
from launchledger.explorer.measures import landing_with_place
from launchledger.explorer.navigation import page_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources
from launchledger.explorer.tables import body_of
from launchledger.explorer.templatetags.pages import link, time
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date_time, parse_duration

MOST = 100  # flights on the page, the latest


def _to_the_minute(duration: str) -> str:
    """A duration that may be running: pages last a minute."""
    seconds = parse_duration(duration).total_seconds()
    return span(seconds // 60 * 60 if seconds >= 60 else seconds) if seconds > 0 else "none"


_FACTS = (
    Column("Configuration", "spacecraft_config", link),
    Column("Serial number", "serial_number"),
    Column("Status", "status"),
    Column("In space", "in_space"),
    Column("Time in space", "time_in_space", _to_the_minute),
    Column("Time docked", "time_docked", _to_the_minute),
    Column("Flights", "flights_count"),
    Column("Flights that ended", "mission_ends_count"),
)


@page("spacecraft.html")
def spacecraft(request: HttpRequest, objects: Objects, id: int) -> Context:
    """A single spacecraft for people: its flights with their landings, and its time in space."""
    shown = objects.one("spacecraft", id)
    sources = Sources(Spacecraft.kind, id)
    flights = sorted(shown["flights"], key=_net, reverse=True)
    context = {
        "spacecraft": shown,
        "about": shown,
        "section": "vehicles",
        "facts": facts_of(shown, sources, _FACTS),
        "in_space_source": sources.of("in_space"),
        "flights": body_of(_rows(shown, flights), ("number", "", "when", "", "when", "short", "")),
        "count": min(len(flights), MOST),
        "are_more": len(flights) > MOST,
        "all_launches": address_of_all("launch", "rocket__spacecraftflight__spacecraft__id", id),
        "history": history_of("spacecraft", id),
    }
    return {**context, "sources": sources.shown}


def _net(flight: Shown) -> str:
    """The net of a flight's launch; "" if it is not known."""
    return (flight["launch"] or {}).get("net") or ""


def _rows(shown: Shown, flights: list[Shown]) -> Iterator[tuple[Any, ...]]:
    # A placeholder stands for many craft; and where some flights are not in this catalogue, nobody knows which one this is.
    is_sequence = not shown["is_placeholder"] and len(flights) >= (shown["flights_count"] or 0)
    for place, flight in enumerate(flights[:MOST]):
        launch = flight["launch"] or {}
        number = len(flights) - place if is_sequence else ""
        yield (
            link({"url": flight["url"], "name": f"{number or 'flight'}"}) if page_of(flight) else number,
            link(flight["launch"]),
            time(_net(flight), launch.get("net_precision")),
            flight["destination"],
            time(flight["mission_end"]) if flight["mission_end"] else "",
            _lasted(flight, is_up=place == 0 and shown["in_space"]),
            landing_with_place(flight["landing"]),
        )


def _lasted(flight: Shown, *, is_up: bool) -> str:
    """How long the flight lasted; "" if that is not known, or cannot be, as of a flight that ended before it began."""
    end = flight["mission_end"]
    if not end:
        return "in space" if is_up else ""
    seconds = (parse_date_time(end) - parse_date_time(net)).total_seconds() if (net := _net(flight)) else 0
    return span(seconds) if seconds > 0 else ""
