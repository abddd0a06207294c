"""`/stations/`: space stations, filtered, searched and page by page."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import field_of, list_of
from launchledger.explorer.objects import Objects

PATH = "spacestation"


@page("stations.html")
def stations(request: HttpRequest, objects: Objects) -> Context:
    """Space stations for people, those in service first; the parameters are those of `spacestation/` on the wire."""
    fields = [
        field_of(request, PATH, "status", "Status"),
        field_of(request, PATH, "type", "Type"),
        field_of(request, PATH, "owners", "Owner"),
    ]
    return {"list": list_of(request, objects, PATH, fields=fields, order=("status", "-founded"))}
