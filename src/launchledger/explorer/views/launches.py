"""`/launches/`: launches to come and past, filtered, searched and page by page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from launchledger.explorer.answering import Context, base_address, page
from launchledger.explorer.calendars import as_calendar
from launchledger.explorer.downloads import MOST, as_csv, launches_table
from launchledger.explorer.lists import Field, Option, Options, chosen_rows, field_of, list_of
from launchledger.explorer.objects import Objects
from launchledger.explorer.rows import rows_of_listed_launches

_RESOURCES = {"upcoming": "launch/upcoming", "past": "launch/previous", "all": "launch"}
_CREWED = Options([Option("true", "with a crew"), Option("false", "without a crew")])
# From Sputnik 1 to the latest year that a program was announced for, with room.
_YEARS = Options([Option(str(year), str(year)) for year in range(2040, 1956, -1)])


@page("launches.html")
def launches(request: HttpRequest, objects: Objects) -> Context:
    """Launches for people: `when` is upcoming, past or all; other parameters are those of `launch/` on the wire."""
    when = _when(request)
    found = list_of(request, objects, _RESOURCES[when], fields=_fields(request), own=("when",))
    return {
        "when": when,
        "list": found,
        "rows": rows_of_listed_launches(found.rows),
        "table": _download(request, "launches_csv"),
        "calendar": _download(request, "launches_ics"),
        "most": MOST,
    }


@page("")
def launches_csv(request: HttpRequest, objects: Objects) -> HttpResponseBase:
    """The same list as a table for spreadsheets, with the parameters of the page: at most 1,000 launches, from `offset` on."""
    table = launches_table(request, _RESOURCES[_when(request)], ("when",), base_address(request))
    response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="launches.csv"'
    if table.following is not None:
        response.headers["Link"] = f'<?{urlencode({**request.GET.dict(), "offset": table.following})}>; rel="next"'
    return response


@page("")
def launches_ics(request: HttpRequest, objects: Objects) -> HttpResponseBase:
    """The same list as a calendar, with the parameters of the page: at most 200 launches whose nets are known to the day."""
    rows = chosen_rows(request, _RESOURCES[_when(request)], ("when",))
    response = HttpResponse(as_calendar(rows, base_address(request)), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="launches.ics"'
    return response


def _when(request: HttpRequest) -> str:
    given = request.GET.get("when", "")
    return given if given in _RESOURCES else "upcoming"


def _download(request: HttpRequest, name: str) -> str:
    """The address of the whole list in another form."""
    kept = {name: values for name, values in request.GET.lists() if name not in ("limit", "offset", "format")}
    return f"{reverse(name)}?{urlencode(kept, doseq=True)}"


def _fields(request: HttpRequest) -> list[Field]:
    return [
        field_of(request, "launch", "lsp__id", "Provider"),
        field_of(request, "launch", "rocket__configuration__id", "Vehicle"),
        field_of(request, "launch", "pad__location", "Site"),
        field_of(request, "launch", "status", "Status"),
        field_of(request, "launch", "is_crewed", "Crew", _CREWED),
        field_of(request, "launch", "net__year", "Year", _YEARS),
    ]
