"""`/spacecraft/`: single spacecraft, filtered, searched and page by page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import Field, Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.tables import body_of
from launchledger.explorer.templatetags.pages import duration, link

_RESOURCE = "spacecraft"
_IN_SPACE = Options([Option("true", "in space now"), Option("false", "not in space")])
_PLACEHOLDER = Options([Option("false", "known craft"), Option("true", "placeholders")])
_ORDERS = Options(
    [
        Option("-time_in_space", "longest in space"),
        Option("-time_docked", "longest docked"),
        Option("-flights_count", "most flights"),
        Option("-id", "newest here"),
    ]
)


@page("spacecraft_list.html")
def spacecraft_list(request: HttpRequest, objects: Objects) -> Context:
    """Single spacecraft for people, with their flights and their time in space."""
    found = list_of(request, objects, _RESOURCE, fields=_fields(request))
    rows = body_of(map(_row, found.rows), ("", "", "", "number", "short", "short", ""))
    return {"kind": "spacecraft", "section": "vehicles", "list": found, "rows": rows}


def _fields(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, _RESOURCE, "spacecraft_config", "Configuration"),
        field_of(request, _RESOURCE, "status", "Status"),
        field_of(request, _RESOURCE, "in_space", "Now", _IN_SPACE),
        field_of(request, _RESOURCE, "is_placeholder", "Craft", _PLACEHOLDER),
        field_of(request, _RESOURCE, "ordering", "Order", _ORDERS),
    ]


def _row(shown: Shown) -> tuple[Any, ...]:
    return (
        link(shown),
        shown["serial_number"],
        link(shown["spacecraft_config"]),
        shown["flights_count"],
        duration(shown["time_in_space"]) if shown["time_in_space"] not in (None, "P0D") else "",
        "yes" if shown["in_space"] else "no",
        (shown["status"] or {}).get("name"),
    )
