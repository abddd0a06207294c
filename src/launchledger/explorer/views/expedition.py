"""`/expeditions/{id}`: one expedition: its crew, its spacewalks, and the expeditions before and after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from launchledger import clock
from launchledger.catalogue.models.stations import Expedition
from launchledger.catalogue.statistics.flying import TRUSTED
from launchledger.explorer.answering import Context, page
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.expeditions import expedition_chart
from launchledger.explorer.expeditions import stint, stints_beside
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date_time

MOST = 100  # members of the crew, spacewalks and patches that the page shows
MOST_OUTSIDE = 10  # people named for one spacewalk

_FACTS = (Column("Begin", "start"), Column("End", "end"))


@page("expedition.html")
def expedition(request: HttpRequest, objects: Objects, key: int) -> Context:
    """An expedition to a space station for people, with its crew and spacewalks."""
    shown = objects.one("expedition", key)
    now = clock.now()
    sources = Sources(Expedition.kind, key)
    patches = [patch for patch in shown["mission_patches"] if patch["image_url"]]
    context = {
        "expedition": shown,
        "about": shown,
        "facts": facts_of(shown, sources, _FACTS),
        "lasted": _lasted(shown, now),
        "station_source": sources.of("spacestation"),
        "crew": shown["crew"][:MOST],
        "more_crew": len(shown["crew"][MOST:]),
        "crew_source": sources.of("crew"),
        "spacewalks": [_spacewalk(each) for each in shown["spacewalks"][:MOST]],
        "more_spacewalks": len(shown["spacewalks"][MOST:]),
        "spacewalks_source": sources.of("spacewalks"),
        "patches": patches[:MOST],
        "chart": _chart(shown, key, now),
        "history": history_of("expedition", key),
    }
    return {**context, "sources": sources.shown}


def _lasted(shown: Shown, now: datetime) -> str:
    """How long it lasted, or has lasted so far, in days; "" if unknown or still to come."""
    if not shown["start"]:
        return ""
    start = parse_date_time(shown["start"])
    end = parse_date_time(shown["end"]) if shown["end"] else None
    if end is None:
        return f"{span((now - start).total_seconds(), units=1)} so far" if timedelta(0) < now - start <= TRUSTED else ""
    return span((end - start).total_seconds(), units=1) if end > start else ""


def _spacewalk(shown: Shown) -> dict[str, Any]:
    people = [member["astronaut"] for member in shown["crew"] if member["astronaut"]]
    return {"walk": shown, "people": people[:MOST_OUTSIDE], "more": len(people[MOST_OUTSIDE:])}


def _chart(shown: Shown, key: int, now: datetime) -> Chart | None:
    """Its time line, None where its station or begin is not known, or where it is the only expedition."""
    station = shown["spacestation"]
    if not station or not shown["start"]:
        return None
    start = parse_date_time(shown["start"])
    beside = stints_beside(key, station["id"], start, now)
    own = stint(key, shown["name"], start, parse_date_time(shown["end"]) if shown["end"] else None, now)
    return expedition_chart([*beside, own], own, station["name"], now) if beside else None
