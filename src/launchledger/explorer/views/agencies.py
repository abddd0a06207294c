"""`/agencies/`: who builds, launches and flies, page by page."""

from __future__ import annotations

from django.http import HttpRequest

from launchledger.explorer.answering import Context, page
from launchledger.explorer.choices import texts
from launchledger.explorer.lists import Option, Options, field_of, list_of
from launchledger.explorer.objects import Objects

_COUNTRIES = 6  # of an agency, in the list
_FEATURED = Options([Option("true", "yes"), Option("false", "no")])


@page("agencies.html")
def agencies(request: HttpRequest, objects: Objects) -> Context:
    """Agencies for people; parameters are those of `agencies/`."""
    fields = [
        field_of(request, "agencies", "country_code", "Country", texts("agencies", "country_code")),
        field_of(request, "agencies", "featured", "Featured", _FEATURED),
    ]
    found = list_of(request, objects, "agencies", fields=fields)
    return {"list": found, "rows": [{"agency": each, "countries": _countries(each["country_code"])} for each in found.rows]}


def _countries(codes: str | None) -> str:
    """The first countries of an agency, and how many more it has."""
    each = (codes or "").split(",")
    return ", ".join(each[:_COUNTRIES]) + (f" and {len(each) - _COUNTRIES} more" if len(each) > _COUNTRIES else "")
