"""`/`: what launches next, what changed last, and what the catalogue holds."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger import clock
from launchledger.explorer.answering import Context, page
from launchledger.explorer.objects import Objects
from launchledger.explorer.overview import load_overview


@page("first.html")
def first(request: HttpRequest, objects: Objects) -> Context:
    """The first page, for people: what launches next, what changed last, what the server holds, and how old that is."""
    return {"overview": load_overview(clock.now())}
