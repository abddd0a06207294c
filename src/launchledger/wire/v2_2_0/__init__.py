"""Version 2.2.0 of the wire, as the contract describes it."""

from launchledger.wire.v2_2_0.resources import DASHBOARD, RESOURCES
from launchledger.wire.v2_2_0.shapes import SHAPES
from launchledger.wire.wire import Wire

WIRE = Wire("2.2.0", ("2.0.0", "2.1.0", "2.2.0"), SHAPES, RESOURCES, {DASHBOARD: SHAPES["StarshipDashboard"]})
