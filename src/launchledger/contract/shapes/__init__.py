"""Every shape of version 2.2.0, by the schema name the contract gives it.

Shapes name each other as text, so families can stand in any order; a name that does not exist fails here, at import.
"""

from launchledger.contract.fields import Kind, Shape
from launchledger.contract.shapes import (
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

SHAPES: dict[str, Shape] = {shape.name: shape for family in FAMILIES for shape in family.SHAPES}

for _shape in SHAPES.values():
    for _field in _shape.fields:
        if _field.kind in (Kind.ONE, Kind.MANY, Kind.PART) and _field.shape not in SHAPES:
            raise LookupError(f"{_shape.name}.{_field.key} names the shape {_field.shape}, which does not exist")
