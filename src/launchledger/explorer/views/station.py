"""`/stations/{id}`: one space station: its docking chart, what is docked, who is aboard, and its expeditions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from launchledger import clock
from launchledger.catalogue.models.stations import SpaceStation
from launchledger.explorer.answering import Context, page
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.dockings import docking_chart
from launchledger.explorer.dockings import Dockings, dockings_of
from launchledger.explorer.expeditions import expeditions_at
from launchledger.explorer.facts import Column, facts_of, plain
from launchledger.explorer.histories import history_of
from launchledger.explorer.lists import Refused
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date, parse_date_time

MOST = 100  # ports, people aboard and owners that the page names

_YEAR = timedelta(days=365.25)
_SPANS = {"1": _YEAR, "5": 5 * _YEAR, "all": None}
_SPANS_TO_TRY = ("1", "all")
_NAMES = {"1": "Last year", "5": "Last 5 years", "all": "All"}


def _in(unit: str) -> Any:
    return lambda value: f"{plain(value)} {unit}"


_FACTS = (
    Column("Type", "type"),
    Column("Orbit", "orbit"),
    Column("Founded", "founded"),
    Column("Deorbited", "deorbited"),
    Column("Crew aboard", "onboard_crew"),
    Column("Docked vehicles", "docked_vehicles"),
    Column("Height", "height", _in("m")),
    Column("Width", "width", _in("m")),
    Column("Mass", "mass", _in("t")),
    Column("Volume", "volume", _in("m³")),
)


@page("station.html")
def station(request: HttpRequest, objects: Objects, key: int) -> Context:
    """A space station for people, with the chart of its dockings; `years` is how much of it: 1, 5 or all."""
    years = request.GET.get("years", "")
    if years and years not in _SPANS:
        raise Refused({"years": ["It is 1, 5 or all."]})
    shown = objects.one("spacestation", key)
    now = clock.now()
    sources = Sources(SpaceStation.kind, key)
    facts = facts_of(shown, sources, _FACTS)
    expeditions, more_expeditions = expeditions_at(key)
    people = list(_aboard(shown))
    ports = sorted(shown["docking_location"], key=lambda port: (port["name"] or "").casefold())
    taken = [port for port in ports if port["docked"]]
    dockings = dockings_of(key, {port["docked"]["id"] for port in taken}, now)
    years, chart = _docking_chart(dockings, years, _last_day(shown["deorbited"], now), now)
    context = {
        "station": shown,
        "about": shown,
        "facts": facts,
        "status_source": sources.of("status"),
        "owners": shown["owners"][:MOST],
        "owners_source": sources.of("owners"),
        "ports": [_port(port, now) for port in taken[:MOST]],
        "free": [port["name"] or "unnamed" for port in ports if not port["docked"]][:MOST],
        "more_ports": max(len(taken) - MOST, 0) + max(len(ports) - len(taken) - MOST, 0),
        "ports_source": sources.of("docking_location"),
        "aboard": people[:MOST],
        "more_aboard": len(people[MOST:]),
        "aboard_source": sources.of("active_expeditions"),
        "spans": _NAMES,
        "years": years,
        "chart": chart,
        "older": dockings.older if years == "all" else 0,
        "to_come": dockings.to_come,
        "expeditions": expeditions,
        "more_expeditions": more_expeditions,
        "history": history_of("spacestation", key),
    }
    return {**context, "sources": sources.shown}


def _docking_chart(dockings: Dockings, years: str, last: datetime, now: datetime) -> tuple[str, Chart | None]:
    """The span of the chart and the chart, None without a docking.

    Without a chosen span it is the last year, or all if that has no docking.
    """
    for chosen in [years] if years else _SPANS_TO_TRY:
        length = _SPANS[chosen]
        stays = dockings.since(last - length) if length else dockings.begun
        if stays:
            begin = last - length if length else min(stay.docking for stay in stays)
            return chosen, docking_chart(stays, begin, max(last, begin), now)
    return chosen, None


def _last_day(deorbited: str | None, now: datetime) -> datetime:
    """Now, or the end of the day on which the station came down: there its chart ends."""
    day = parse_date(deorbited) if deorbited else None
    if day is None or day >= now.date():
        return now
    return datetime.combine(max(day, date(1900, 1, 1)), datetime.max.time(), UTC)


def _port(port: Shown, now: datetime) -> Context:
    """A port with what is docked there, and for how long, in days."""
    docked = port["docked"]
    seconds = (now - parse_date_time(docked["docking"])).total_seconds() if docked["docking"] else 0
    lasted = span(seconds, units=1) if seconds > 0 else ""
    return {"name": port["name"], "docked": docked, "flight": docked["flight_vehicle"], "lasted": lasted}


def _aboard(shown: Shown) -> Iterator[dict[str, Any]]:
    """The people of the expeditions that are going on, each once."""
    people: dict[Any, dict[str, Any]] = {}
    for expedition in shown["active_expeditions"]:
        for member in expedition["crew"]:
            person, role = member["astronaut"], (member["role"] or {}).get("role")
            identity = person["id"] if person else ("", member["id"])
            found = people.setdefault(identity, {"person": person, "roles": []})
            found["roles"].append({"role": role, "expedition": expedition})
    yield from people.values()
