"""`/healthz`: the process answers. `/readyz`: it can serve, that is, its database is there with this version's tables."""

from django.db import Error
from django.http import HttpRequest, HttpResponse

from launchledger.contract.encoding import encode
from launchledger.ops.readiness import has_tables


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers: 200."""
    return _answer(200, {"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Whether it can serve: 200, or 503 with the reason while the database is away or lacks this version's tables."""
    try:
        if has_tables():
            return _answer(200, {"status": "ready"})
    except Error:
        return _answer(503, {"status": "unavailable", "reason": "the database does not answer"})
    return _answer(503, {"status": "unavailable", "reason": "the database lacks this version's tables"})


def _answer(status: int, body: dict[str, str]) -> HttpResponse:
    return HttpResponse(encode(body), content_type="application/json", status=status, headers={"Cache-Control": "no-store"})
