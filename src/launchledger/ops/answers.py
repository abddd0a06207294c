"""What the views for operators share: JSON that no cache stores, for GET and HEAD."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from launchledger.formats.encoding import encode

_NO_STORE = {"Cache-Control": "no-store"}


def probe(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view for GET and HEAD; other methods are answered as in the API."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request)
        allowed = {"Allow": "GET, HEAD, OPTIONS"}
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=allowed)
            del response.headers["Content-Type"]
            return response
        return answer(405, {"detail": f'Method "{request.method}" not allowed.'}, allowed)

    return checked


def answer(status: int, body: Mapping[str, Any], headers: Mapping[str, str] = _NO_STORE) -> HttpResponse:
    """A reply as JSON, which no cache may store."""
    return HttpResponse(encode(body), content_type="application/json", status=status, headers=headers)
