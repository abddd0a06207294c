"""The tables of the catalogue: one for each thing that has an id upstream, one file a family.

Only `catalogue.actions` changes their rows. The names are the catalogue's own; shapes declare how a row is shown on the wire.
The families are imported here so that Django finds them; import models from their family.
"""

from launchledger.catalogue.models import (
    agencies,
    astronauts,
    clock,
    events,
    facts,
    history,
    launchers,
    launches,
    links,
    overrides,
    programs,
    spacecraft,
    stations,
    texts,
)

__all__ = [
    "agencies",
    "astronauts",
    "clock",
    "events",
    "facts",
    "history",
    "launchers",
    "launches",
    "links",
    "overrides",
    "programs",
    "spacecraft",
    "stations",
    "texts",
]
