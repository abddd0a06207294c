"""`/flights/{id}`: one flight of a spacecraft, from launch over dockings to its end, with its crews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.queries.prepared import prepared
from launchledger.explorer.answering import Context, page
from launchledger.explorer.charts.chart import Chart, Legend
from launchledger.explorer.charts.timeline import Lane, Mark, timeline
from launchledger.explorer.course import PLANNED, Course, Docking, course_of, dockings_of
from launchledger.explorer.crews import Member, crew_of
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.html import rows_of
from launchledger.explorer.in_space import minute
from launchledger.explorer.navigation import page_of, page_of_resource
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources
from launchledger.explorer.templatetags.pages import link, linked, time

_DOCKINGS = 30  # on the page
_OTHERS = 50  # flights of the spacecraft on the page
_IN_PLOT = 12  # people; more are in the table only
_FLIGHT, _PERSON, _DOCKED = 1, 2, 3  # colours

_FACTS = (
    Column("Spacecraft", "spacecraft", link),
    Column("Launch", "launch", link),
    Column("Destination", "destination"),
    Column("Mission end", "mission_end"),
)


_OTHER = '<tr{}><th scope="row">{}</th><td class="when">{}</td><td class="when">{}</td><td>{}</td></tr>'


@page("flight.html")
def flight(request: HttpRequest, objects: Objects, key: int) -> Context:
    """A flight of a spacecraft for people: a time line from launch over dockings to its end, with its crews."""
    shown = objects.one("spacecraft/flight", key)
    now = minute()
    sources = Sources(SpacecraftFlight.kind, key)
    course = course_of(shown, now)
    dockings = dockings_of(shown, course, now)
    crew = crew_of(shown)
    others, others_shown, others_count = _others(shown)
    context = {
        "flight": shown,
        "about": shown,
        "name": (shown["spacecraft"] or {}).get("name") or "A spacecraft without a name",
        "course": course,
        "lasted": course.lasted(now),
        "facts": facts_of(shown, sources, _FACTS),
        "landing": shown["landing"],
        "landing_source": sources.of("landing") if shown["landing"] else None,
        "dockings": dockings[:_DOCKINGS],
        "more_dockings": max(len(dockings) - _DOCKINGS, 0),
        "crew": crew,
        "chart": _chart(shown, course, dockings[:_DOCKINGS], crew.members, now),
        "others": others,
        "others_shown": others_shown,
        "others_count": others_count,
        "history": history_of("spacecraft/flight", key),
    }
    return {**context, "sources": sources.shown}


def _others(shown: Shown) -> tuple[SafeString, int, int]:
    """The rows of the table of this spacecraft's flights, newest first; how many, and the number of all. One query, or two."""
    craft = shown["spacecraft"]
    if not craft:
        return SafeString(), 0, 0
    found = _flights(craft=craft["id"])
    count = len(found) if len(found) <= _OTHERS else _flights_of(craft["id"]).count()
    return rows_of(_OTHER, (_other(shown["id"], *each) for each in found[:_OTHERS])), min(len(found), _OTHERS), count


def _flights_of(craft: Any) -> QuerySet[Any]:
    return listed_rows(SpacecraftFlight).filter(spacecraft=craft)


@prepared("craft")
def _flights(craft: Any) -> QuerySet[Any]:
    columns = ("pk", "launch__name", "launch__net", "launch__net_precision__abbrev", "mission_end", "destination")
    return _flights_of(craft).order_by(F("launch__net").desc(nulls_first=True), "pk").values_list(*columns)[: _OTHERS + 1]


def _other(this: int, key: int, name: str | None, net: Any, precision: str | None, end: Any, destination: str | None) -> Any:
    mark = SafeString(' aria-current="true"') if key == this else ""
    flight = f"{name or 'unnamed'} (this flight)" if key == this else linked(name, page_of_resource("spacecraft/flight", key))
    return mark, flight, time(net, precision or "MIN"), time(end) if end else "", destination or ""


def _chart(shown: Shown, course: Course, dockings: Sequence[Docking], crew: Sequence[Member], now: datetime) -> Chart | None:
    """The time line of a flight that has begun: the flight, each docking, and each person who went up or came down."""
    if course.state == PLANNED or course.begin is None:
        return None
    launch = page_of(shown["launch"])
    whole = Mark("Flight", course.begin, course.ended, course.goes_on, _FLIGHT, course.precision, launch)
    docked = [_docked(each, each.begin) for each in dockings if each.begin]
    drawn = crew if len(crew) <= _IN_PLOT else ()
    people = [Lane(each.name, _aboard(each, course, course.begin), each.address) for each in drawn]
    legend = [Legend(_FLIGHT, "flight")]
    legend += [Legend(_DOCKED, "docked")] if docked else []
    legend += [Legend(_PERSON, "person, from launch to landing if both are known")] if any(lane.marks for lane in people) else []
    until = "until now" if course.goes_on else "to the end of the flight"
    description = (
        f"Time runs from left to right, from the launch {until}: "
        f"{len(dockings)} docking{'s' if len(dockings) != 1 else ''}, {len(crew)} in its crews."
    )
    lanes = [Lane("Flight", [whole], launch), *docked, *people]
    return timeline("course", "Time line", description, lanes, now, legend if len(legend) > 1 else ())


def _docked(docking: Docking, begin: datetime) -> Lane:
    station = page_of(docking.shown["spacestation"])
    end = None if docking.goes_on else docking.end
    return Lane(docking.port, [Mark(docking.port, begin, end, docking.goes_on, _DOCKED, href=station)], station)


def _aboard(member: Member, course: Course, begin: datetime) -> list[Mark]:
    """A person from launch to landing if they are in the crews of both; else the moment that is known."""
    if member.up is not None and member.down is not None:
        return [Mark(member.name, begin, course.ended, course.goes_on, _PERSON, course.precision, member.address)]
    if member.up is not None:
        return [Mark(f"{member.name} goes up", begin, None, False, _PERSON, course.precision, member.address)]
    if member.down is not None and course.ended:
        return [Mark(f"{member.name} comes down", course.ended, colour=_PERSON, href=member.address)]
    return []
