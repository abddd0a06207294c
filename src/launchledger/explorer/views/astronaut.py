"""`/astronauts/{id}`: one person, with flights, expeditions and spacewalks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest

from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.explorer.answering import Context, page
from launchledger.explorer.charts.chart import Chart, Legend
from launchledger.explorer.charts.timeline import Lane, Mark, timeline
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.in_space import minute
from launchledger.explorer.navigation import page_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.sources import Sources
from launchledger.explorer.stays import MOST, Served, Stay, expeditions_of, stays_of
from launchledger.explorer.templatetags.pages import hours, link
from launchledger.formats.spans import span
from launchledger.formats.times import parse_date_time

_WALKS, _OTHERS = 40, 10  # spacewalks on the page, and others in the crew of each
_FLIGHT, _EXPEDITION, _WALK = 1, 3, 2  # colours


_FACTS = (
    Column("Agency", "agency", link),
    Column("Nationality", "nationality"),
    Column("Type", "type"),
    Column("Time in space", "time_in_space"),
    Column("Flights", "flights_count"),
    Column("Landings", "landings_count"),
    Column("Spacewalks", "spacewalks_count"),
    Column("Spacewalk time", "eva_time", hours),
    Column("First flight", "first_flight"),
    Column("Last flight", "last_flight"),
    Column("Born", "date_of_birth"),
)
_LIVING, _DEAD = (Column("Age", "age"),), (Column("Died", "date_of_death"), Column("Age at death", "age"))


@page("astronaut.html")
def astronaut(request: HttpRequest, objects: Objects, key: int) -> Context:
    """An astronaut for people: flights on a time line, expeditions, spacewalks, and the facts with their sources."""
    shown = objects.one("astronaut", key)
    now = minute()
    sources = Sources(Astronaut.kind, key)
    stays, expeditions = stays_of(shown, now), expeditions_of(key)
    walks = sorted(shown["spacewalks"], key=lambda walk: walk["start"] or "")
    since = _since(shown, stays, now)
    flown = sum(stay.has_flown for stay in stays)
    context = {
        "person": shown,
        "about": shown,
        "status_source": sources.of("status"),
        "facts": facts_of(shown, sources, (*_FACTS, *(_DEAD if shown["date_of_death"] else _LIVING))),
        "since": since,
        "up_for": span((now - since).total_seconds()) if since else "",
        "missing": max((shown["flights_count"] or 0) - flown, 0) if len(stays) < MOST else 0,
        "stays": [(stay, stay.lasted(now)) for stay in stays],
        "expeditions": expeditions,
        "walks": [(walk, _others(walk, key)) for walk in walks[:_WALKS]],
        "more_walks": max(len(walks) - _WALKS, 0),
        "chart": _chart(stays, expeditions, walks[:_WALKS], now, is_up=shown["in_space"]),
        "history": history_of("astronaut", key),
    }
    return {**context, "sources": sources.shown}


def _since(shown: Shown, stays: Sequence[Stay], now: datetime) -> datetime | None:
    """Since when somebody in space is up: by the stay, or else by the last flight as it was reported."""
    if stay := next((stay for stay in stays if stay.is_up), None):
        return stay.begin
    last = parse_date_time(shown["last_flight"]) if shown["in_space"] and shown["last_flight"] else None
    return last if last and last <= now else None


def _others(walk: Shown, key: int) -> list[Shown]:
    """The others of a spacewalk's crew, at most _OTHERS."""
    return [each["astronaut"] for each in walk["crew"] if each["astronaut"] and each["astronaut"]["id"] != key][:_OTHERS]


def _chart(
    stays: Sequence[Stay], expeditions: Sequence[Served], walks: Sequence[Shown], now: datetime, *, is_up: bool
) -> Chart | None:
    """The time line of a person: a lane for each flight, one for expeditions, one for spacewalks."""
    lanes = [Lane(_mission(stay.launch), [_flight(stay)], page_of(stay.launch)) for stay in stays]
    served = [_expedition(each, now, is_up=is_up) for each in expeditions if each.begin]
    outside = [_walk(walk, walk["start"]) for walk in walks if walk["start"]]
    lanes += [Lane("Expeditions", served), Lane("Spacewalks", outside)]
    legend = [Legend(_FLIGHT, "flight")] if stays else []
    legend += [Legend(_EXPEDITION, "expedition")] if served else []
    legend += [Legend(_WALK, "spacewalk")] if outside else []
    flights = f"{len(stays)} flight{'s' if len(stays) != 1 else ''}"
    description = f"Time runs from left to right: {flights}, {len(served)} on expeditions, {len(outside)} spacewalks."
    return timeline("course", "Time line", description, lanes, now, legend if len(legend) > 1 else ())


def _flight(stay: Stay) -> Mark:
    return Mark(
        stay.launch["name"] or "unnamed",
        stay.begin,
        stay.end,
        goes_on=stay.is_up,
        colour=_FLIGHT,
        precision=stay.precision,
        href=(stay.up and stay.up.address) or page_of(stay.launch),
        is_planned=not stay.has_flown,
    )


def _expedition(served: Served, now: datetime, *, is_up: bool) -> Mark:
    """An expedition goes on only while the person is in space: its end may never have been reported."""
    begin = served.begin or now
    goes_on = is_up and begin <= now and (served.end is None or served.end > now)
    return Mark(
        served.name,
        begin,
        None if goes_on else served.end,
        goes_on=goes_on,
        colour=_EXPEDITION,
        href=served.address,
        is_planned=begin > now,
    )


def _walk(walk: Shown, start: str) -> Mark:
    end = parse_date_time(walk["end"]) if walk["end"] else None
    return Mark(walk["name"] or "unnamed", parse_date_time(start), end, colour=_WALK, href=page_of(walk))


def _mission(launch: Shown) -> str:
    """The name of a launch without its vehicle."""
    name = launch["name"] or "unnamed"
    return name.rpartition(" | ")[2] or name
