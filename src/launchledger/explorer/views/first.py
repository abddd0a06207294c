"""`/`: what launches next, what is in space, what changed last, and what the catalogue holds."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from launchledger import __version__, clock
from launchledger.explorer.answering import Context, page
from launchledger.explorer.countdown import time_to_go
from launchledger.explorer.objects import Objects
from launchledger.explorer.overview import Contents, load_overview

_PARTS = ("in_space", "last_changes", "age", "holdings")


@page("first.html")
def first(request: HttpRequest, objects: Objects) -> Context:
    """The first page, for people: what launches next, what is in space, what changed last, and how old the catalogue is."""
    overview = load_overview(clock.now())
    context: Context = {"overview": overview}
    if overview.contents:
        context |= {name: _part(name, overview.contents, get_script_prefix()) for name in _PARTS}
    if overview.next_launches:
        launch = overview.next_launches[0]
        context["time_to_go"] = time_to_go(launch.net, launch.precision, overview.now)
    return context


@lru_cache(maxsize=12)
def _part(name: str, contents: Contents, prefix: str) -> SafeString:
    """A part of the page that is the same while the contents are. Its addresses are below the prefix."""
    return SafeString(render_to_string(f"launchledger/parts/{name}.html", {"contents": contents, "version": __version__}))
