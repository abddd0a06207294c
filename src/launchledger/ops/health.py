"""`/healthz`: the process answers. `/readyz`: it can serve, that is, its database is there with this version's tables."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from launchledger.contract.encoding import encode


def healthz(request: HttpRequest) -> HttpResponse:
    return _answer(200, {"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _answer(503, {"status": "unavailable", "reason": "the database does not answer"})
    if waiting:
        return _answer(503, {"status": "unavailable", "reason": "the database lacks this version's tables"})
    return _answer(200, {"status": "ready"})


def _answer(status: int, body: dict[str, str]) -> HttpResponse:
    return HttpResponse(encode(body), content_type="application/json", status=status, headers={"Cache-Control": "no-store"})
