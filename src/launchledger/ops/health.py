"""`/healthz`: the process answers. `/readyz`: it can serve, that is, its database has this version's tables."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.db import Error
from django.http import HttpRequest, HttpResponse

from launchledger.database.failing import AWAY, failure
from launchledger.database.following import follow
from launchledger.database.readiness import readiness
from launchledger.formats.encoding import encode
from launchledger.http_cache.failures import RETRY_AFTER, mark_as_logged

_NO_STORE = {"Cache-Control": "no-store"}


def _probe(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view for GET and HEAD; other methods are answered as in the API."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request)
        allowed = {"Allow": "GET, HEAD, OPTIONS"}
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=allowed)
            del response.headers["Content-Type"]
            return response
        return _answer(405, {"detail": f'Method "{request.method}" not allowed.'}, allowed)

    return answer


@_probe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers: 200."""
    return _answer(200, {"status": "ok"})


@_probe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether it can serve: 200, or 503 with the reason while the database cannot be used, or is of another version."""
    try:
        follow()
        reason = readiness()
    except Error as error:
        reason = failure(error) or AWAY
    if not reason:
        return _answer(200, {"status": "ready"})
    response = _answer(503, {"status": "unavailable", "reason": reason})
    response.headers["Retry-After"] = RETRY_AFTER
    return mark_as_logged(response)


def _answer(status: int, body: dict[str, str], headers: Mapping[str, str] = _NO_STORE) -> HttpResponse:
    return HttpResponse(encode(body), content_type="application/json", status=status, headers=headers)
