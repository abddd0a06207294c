"""The resources of version 2.2.0: the model of each path, its shapes and its order.

Evidence for each line is in the contract ("Endpoints", "Which serializer where"). Where upstream's default order is unknown, rows
are ordered by key; every order ends with the key, so that pages never repeat or skip a row.
"""

from __future__ import annotations

from typing import Any

from launchledger.wire.resources import DETAILED, LAUNCH_LIST, LIST, NORMAL, Resource, with_parts
from launchledger.wire.v2_2_0.filters import FILTERS
from launchledger.wire.v2_2_0.searching import NOT_SEARCHED, ORDERING, SEARCH
from launchledger.wire.v2_2_0.shapes import SHAPES

_CHOICES = {
    "agencytype": "AgencyType",
    "astronautrole": "AstronautRole",
    "astronautstatus": "AstronautStatus",
    "astronauttype": "AstronautType",
    "dockinglocation": "DockingLocation",
    "eventtype": "EventType",
    "firststagetype": "FirstStageType",
    "landinglocation": "LandingLocation",
    "landingtype": "LandingType",
    "launchstatus": "LaunchStatus",
    "missiontype": "MissionType",
    "netprecision": "NetPrecision",
    "noticetype": "NoticeType",
    "orbit": "Orbit",
    "roadclosurestatus": "RoadClosureStatus",
    "spacecraftstatus": "SpacecraftStatus",
    "spacestationstatus": "SpaceStationStatus",
}


def _resource(
    path: str,
    summary: str,
    description: str,
    detail: str,
    modes: dict[str, str],
    detail_modes: dict[str, str] | None = None,
    **more: Any,
) -> Resource:
    """A resource whose shapes are given by name; filters, search and ordering are looked up by its path."""
    return Resource(
        path,
        summary,
        description,
        SHAPES[detail],
        {mode: SHAPES[name] for mode, name in modes.items()},
        detail_modes={mode: SHAPES[name] for mode, name in (detail_modes or {}).items()},
        filters=FILTERS.get(path, ()),
        search=None if path in NOT_SEARCHED else SEARCH.get(path, ()),
        ordering=ORDERING.get(path, ()),
        **more,
    )


_ALL = (
    _resource(
        "agencies",
        "Agencies",
        "Space agencies, companies and everyone else who builds, launches or flies.",
        "AgencySerializerDetailed",
        {NORMAL: "Agency", DETAILED: "AgencySerializerDetailed"},
        order=("name",),
    ),
    _resource(
        "astronaut",
        "Astronauts",
        "People who flew, will fly or trained to fly, with their flights and landings in the detail.",
        "AstronautDetailed",
        {NORMAL: "AstronautNormal", LIST: "AstronautList", DETAILED: "AstronautDetailed"},
        detail_modes={LAUNCH_LIST: "AstronautDetailedLaunchList"},
    ),
    *(
        _resource(f"config/{name}", f"Choice list: {name}", f"The values that {name} may have elsewhere.", shape, {NORMAL: shape})
        for name, shape in _CHOICES.items()
    ),
    _resource(
        "config/launcher",
        "Launcher configurations",
        "Types of launcher, each with its measures and its record so far.",
        "LauncherConfigDetail",
        {NORMAL: "LauncherConfig", LIST: "LauncherConfigList", DETAILED: "LauncherConfigDetail"},
        order=("name",),
    ),
    _resource(
        "config/spacecraft",
        "Spacecraft configurations",
        "Types of spacecraft, each with its measures and what it was made for.",
        "SpacecraftConfigurationDetail",
        {NORMAL: "SpacecraftConfiguration", DETAILED: "SpacecraftConfigurationDetail"},
        order=("name",),
    ),
    _resource(
        "docking_event",
        "Docking events",
        "Dockings of spacecraft at stations, from docking to departure.",
        "DockingEventDetailed",
        {NORMAL: "DockingEvent", DETAILED: "DockingEventDetailed"},
    ),
    *with_parts(
        _resource(
            "event",
            "Events",
            "What happens in spaceflight besides launches.",
            "Events",
            {NORMAL: "Events"},
            order=("name",),
            time_column="date",
        ),
        "Events not older than 24 h",
        "Past events",
        "events_from_now",
    ),
    _resource(
        "expedition",
        "Expeditions",
        "Crews of space stations, from the day one takes over to the day it leaves.",
        "ExpeditionDetail",
        {NORMAL: "Expedition", DETAILED: "ExpeditionDetail"},
    ),
    *with_parts(
        _resource(
            "launch",
            "Launches",
            "Launches, flown and planned, by their net: the time before which a launch will not take place.",
            "LaunchDetailed",
            {NORMAL: "LaunchSerializerCommon", LIST: "LaunchList", DETAILED: "LaunchDetailed"},
            order=("net", "id"),
            time_column="net",
        ),
        "Launches not older than 24 h",
        "Launches whose net is past",
        "launches_from_now",
    ),
    _resource(
        "launcher",
        "Individual reusable first stages",
        "Launchers that fly more than once, by their serial numbers.",
        "LauncherDetail",
        {NORMAL: "Launcher", DETAILED: "LauncherDetail"},
        order=("serial_number",),
    ),
    _resource(
        "location",
        "Launch locations",
        "Places that launches leave from, with their pads in the detail.",
        "LocationDetail",
        {NORMAL: "Location"},
    ),
    _resource(
        "mission_patch",
        "Mission patches",
        "Patches of missions, programs and expeditions.",
        "MissionPatch",
        {NORMAL: "MissionPatch"},
    ),
    _resource("pad", "Launch pads", "Pads at launch locations.", "Pad", {NORMAL: "Pad"}),
    _resource(
        "program",
        "Programs",
        "Programs that launches and events belong to, and the agencies behind them.",
        "Program",
        {NORMAL: "Program"},
    ),
    _resource(
        "spacecraft",
        "Individual spacecraft",
        "Single spacecraft, with all their flights in the detail.",
        "SpacecraftDetailed",
        {NORMAL: "Spacecraft", DETAILED: "SpacecraftDetailed"},
    ),
    _resource(
        "spacecraft/flight",
        "Flights of individual spacecraft",
        "Flights of single spacecraft: with crews, launch, landing and dockings in the detail.",
        "SpacecraftFlightDetailed",
        {NORMAL: "SpacecraftFlight", DETAILED: "SpacecraftFlightDetailed"},
    ),
    _resource(
        "spacestation",
        "Space stations",
        "Space stations, with who is aboard and what is docked in the detail.",
        "SpaceStationDetailed",
        {NORMAL: "SpaceStation", DETAILED: "SpaceStationDetailed"},
    ),
    _resource(
        "spacewalks",
        "Spacewalks",
        "Walks outside a spacecraft or station, and who made them.",
        "SpacewalkDetailed",
        {NORMAL: "SpacewalkNormal"},
    ),
    _resource(
        "updates",
        "News updates",
        "Short notes on what changed about launches, events and programs.",
        "Update",
        {NORMAL: "Update"},
        order=("-created_on", "-id"),
    ),
)

DASHBOARD = "dashboard/starship"

RESOURCES: dict[str, Resource] = {resource.path: resource for resource in _ALL}
