"""`/boosters/`: single first stages that fly more than once, filtered, searched and page by page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from launchledger.catalogue.models.launchers import Launcher
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.documents.listed import listed
from launchledger.explorer.answering import Context, page
from launchledger.explorer.lists import Field, Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.state import per_state
from launchledger.explorer.tables import body_of
from launchledger.explorer.templatetags.pages import link
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

_RESOURCE = "launcher"
_PROVEN = Options([Option("true", "flight proven"), Option("false", "not flown")])
_PLACEHOLDER = Options([Option("false", "known boosters"), Option("true", "placeholders")])
_LANDINGS = ("successful_landings", "attempted_landings")
_ORDERS = Options([Option("-flight_proven", "flight proven first"), Option("-id", "newest here")])


@page("boosters.html")
def boosters(request: HttpRequest, objects: Objects) -> Context:
    """Single first stages for people, with their flights and landings."""
    found = list_of(request, objects, _RESOURCE, fields=_fields(request))
    landings = {key: row for key, *row in rows_by_id(Launcher.kind, _LANDINGS, [each["id"] for each in found.rows])}
    rows = body_of((_row(each, *landings[each["id"]]) for each in found.rows), ("", "", "", "number", "number", "short", "short"))
    return {"kind": "boosters", "section": "vehicles", "list": found, "rows": rows}


def _fields(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, _RESOURCE, "launcher_config", "Vehicle", _vehicles()),
        field_of(request, _RESOURCE, "flight_proven", "Flown", _PROVEN),
        field_of(request, _RESOURCE, "is_placeholder", "Boosters", _PLACEHOLDER),
        field_of(request, _RESOURCE, "ordering", "Order", _ORDERS),
    ]


@per_state
def _vehicles() -> Options:
    """The launcher configurations of the listed boosters, by their full names: several have the same short one."""
    rows = listed(DEFAULT.resources[_RESOURCE].modes[NORMAL]).order_by()
    found = rows.values_list("launcher_config", "launcher_config__full_name", "launcher_config__name").distinct()
    named = [Option(str(key), full_name or name or "unnamed") for key, full_name, name in found]
    return Options(sorted(named, key=lambda option: option.name.casefold()))


def _row(shown: Shown, landed: int | None, tried: int | None) -> tuple[Any, ...]:
    return (
        link(shown, "serial_number"),
        link(shown["launcher_config"], "full_name"),
        shown["status"],
        shown["flights"],
        f"{landed or 0:,} of {tried:,}" if tried else "",
        (shown["first_launch_date"] or "")[:10],
        (shown["last_launch_date"] or "")[:10],
    )
