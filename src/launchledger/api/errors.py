"""Errors that the framework's views never see: addresses that are nowhere, and failures. They too answer as the wire does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from launchledger.contract.encoding import encode


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(encode({"detail": "Not found."}), content_type="application/json", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(encode({"detail": "Bad request."}), content_type="application/json", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(encode({"detail": "A server error occurred."}), content_type="application/json", status=500)
