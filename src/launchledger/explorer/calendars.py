"""Launches as a calendar (RFC 5545), for calendar programs.

Promises: at most MOST events, in the order of the list; an event is no more exact than its net: at a time of day where that is
known to the hour, a whole day where it is known to the day. Refuses to guess a day: launches whose net is known to the month or
worse are left out. A launch keeps its UID, so that a program that subscribes moves it when it slips.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from launchledger import __version__
from launchledger.explorer.navigation import page_of_named
from launchledger.formats.times import UNKNOWN

if TYPE_CHECKING:
    from icalendar import Event

MOST = 200  # launches
_LONGEST = timedelta(days=1)  # windows that are longer say when a launch may be, not how long it lasts
_OF_DAY = "DAY"
_TIMED = ("SEC", "MIN", "HR")
_UNSETTLED = ("TBD", "TBC")

_COLUMNS = (
    *("id", "slug", "name", "net", "net_precision__abbrev", "window_end", "status__abbrev", "status__name"),
    *("launch_service_provider__name", "configuration__full_name", "pad__name", "pad__location__name", "last_updated"),
)


def as_calendar(rows: QuerySet[Any], base: str) -> bytes:
    """The calendar of these launches; `base` is the absolute address of the first page."""
    from icalendar import Calendar  # takes 13 MB and a tenth of a second: only servers that are asked for a calendar have it

    known = Q(net_precision__isnull=True) | Q(net_precision__abbrev__in=(*_TIMED, _OF_DAY))
    calendar = Calendar()
    calendar.add("prodid", f"-//Launchledger//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Launches")
    calendar.add("x-wr-caldesc", "Launches whose net is known to the day; those known to the month or worse are left out.")
    for row in rows.filter(known, net__isnull=False).values_list(*_COLUMNS)[:MOST]:
        calendar.add_component(_event(row, base))
    return bytes(calendar.to_ical())


def _event(row: tuple[Any, ...], base: str) -> Event:
    key, slug, name, net, precision, window_end, abbrev, status, provider, vehicle, pad, site, updated = row
    from icalendar import Event

    event = Event()
    event.add("uid", f"launch-{key}@launchledger")
    event.add("dtstamp", _utc(updated or UNKNOWN))
    event.add("summary", _line(name) or "A launch without a name")
    event.add("dtstart", _utc(net).date() if precision == _OF_DAY else _utc(net))
    if precision != _OF_DAY and window_end and net < window_end <= net + _LONGEST:
        event.add("dtend", _utc(window_end))
    if place := ", ".join(filter(None, (_line(pad), _line(site)))):
        event.add("location", place)
    event.add("description", "\n".join(filter(None, (_line(status), _line(provider), _line(vehicle)))))
    event.add("url", base + page_of_named("launch", key, slug, ""))
    event.add("status", "TENTATIVE" if abbrev in _UNSETTLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _line(text: str | None) -> str:
    """A text without the characters that the format forbids."""
    return "".join(letter for letter in " ".join((text or "").split()) if letter.isprintable())
