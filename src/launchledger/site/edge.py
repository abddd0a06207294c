"""The cache of replies and the fast path, set up from the settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.conf import settings

from launchledger import clock
from launchledger.access.counting import take
from launchledger.api.document import PATH as SCHEMA
from launchledger.api.document import requested_format
from launchledger.api.fast_path import answer
from launchledger.api.throttling import COUNTED, allowance_of, is_counted
from launchledger.catalogue.queries.limits import limited
from launchledger.catalogue.queries.listing import PART as LISTS
from launchledger.http_cache.edge import Application, Edge, FastPath
from launchledger.http_cache.responses import Responses
from launchledger.http_cache.revision import Revision
from launchledger.http_cache.state import state
from launchledger.site.proxies import apply_proxy_headers

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def compose(django: Application, clock: Callable[[], float] = time.monotonic, fast_path: FastPath | None = answer) -> Edge:
    """Put the cache of replies and the fast path in front of Django, as the settings say.

    `clock` returns seconds; it decides when to check again whether the catalogue has changed.
    """
    trusted, prefix = settings.TRUSTED_PROXIES, settings.PATH_PREFIX
    return Edge(
        _limited(django),
        Responses(settings.RESPONSE_CACHE_BYTES - settings.RESPONSE_CACHE_BYTES // LISTS),
        Revision(state, clock),
        settings.MAX_AGES,
        apply_proxy_headers=partial(apply_proxy_headers, trusted=trusted, prefix=prefix) if trusted or prefix else None,
        may_call=_may_call if settings.THROTTLE_ANONYMOUS is not None else None,
        fast_path=_limited(fast_path) if fast_path else None,
        query_normalizers={SCHEMA: requested_format},
        surrogate_keys=settings.SURROGATE_KEYS,
    )


def _limited(way: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The same function, in which no statement takes longer than LAUNCHLEDGER_STATEMENT_TIMEOUT_MS."""
    seconds = settings.STATEMENT_TIMEOUT

    def within_the_limit(*given: Given.args, **named: Given.kwargs) -> Answer:
        with limited(seconds):
            return way(*given, **named)

    return within_the_limit


def _may_call(environ: dict[str, Any]) -> bool:
    """Count a call without a key, if its path counts, and record how long it must wait. One that must wait is not counted."""
    if not is_counted(environ["PATH_INFO"]):
        return True
    ident, _, rate = allowance_of(None, environ.get("REMOTE_ADDR", ""))
    environ[COUNTED] = 0.0 if rate is None else take(ident, rate, clock.timestamp())
    return bool(environ[COUNTED] <= 0)
