"""Rows of long tables, written in Python: a template's loop over tags would take three times as long.

Promises: what is shown is escaped; an object with a page is a link to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from launchledger.explorer.html import rows_of
from launchledger.explorer.navigation import page_of
from launchledger.explorer.objects import Shown
from launchledger.explorer.templatetags.pages import duration, hours, link, linked, time

_NOTHING = "P0D"

_PERSON = (
    '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td><td class="short">{}</td><td>{}</td>'
    '<td class="short">{}</td><td class="short">{}</td><td class="short">{}</td></tr>'
)
_FLIGHT = '<tr><th scope="row">{}</th><td class="when">{}</td><td>{}</td><td>{}</td><td class="when">{}</td><td>{}</td></tr>'
_LAUNCH = '<tr><td class="when">{}</td><th scope="row">{}</th><td class="short">{}</td><td>{}</td></tr>'
_LISTED_LAUNCH = '<tr><td class="when">{}</td><th scope="row">{}</th><td class="short">{}</td><td>{}</td><td>{}</td></tr>'
_EXPEDITION = (
    '<tr><th scope="row">{}</th><td>{}</td><td class="when">{}</td><td class="when">{}</td><td class="number">{}</td></tr>'
)
_EVENT = '<tr><td class="when">{}</td><th scope="row">{}</th><td>{}</td><td>{}</td></tr>'
_LANDED = {True: "landed", False: "failed", None: ""}


def rows_of_people(people: Iterable[Shown]) -> SafeString:
    """People as the wire's list shows them: name, status, agency, nationality, birth, flights, times, last flight."""
    return rows_of(_PERSON, map(_person, people))


def _person(shown: Shown) -> tuple[Any, ...]:
    agency, count = shown["agency"], shown["flights_count"]
    return (
        link(shown),
        (shown["status"] or {}).get("name") or "",
        link(agency, "abbrev" if agency["abbrev"] else "name") if agency else "",
        shown["nationality"] or "",
        shown["date_of_birth"] or "",
        "" if count is None else f"{count:,}",
        duration(shown["time_in_space"]) if shown["time_in_space"] != _NOTHING else "",
        hours(shown["eva_time"]) if shown["eva_time"] != _NOTHING else "",
        (shown["last_flight"] or "")[:10],
    )


def rows_of_flights(flights: Iterable[Shown]) -> SafeString:
    """Spacecraft flights as the wire's list shows them: spacecraft, net, launch, destination, end, landing."""
    return rows_of(_FLIGHT, map(_flight, flights))


def _flight(shown: Shown) -> tuple[Any, ...]:
    launch, landing = shown["launch"] or {}, shown["landing"] or {}
    return (
        linked((shown["spacecraft"] or {}).get("name"), page_of(shown)),
        time(launch.get("net"), launch.get("net_precision")),
        link(shown["launch"]),
        shown["destination"] or "",
        time(shown["mission_end"]) if shown["mission_end"] else "",
        _LANDED[landing.get("success")],
    )


def rows_of_launches(launches: Iterable[Shown]) -> SafeString:
    """Launches as the wire's list shows them: net, name, status, pad (`parts/launch_rows.html`)."""
    return rows_of(_LAUNCH, map(_launch, launches))


def _launch(shown: Shown) -> tuple[Any, ...]:
    return (
        time(shown["net"], shown["net_precision"]),
        link(shown),
        (shown["status"] or {}).get("abbrev") or "",
        link(shown["pad"]),
    )


def rows_of_listed_launches(launches: Iterable[Shown]) -> SafeString:
    """Launches of any provider and site as the wire's list shows them: net, name, status, provider, site."""
    return rows_of(_LISTED_LAUNCH, map(_listed_launch, launches))


def _listed_launch(shown: Shown) -> tuple[Any, ...]:
    net, name, status, _ = _launch(shown)
    return net, name, status, link(shown["launch_service_provider"]), link((shown["pad"] or {}).get("location"))


def rows_of_expeditions(expeditions: Iterable[Shown]) -> SafeString:
    """Expeditions as the wire's list shows them: name, station, begin, end, number of spacewalks."""
    return rows_of(_EXPEDITION, map(_expedition, expeditions))


def _expedition(shown: Shown) -> tuple[Any, ...]:
    return (
        link(shown),
        link(shown["spacestation"]),
        time(shown["start"]),
        time(shown["end"]) if shown["end"] else "none known",
        len(shown["spacewalks"]),
    )


def rows_of_events(events: Iterable[Shown]) -> SafeString:
    """Events as the wire's list shows them: date, name, type, place (`parts/event_rows.html`)."""
    return rows_of(_EVENT, map(_event, events))


def _event(shown: Shown) -> tuple[Any, ...]:
    kind = (shown["type"] or {}).get("name") or ""
    return time(shown["date"], shown["date_precision"]), link(shown), kind, shown["location"] or ""
