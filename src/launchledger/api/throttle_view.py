"""`api-throttle/`: how much of the allowance is used. Not counted itself.

Upstream shows an address, or the key itself, as `ident`. Ours shows the key's name, because replies end up in logs. A caller
without a limit gets the largest number that every client can read, because clients compute the calls that are left.
"""

from __future__ import annotations

import math

from rest_framework.request import Request
from rest_framework.response import Response

from launchledger import clock
from launchledger.access.counting import Use, use
from launchledger.api.methods import ReadView
from launchledger.api.throttling import allowance
from launchledger.conf.rates import Rate

WITHOUT_LIMIT = Rate(2**31 - 1, 3600)

_TYPES = {
    "your_request_limit": "integer",
    "limit_frequency_secs": "integer",
    "current_use": "integer",
    "next_use_secs": "integer",
    "ident": "string",
}
SCHEMA = {"type": "object", "properties": {key: {"type": kind} for key, kind in _TYPES.items()}, "required": list(_TYPES)}


class ThrottleView(ReadView):
    """How often you may call, and how often you have."""

    throttle_classes = []

    def get_view_name(self) -> str:
        return "Throttle"

    def get(self, request: Request, format: str | None = None) -> Response:
        ident, name, rate = allowance(request)
        used = Use(0, 0.0) if rate is None else use(ident, rate, clock.timestamp())
        limit = rate or WITHOUT_LIMIT
        values = (limit.calls, limit.seconds, used.calls, math.ceil(used.wait), name)
        return Response(dict(zip(_TYPES, values, strict=True)), headers={"Cache-Control": "no-store"})
