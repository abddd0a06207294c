"""The OpenAPI document of a version as served: that of the wire, with `api-throttle/` and keys."""

from __future__ import annotations

from typing import Any

from launchledger.api import throttle_view
from launchledger.api.throttling import PATH as THROTTLE
from launchledger.wire.openapi import FORMAT, document, refusals, reply
from launchledger.wire.schemas import reference
from launchledger.wire.wire import Wire

Json = dict[str, Any]

KEYS = {
    "tokenAuth": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The word Token, a space, the key. May be left out; with a key other rates apply.",
    }
}


def served_document(wire: Wire) -> Json:
    """Everything below the root of a version. Authentication is optional, as in the contract."""
    described = document(wire, {f"{THROTTLE}/": _throttle()}, {"APIThrottle": throttle_view.SCHEMA})
    described["components"]["securitySchemes"] = KEYS
    return {**described, "security": [{}, {"tokenAuth": []}]}


def _throttle() -> Json:
    return {
        "operationId": "api_throttle_retrieve",
        "summary": "The caller's own rate-limit state; does not count as a call",
        "tags": [THROTTLE],
        "parameters": [FORMAT],
        "responses": {"200": reply(reference("APIThrottle")), **refusals()},
    }
