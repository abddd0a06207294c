"""`/vehicles/`: launcher configurations with their records, and by `?kind=spacecraft` spacecraft configurations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from launchledger.catalogue.models.launchers import LauncherConfiguration
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.explorer.answering import Context, page
from launchledger.explorer.intervals import rate_of
from launchledger.explorer.lists import Field, Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.tables import body_of
from launchledger.explorer.templatetags.pages import link

_LAUNCHERS, _SPACECRAFT = "config/launcher", "config/spacecraft"
_IN_USE = Options([Option("true", "in use"), Option("false", "not in use")])
_REUSABLE = Options([Option("true", "reusable"), Option("false", "expendable")])
_RATED = Options([Option("true", "for people"), Option("false", "not for people")])
_ORDERS = Options(
    [
        Option("-leo_capacity", "most to low Earth orbit"),
        Option("-gto_capacity", "most to GTO"),
        Option("-launch_mass", "heaviest"),
        Option("-name", "name, backwards"),
    ]
)
_RECORD = (
    *("total_launch_count", "successful_launches", "failed_launches", "pending_launches"),
    *("successful_landings", "attempted_landings", "leo_capacity", "maiden_flight", "active"),
)
_CLASSES_OF_LAUNCHERS = ("", "number", "number", "number", "number", "number", "short", "short", "")
_CLASSES_OF_SPACECRAFT = ("", "", "", "number", "short", "short")


@page("vehicles.html")
def vehicles(request: HttpRequest, objects: Objects) -> Context:
    """Launcher configurations with their records for people; `kind=spacecraft` shows spacecraft configurations."""
    if request.GET.get("kind") == "spacecraft":
        found = list_of(request, objects, _SPACECRAFT, fields=_fields_of_spacecraft(request), own=("kind",))
        return {"kind": "configurations", "list": found, "rows": body_of(map(_spacecraft, found.rows), _CLASSES_OF_SPACECRAFT)}
    found = list_of(request, objects, _LAUNCHERS, fields=_fields_of_launchers(request), own=("kind",))
    return {"kind": "launchers", "list": found, "rows": _launchers(found.rows)}


def _fields_of_launchers(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, _LAUNCHERS, "manufacturer", "Manufacturer"),
        field_of(request, _LAUNCHERS, "program", "Program"),
        field_of(request, _LAUNCHERS, "active", "Use", _IN_USE),
        field_of(request, _LAUNCHERS, "reusable", "Reuse", _REUSABLE),
        field_of(request, _LAUNCHERS, "ordering", "Order", _ORDERS),
    ]


def _fields_of_spacecraft(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, _SPACECRAFT, "manufacturer", "Agency"),
        field_of(request, _SPACECRAFT, "in_use", "Use", _IN_USE),
        field_of(request, _SPACECRAFT, "human_rated", "Rated", _RATED),
    ]


def _launchers(rows: list[Shown]) -> SafeString:
    """The table of launcher configurations: the normal shape has no record, so it is read from the rows."""
    records = {
        key: dict(zip(_RECORD, values, strict=True))
        for key, *values in rows_by_id(LauncherConfiguration.kind, _RECORD, [each["id"] for each in rows])
    }
    return body_of((_launcher(each, records[each["id"]]) for each in rows), _CLASSES_OF_LAUNCHERS)


def _launcher(shown: Shown, record: dict[str, Any]) -> tuple[Any, ...]:
    rate = rate_of(record["successful_launches"], record["failed_launches"])
    return (
        link(shown, "full_name" if shown["full_name"] else "name"),
        rate.trials if rate else record["total_launch_count"],
        format_html("{} %<small>{} to {}</small>", rate.percent, rate.low, rate.high) if rate else "",
        record["pending_launches"] or "",
        f"{record['successful_landings'] or 0:,} of {record['attempted_landings']:,}" if record["attempted_landings"] else "",
        f"{record['leo_capacity']:,} kg" if record["leo_capacity"] else "",
        record["maiden_flight"],
        "yes" if record["active"] else "no",
        link(shown["manufacturer"]) if shown["manufacturer"] else "",
    )


def _spacecraft(shown: Shown) -> tuple[Any, ...]:
    return (
        link(shown),
        link(shown["agency"]) if shown["agency"] else "",
        shown["capability"],
        shown["crew_capacity"] if shown["human_rated"] else "",
        shown["maiden_flight"],
        "yes" if shown["in_use"] else "no",
    )
