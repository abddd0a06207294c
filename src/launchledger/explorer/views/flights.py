"""`/flights/`: flights of spacecraft, those in space now first, searched and page by page."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.in_space import table_of_flights
from launchledger.explorer.lists import Refused, field_of, list_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.rows import rows_of_flights
from launchledger.explorer.sorting import headings

_LONGEST_SEARCH = 100  # characters
_COLUMNS = (
    ("Flight", ""),
    ("Net", ""),
    ("Launch", ""),
    ("Destination", "destination"),
    ("Mission end", "-mission_end"),
    ("Landing", ""),
)


@page("flights.html")
def flights(request: HttpRequest, objects: Objects) -> Context:
    """Spacecraft flights for people: those in space now and all, newest first, searched by spacecraft, launch and destination."""
    search = request.GET.get("search", "").strip()
    if len(search) > _LONGEST_SEARCH or "\0" in search:
        raise Refused({"search": [f"A search has at most {_LONGEST_SEARCH} characters, none of them null."]})
    fields = [field_of(request, "spacecraft/flight", "spacecraft", "Spacecraft")]
    order = ("-launch__net",)
    found = list_of(request, objects, "spacecraft/flight", fields=fields, own=("search",), order=order, only=_matching(search))
    if search:
        found = replace(found, search=search, twin="")  # the wire has no search of flights
    is_first = not any(value for values in request.GET.lists() for value in values[1])
    return {
        "list": found,
        "rows": rows_of_flights(found.rows),
        "headings": headings(request, _COLUMNS),
        "ordering": request.GET.get("ordering", ""),
        "is_first": is_first,
        "up": table_of_flights() if is_first else None,
    }


def _matching(search: str) -> Q | None:
    if not search:
        return None
    columns = ("spacecraft__name", "launch__name", "destination")
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": search})
    return found
