"""`/programs/`: the programs that launches and events belong to, page by page."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import list_of
from launchledger.explorer.objects import Objects

_AGENCIES = 4  # of a program, in the list


@page("programs.html")
def programs(request: HttpRequest, objects: Objects) -> Context:
    """Programs for people; parameters are those of `program/`."""
    found = list_of(request, objects, "program")
    rows = [
        {"program": each, "agencies": each["agencies"][:_AGENCIES], "more": max(len(each["agencies"]) - _AGENCIES, 0)}
        for each in found.rows
    ]
    return {"list": found, "rows": rows}
