"""`/launches/`: launches to come and past, filtered, searched and page by page."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import Field, Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects

_RESOURCES = {"upcoming": "launch/upcoming", "past": "launch/previous", "all": "launch"}
_CREWED = Options([Option("true", "with a crew"), Option("false", "without a crew")])
# From Sputnik 1 to the latest year that a program was announced for, with room.
_YEARS = Options([Option(str(year), str(year)) for year in range(2040, 1956, -1)])


@page("launches.html")
def launches(request: HttpRequest, objects: Objects) -> Context:
    """Launches for people: `when` is upcoming, past or all; other parameters are those of `launch/` on the wire."""
    given = request.GET.get("when", "")
    when = given if given in _RESOURCES else "upcoming"
    return {"when": when, "list": list_of(request, objects, _RESOURCES[when], fields=_fields(request), own=("when",))}


def _fields(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, "launch", "lsp__id", "Provider"),
        field_of(request, "launch", "rocket__configuration__id", "Vehicle"),
        field_of(request, "launch", "pad__location", "Site"),
        field_of(request, "launch", "status", "Status"),
        field_of(request, "launch", "is_crewed", "Crew", _CREWED),
        field_of(request, "launch", "net__year", "Year", _YEARS),
    ]
