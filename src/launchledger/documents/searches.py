"""The searches of a version of the wire, for the texts that the catalogue stores for them."""

from __future__ import annotations

from launchledger.catalogue.queries.texts import declare_search
from launchledger.wire.wire import Wire


def declare_searches(wire: Wire) -> None:
    """Declare where each resource of a version is searched; parts such as `launch/upcoming` are searched like their whole."""
    for resource in wire.resources.values():
        if resource.search and not resource.when:
            declare_search(f"{wire.version}/{resource.path}", resource.model, resource.search)
