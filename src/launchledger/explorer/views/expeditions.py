"""`/expeditions/`: expeditions to space stations, filtered, searched and page by page."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import field_of, list_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.rows import rows_of_expeditions

PATH = "expedition"


@page("expeditions.html")
def expeditions(request: HttpRequest, objects: Objects) -> Context:
    """Expeditions for people, the newest first; the parameters are those of `expedition/` on the wire."""
    fields = [
        field_of(request, PATH, "space_station", "Station"),
        field_of(request, PATH, "crew__astronaut__agency", "Agency of the crew"),
    ]
    found = list_of(request, objects, PATH, fields=fields, order=("-start",))
    return {"list": found, "rows": rows_of_expeditions(found.rows)}
