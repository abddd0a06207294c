"""The OpenAPI document of a version as this server serves it: that of the wire, with the allowance of a caller and keys."""

from __future__ import annotations

from typing import Any

from launchledger.api import throttle_view
from launchledger.api.throttling import PATH as THROTTLE
from launchledger.wire.openapi import FORMAT, document, refusals, reply
from launchledger.wire.schemas import reference
from launchledger.wire.wire import Wire

Json = dict[str, Any]

_KEYS = {
    "tokenAuth": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The word Token, a space, the key. May be left out; with a key other rates hold.",
    }
}


def served_document(wire: Wire) -> Json:
    """Everything below the root of a version. Says, as the contract does, that a key may be sent and need not be."""
    made = document(wire, {f"{THROTTLE}/": _throttle()}, {"APIThrottle": throttle_view.SCHEMA})
    made["components"]["securitySchemes"] = _KEYS
    return {**made, "security": [{}, {"tokenAuth": []}]}


def _throttle() -> Json:
    return {
        "operationId": "api_throttle_retrieve",
        "summary": "The caller's own rate-limit state; does not count as a call",
        "tags": [THROTTLE],
        "parameters": [FORMAT],
        "responses": {"200": reply(reference("APIThrottle")), **refusals()},
    }
