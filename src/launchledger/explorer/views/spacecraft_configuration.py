"""`/vehicles/spacecraft/{id}`: a spacecraft configuration, with its craft, their launches by year, and its measures."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest

from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.models.spacecraft import SpacecraftConfiguration, SpacecraftFlight
from launchledger.catalogue.queries.prepared import prepared
from launchledger.documents.listed import listed
from launchledger.explorer.answering import Context, page
from launchledger.explorer.facts import Column, facts_of, plain
from launchledger.explorer.histories import history_of
from launchledger.explorer.intervals import Rate, rate_of
from launchledger.explorer.last_and_next import last_and_next
from launchledger.explorer.measures import in_unit, use_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.sources import Sources
from launchledger.explorer.tables import body_of
from launchledger.explorer.templatetags.pages import link
from launchledger.explorer.yearly import launches_a_year
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

_FILTER = "spacecraft_config__ids"  # of the list of launches
CRAFT = 25  # on the page, those with the most flights

_FACTS = (
    Column("Agency", "agency", link),
    Column("Type", "type"),
    Column("In use", "in_use"),
    Column("Rated for people", "human_rated"),
    Column("Seats", "crew_capacity"),
    Column("Maiden flight", "maiden_flight"),
    Column("Height", "height", in_unit("m")),
    Column("Diameter", "diameter", in_unit("m")),
    Column("Payload", "payload_capacity", in_unit("kg")),
    Column("Payload back to Earth", "payload_return_capacity", in_unit("kg")),
    Column("Life in flight", "flight_life", str),
    Column("Capability", "capability", str),
)


@page("spacecraft_configuration.html")
def spacecraft_configuration(request: HttpRequest, objects: Objects, id: int) -> Context:
    """A spacecraft configuration for people: its craft, their launches by year, and its measures."""
    shown = objects.one("config/spacecraft", id)
    sources = Sources(SpacecraftConfiguration.kind, id)
    context = {
        "configuration": shown,
        "about": shown,
        "use": use_of(shown, sources, "in_use"),
        "facts": facts_of(shown, sources, _FACTS),
        "craft": _craft(id),
        "landings": _landings(id),
        "launches": last_and_next(objects, "launch", _FILTER, id),
        "years": launches_a_year(_FILTER, id),
        "history": history_of("config/spacecraft", id),
    }
    return {**context, "sources": sources.shown}


def _craft(key: int) -> Context:
    """The craft of a configuration with the most flights, and how many there are in all, fly and flew."""
    count, flights, in_space = next(iter(_totals(key=key)), (0, 0, 0))
    rows = body_of((_row(*row) for row in _most_flown(key=key)), ("", "", "", "number", "short"))
    return {"all": count, "flights": flights, "in_space": in_space, "rows": rows, "more": max(count - CRAFT, 0)}


def _craft_of(key: Any) -> QuerySet[Any]:
    return listed(DEFAULT.resources["spacecraft"].modes[NORMAL]).filter(spacecraft_config=key)


@prepared("key")
def _totals(key: Any) -> QuerySet[Any]:
    """How many craft there are, their flights, and how many are in space, in one row if there is a craft."""
    rows = _craft_of(key).order_by().values("spacecraft_config")
    numbers: QuerySet[Any] = rows.annotate(
        all=Count("pk"), flights=Sum("flights_count"), in_space_now=Count("pk", filter=Q(in_space=True))
    )
    return numbers.values_list("all", "flights", "in_space_now")


@prepared("key")
def _most_flown(key: Any) -> QuerySet[Any]:
    columns = ("pk", "name", "serial_number", "status__name", "flights_count", "in_space")
    return _craft_of(key).order_by("-flights_count", "name_key", "pk").values_list(*columns)[:CRAFT]


def _row(
    key: int, name: str, serial: str | None, status: str | None, flights: int | None, in_space: bool | None
) -> tuple[Any, ...]:
    return (link({"url": f"spacecraft/{key}/", "name": name}), serial, status, flights, plain(bool(in_space)))


def _landings(key: int) -> Rate | None:
    """How many landings of the craft succeeded, of those whose outcome is known."""
    counts: dict[bool, int] = dict(_outcomes(key=key))
    return rate_of(counts.get(True, 0), counts.get(False, 0))


@prepared("key")
def _outcomes(key: Any) -> QuerySet[Any]:
    """How many landings had each outcome."""
    flights = listed_rows(SpacecraftFlight).filter(spacecraft__spacecraft_config=key, landing__success__isnull=False)
    counts: QuerySet[Any] = flights.order_by().values_list("landing__success").annotate(Count("pk"))
    return counts
