"""`/healthz`: the process answers. `/readyz`: it can serve, that is, its database has this version's tables, and if the operator
wants it, its mirror is not older than so much."""

from __future__ import annotations

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse

from launchledger import clock
from launchledger.database.failing import AWAY, failure
from launchledger.database.following import follow
from launchledger.database.readiness import readiness
from launchledger.formats.spans import span
from launchledger.http_cache.failures import RETRY_AFTER, mark_as_logged
from launchledger.ops.answers import answer, probe
from launchledger.sync.freshness import answered_at


@probe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers: 200."""
    return answer(200, {"status": "ok"})


@probe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether it can serve: 200, or 503 with the reason while the database cannot be used, is of another version, or is a mirror
    older than LAUNCHLEDGER_MAX_SYNC_AGE."""
    try:
        follow()
        reason = readiness() or _too_old()
    except Error as error:
        reason = failure(error) or AWAY
    if not reason:
        return answer(200, {"status": "ready"})
    response = answer(503, {"status": "unavailable", "reason": reason})
    response.headers["Retry-After"] = RETRY_AFTER
    return mark_as_logged(response)


def _too_old() -> str:
    """Why the mirror is older than it may be; "" if it is not, or if the operator does not care."""
    if settings.MAX_SYNC_AGE is None:
        return ""
    at = answered_at()
    if at is None:
        return "nothing was ever synced"
    age = clock.now() - at
    if age <= settings.MAX_SYNC_AGE:
        return ""
    most = span(settings.MAX_SYNC_AGE.total_seconds())
    return f"the upstream answered last {span(age.total_seconds(), units=1)} ago, and LAUNCHLEDGER_MAX_SYNC_AGE is {most}"
