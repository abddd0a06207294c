"""`/ledger/status/`: the status of the mirror as JSON.

Promises: it is read from the database at most once in CACHED_FOR seconds by each worker, however often and by how many callers it
is asked for. Everyone may read it, so it does not tell the name of the machine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse

from launchledger import clock
from launchledger.database.files import Identity
from launchledger.database.following import follow
from launchledger.ops.answers import answer, probe
from launchledger.sync.status import as_json, status

CACHED_FOR = 10.0  # seconds


@dataclass(slots=True)
class _Cached:
    """The last status, of which file it is, and until when it may be used."""

    body: dict[str, Any]
    file: Identity | None
    until: float


_lock = Lock()
_last: _Cached | None = None


@probe
def mirror_status(request: HttpRequest) -> HttpResponse:
    """The [status of the mirror](status.md) as JSON: what is stored of each list and how old it is, and what comes next."""
    return answer(200, _status())


def forget_status() -> None:
    """Read the status from the database at the next request."""
    global _last
    _last = None


def _status() -> dict[str, Any]:
    """The status, not older than CACHED_FOR. One thread reads it, and the others wait for it."""
    global _last
    file = follow()
    with _lock:
        if _last is None or _last.file != file or time.monotonic() >= _last.until:
            body = as_json(status(clock.now()), with_holder=False)
            _last = _Cached(body, file, time.monotonic() + CACHED_FOR)
        return _last.body
