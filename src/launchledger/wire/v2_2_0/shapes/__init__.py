"""Every shape of version 2.2.0, by its schema name in the contract.

Shapes name each other as text, so families can stand in any order; a name that does not exist fails here, at import.
"""

from launchledger.wire.fields import shapes_of_version
from launchledger.wire.v2_2_0.shapes import (
    agencies,
    astronauts,
    choices,
    events,
    launchers,
    launches,
    programs,
    spacecraft,
    stations,
)

FAMILIES = (agencies, astronauts, choices, events, launchers, launches, programs, spacecraft, stations)

SHAPES = shapes_of_version("2.2.0", (shape for family in FAMILIES for shape in family.SHAPES))
