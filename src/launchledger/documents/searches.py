"""The searches of a version of the wire, declared to the catalogue, which stores texts for them."""

from __future__ import annotations

from launchledger.catalogue.queries.texts import declare_search
from launchledger.wire.wire import Wire


def declare_searches(wire: Wire) -> None:
    """Declare which columns each resource searches; parts such as `launch/upcoming` search like their whole."""
    for resource in wire.resources.values():
        if resource.search and not resource.when:
            declare_search(f"{wire.version}/{resource.path}", resource.model, resource.search)
