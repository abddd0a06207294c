"""Errors outside the framework's views: unknown addresses, and failures. They are JSON, as on the wire.

They carry the headers of every reply themselves: an error of the outermost middleware passes through none of the others.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from launchledger.http_cache.failures import UNEXPECTED, Failure, as_json, mark_as_logged


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response_to(as_json("404 Not Found", "Not found."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response_to(as_json("400 Bad Request", "Bad request."))


def server_error(request: HttpRequest) -> HttpResponse:
    return response_to(UNEXPECTED)


def response_to(failure: Failure) -> HttpResponse:
    """A failure as a response of Django."""
    response = HttpResponse(failure.body, status=int(failure.status[:3]), headers=dict(failure.headers))
    return mark_as_logged(response) if failure.is_logged else response
