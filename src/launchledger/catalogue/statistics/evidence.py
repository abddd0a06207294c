"""What the conditions in `flying` depend on, as paths (see `paths`) from the row in question."""

from __future__ import annotations

from launchledger.catalogue.statistics.paths import under

# Of a launch: whether it has flown.
FLOWN = ("status", "net@now", "net_precision")
LAUNCH_FLOWN = under("launch", *FLOWN)
# Of a flight: whether it has ended.
ENDED = ("mission_end@now", *LAUNCH_FLOWN)
_PERSON = ("date_of_death", "status", *under("flights", *FLOWN))
# Of a flight: whether it is in space. Once it has ended, what its spacecraft and its crews do later does not matter.
UP = (
    *ENDED,
    "landing.success",
    *under("?.spacecraft", "status", "is_placeholder", *under("SpacecraftFlight:spacecraft", *LAUNCH_FLOWN)),
    *under("?.launch_crew__astronaut", *_PERSON),
    *under("?.landing_crew__astronaut", *_PERSON),
)
# Of a station: whether it was deorbited.
DEORBITED = ("deorbited@now", "status")
# Of a docking: whether it has begun, and whether it lasts, or how long it lasted. Once it has ended, its station does not matter.
BEGUN = ("docking@now", *under("flight_vehicle", *LAUNCH_FLOWN))
LASTING = (
    *BEGUN,
    "departure@now",
    *under("flight_vehicle", *UP),
    *under("?.space_station", *DEORBITED),
    *under("?.docking_location__spacestation", *DEORBITED),
    *under("?.docking_location.DockingEvent:docking_location", *BEGUN),
    *under("?.flight_vehicle.DockingEvent:flight_vehicle", *BEGUN),
)
