"""The Starship dashboard: one page without an id, computed from the catalogue.

Promises: a reply shows one snapshot of the catalogue. `mode` is accepted and changes nothing: its effect upstream is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from launchledger import clock
from launchledger.api.methods import ReadView
from launchledger.api.urls_in_bodies import address_for
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.queries.starship import Key, dashboard_keys, next_change
from launchledger.documents.freshness import END_OF_CALENDAR, expires_at, is_recorded
from launchledger.documents.renderer import Address
from launchledger.documents.rendering import render
from launchledger.wire.fields import Kind, Shape
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.resources import DASHBOARD

SHAPE = WIRE.pages[DASHBOARD].shape
KEY = 1  # of the one row with what only a dashboard contains (its live streams)


class DashboardView(ReadView):
    """The Starship program at a glance: news, what is next and what was, and the vehicles."""

    def get_view_name(self) -> str:
        return "Starship dashboard"

    def get(self, request: Request, format: str | None = None) -> Response:
        address = address_for(request, WIRE.version, format)
        now = clock.now()
        with snapshot():
            if is_recorded():
                change = next_change(now)
                expires_at(change.timestamp() if change else END_OF_CALENDAR)
            stored = next(iter(render(SHAPE, [KEY], address)), {})
            return Response(_filled(SHAPE, "", stored, dashboard_keys(now), address))


def _filled(
    shape: Shape, path: str, stored: Mapping[str, Any], keys: Mapping[str, list[Key]], address: Address
) -> dict[str, Any]:
    """An object in the order of its shape: queried lists from their keys, the others as they are stored."""
    body: dict[str, Any] = {}
    for field in shape.fields:
        within = f"{path}{field.key}"
        if field.kind is Kind.PART:
            body[field.key] = _filled(shape.nested(field), f"{within}.", {}, keys, address)
        elif field.queried:
            body[field.key] = render(shape.nested(field), keys[within], address)
        else:
            body[field.key] = stored.get(field.key, [])
    return body
