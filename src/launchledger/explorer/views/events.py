"""`/events/`: what happens in spaceflight besides launches, to come and past, filtered, searched and page by page."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.choices import years
from launchledger.explorer.lists import Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.rows import rows_of_events

_RESOURCES = {"upcoming": "event/upcoming", "past": "event/previous", "all": "event"}
_ORDERS = Options([Option("date", "oldest first"), Option("-date", "newest first"), Option("-last_updated", "edited last first")])


@page("events.html")
def events(request: HttpRequest, objects: Objects) -> Context:
    """Events for people: `when` is upcoming, past or all; other parameters are those of `event/` on the wire."""
    given = request.GET.get("when", "")
    when = given if given in _RESOURCES else "upcoming"
    fields = [
        field_of(request, "event", "type", "Type"),
        field_of(request, "event", "program", "Program"),
        field_of(request, "event", "year", "Year", years()),
        field_of(request, "event", "ordering", "Order", _ORDERS),
    ]
    found = list_of(request, objects, _RESOURCES[when], fields=fields, own=("when",))
    return {"when": when, "list": found, "rows": rows_of_events(found.rows)}
