"""`/boosters/{id}`: a single first stage, with its flights, its landings and how fast it flew again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from launchledger.catalogue.models.launchers import Launcher
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.last_and_next import address_of_all
from launchledger.explorer.measures import landing_with_place
from launchledger.explorer.objects import Objects
from launchledger.explorer.sources import Sources
from launchledger.explorer.stage_flights import MOST, StageFlight, flew_as, flights_of_stage, turnarounds
from launchledger.explorer.tables import body_of
from launchledger.explorer.templatetags.pages import link, time
from launchledger.formats.spans import span

_FACTS = (
    Column("Status", "status"),
    Column("Flight proven", "flight_proven"),
    Column("Flights", "flights"),
    Column("First launch", "first_launch_date"),
    Column("Last launch", "last_launch_date"),
    Column("Landings tried", "attempted_landings"),
    Column("Landings that succeeded", "successful_landings"),
)


@page("booster.html")
def booster(request: HttpRequest, objects: Objects, id: int) -> Context:
    """A single first stage for people: its flights, its landings, and how fast it flew again."""
    shown = objects.one("launcher", id)
    sources = Sources(Launcher.kind, id)
    flights = flights_of_stage(id)
    serial = shown["serial_number"] or ""
    context = {
        "booster": shown,
        "about": shown,
        "section": "vehicles",
        "name": serial or "A booster without a serial number",
        "facts": facts_of(shown, sources, _FACTS),
        "vehicles": [shown["launcher_config"]] if shown["launcher_config"] else flew_as(flights),
        "flights": body_of(map(_row, flights[:MOST]), ("number", "", "when", "", "short", "")),
        "count": len(flights[:MOST]),
        "are_more": len(flights) > MOST,
        "turnarounds": turnarounds(flights) if not shown["is_placeholder"] else None,
        "all_launches": address_of_all("launch", "serial_number", serial) if serial and "," not in serial else "",
        "history": history_of("launcher", id),
    }
    return {**context, "sources": sources.shown}


def _row(flight: StageFlight) -> tuple[Any, ...]:
    return (
        flight.number or "",
        link(flight.launch),
        time(flight.net, flight.precision),
        flight.status,
        span(flight.turnaround) if flight.turnaround else "",
        landing_with_place(flight.landing),
    )
