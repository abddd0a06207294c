"""Errors that no view answered: pages in browsers outside the wire and the ledger, and below every section; else JSON.

Promises: a page of a failure reads nothing from the database, and where it fails itself the answer is the JSON.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from launchledger.api import errors
from launchledger.conf.prefixes import LEDGER, PAGES
from launchledger.explorer.answering import respond
from launchledger.ops.urls import PROBES
from launchledger.wire.served import WIRES

_OF_PROGRAMS = (*(wire.root for wire in WIRES.values()), LEDGER, "/static/", "/status/", *sorted(PROBES))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(PAGES) or wants_page(request):  # below a section everything is a page
        return respond(request, "not_found.html", {}, 404)
    return errors.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if wants_page(request):
        try:
            return respond(request, "failed.html", {}, 500)
        except Exception:  # noqa: S110 - what failed may be what all pages are made with
            pass
    return errors.server_error(request)


def wants_page(request: HttpRequest) -> bool:
    """Whether a person asked: their browser prefers HTML, and the address is not one of those for programs."""
    if request.path_info.startswith(_OF_PROGRAMS):
        return False
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"
