"""Version 2.2.0 of the wire, as the contract describes it."""

from launchledger.wire.resources import DETAILED, LIST, NORMAL
from launchledger.wire.v2_2_0.resources import DASHBOARD, RESOURCES
from launchledger.wire.v2_2_0.shapes import SHAPES
from launchledger.wire.wire import Page, Wire

_DASHBOARD = Page(
    SHAPES["StarshipDashboard"],
    "Choice list: starship",  # as the contract has it; client generators make names of such texts
    "The Starship program: updates, launches and events, closures, notices, vehicles and orbiters.",
    (LIST, NORMAL, DETAILED),
)

WIRE = Wire("2.2.0", ("2.0.0", "2.1.0", "2.2.0"), SHAPES, RESOURCES, {DASHBOARD: _DASHBOARD})
