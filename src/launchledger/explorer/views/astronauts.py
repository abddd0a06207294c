"""`/astronauts/`: who is in space now, people, filtered, searched and page by page, and records."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.listed import listed_rows
from launchledger.explorer.answering import Context, page
from launchledger.explorer.in_space import table_of_people
from launchledger.explorer.lists import Field, Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.records import records
from launchledger.explorer.rows import rows_of_people
from launchledger.explorer.sorting import headings
from launchledger.explorer.state import per_state

_IN_SPACE = Options([Option("true", "in space"), Option("false", "not in space")])
_FLOWN = Options([Option("true", "flew, or will"), Option("false", "without a flight")])
_MOST_NATIONALITIES = 400
_COLUMNS = (
    ("Name", "name"),
    ("Status", "status"),
    ("Agency", ""),
    ("Nationality", "nationality"),
    ("Born", "-date_of_birth"),
    ("Flights", "-flights_count"),
    ("Time in space", "-time_in_space"),
    ("Spacewalk time", "-eva_time"),
    ("Last flight", "-last_flight"),
)


@page("astronauts.html")
def astronauts(request: HttpRequest, objects: Objects) -> Context:
    """Astronauts for people: who is in space now, records, and all by the parameters of `astronaut/` on the wire."""
    found = list_of(request, objects, "astronaut", fields=_fields(request), order=("name",))
    is_first = not any(value for values in request.GET.lists() for value in values[1])
    return {
        "list": found,
        "rows": rows_of_people(found.rows),
        "headings": headings(request, _COLUMNS),
        "ordering": request.GET.get("ordering", ""),
        "up": table_of_people() if is_first else None,
        "records": records() if is_first else [],
        "is_first": is_first,
    }


def _fields(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, "astronaut", "status", "Status"),
        field_of(request, "astronaut", "agency_ids", "Agency"),
        field_of(request, "astronaut", "nationality", "Nationality", _nationalities()),
        field_of(request, "astronaut", "type__id", "Type"),
        field_of(request, "astronaut", "in_space", "In space", _IN_SPACE),
        field_of(request, "astronaut", "has_flown", "Flights", _FLOWN),
    ]


@per_state
def _nationalities() -> Options:
    """The nationalities of listed people; names for what has more than one are as long as the catalogue gives them."""
    rows = listed_rows(Astronaut).exclude(nationality="").exclude(nationality=None)
    names = rows.order_by("nationality").values_list("nationality", flat=True).distinct()[:_MOST_NATIONALITIES]
    return Options([Option(name, name) for name in names])
