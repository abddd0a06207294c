"""The resources of version 2.2.0: what stands at each path, in which shapes, in which order.

Evidence for each line is in the contract ("Endpoints", "Which serializer where"). Where upstream's default order is unknown, the
key's order is taken; every order is completed by the key, so that pages never repeat or skip a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from launchledger.contract.fields import Kind
from launchledger.contract.shapes import SHAPES

NORMAL, LIST, DETAILED = "normal", "list", "detailed"


@dataclass(frozen=True, slots=True)
class Resource:
    """One path below the version, its list and its detail.

    `modes` maps each mode to the shape of a list's items, normal first; a detail always has the shape `detail`, whatever the
    mode. `description` says for people what it holds. A row whose column `known_by` was never seen is one that others only named:
    it has a detail, and no place in the list.
    """

    path: str
    summary: str
    description: str
    detail: str
    modes: dict[str, str]
    order: tuple[str, ...] = ("id",)
    known_by: str = ""

    @property
    def model(self) -> str:
        return SHAPES[self.detail].model

    @property
    def tag(self) -> str:
        return self.path.split("/", maxsplit=1)[0]

    @property
    def name(self) -> str:
        """The path as one word: the beginning of operation ids, and what a file of its replies may be called."""
        return self.path.replace("/", "_")

    @property
    def has_text_id(self) -> bool:
        return any(field.key == "id" and field.kind is Kind.TEXT for field in SHAPES[self.detail].fields)


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

_ALL = (
    Resource(
        "agencies",
        "Agencies",
        "Space agencies, companies and everyone else who builds, launches or flies.",
        "AgencySerializerDetailed",
        {NORMAL: "Agency", DETAILED: "AgencySerializerDetailed"},
        order=("name",),
    ),
    Resource(
        "astronaut",
        "Astronauts",
        "People who flew, will fly or trained to fly, with their flights and landings in the detail.",
        "AstronautDetailed",
        {NORMAL: "AstronautNormal", LIST: "AstronautList", DETAILED: "AstronautDetailed"},
    ),
    *(
        Resource(f"config/{name}", f"Choice list: {name}", f"The values that {name} may have elsewhere.", shape, {NORMAL: shape})
        for name, shape in _CHOICES.items()
    ),
    Resource(
        "config/launcher",
        "Launcher configurations",
        "Types of launcher, each with its measures and its record so far.",
        "LauncherConfigDetail",
        {NORMAL: "LauncherConfig", LIST: "LauncherConfigList", DETAILED: "LauncherConfigDetail"},
        order=("name",),
    ),
    Resource(
        "config/spacecraft",
        "Spacecraft configurations",
        "Types of spacecraft, each with its measures and what it was made for.",
        "SpacecraftConfigurationDetail",
        {NORMAL: "SpacecraftConfiguration", DETAILED: "SpacecraftConfigurationDetail"},
        order=("name",),
    ),
    Resource(
        "docking_event",
        "Docking events",
        "Dockings of spacecraft at stations, from docking to departure.",
        "DockingEventDetailed",
        {NORMAL: "DockingEvent", DETAILED: "DockingEventDetailed"},
    ),
    Resource("event", "Events", "What happens in spaceflight besides launches.", "Events", {NORMAL: "Events"}),
    Resource(
        "expedition",
        "Expeditions",
        "Crews of space stations, from the day one takes over to the day it leaves.",
        "ExpeditionDetail",
        {NORMAL: "Expedition", DETAILED: "ExpeditionDetail"},
    ),
    Resource(
        "launch",
        "Launches",
        "Launches, flown and planned, by their net: the moment before which a launch will not take place.",
        "LaunchDetailed",
        {NORMAL: "LaunchSerializerCommon", LIST: "LaunchList", DETAILED: "LaunchDetailed"},
        order=("net", "id"),
        known_by="status",
    ),
    Resource(
        "launcher",
        "Individual reusable first stages",
        "Launchers that fly more than once, by their serial numbers.",
        "LauncherDetail",
        {NORMAL: "Launcher", DETAILED: "LauncherDetail"},
        order=("serial_number",),
    ),
    Resource(
        "location",
        "Launch locations",
        "Places that launches leave from, with their pads in the detail.",
        "LocationDetail",
        {NORMAL: "Location"},
    ),
    Resource(
        "mission_patch",
        "Mission patches",
        "Patches of missions, programs and expeditions.",
        "MissionPatch",
        {NORMAL: "MissionPatch"},
    ),
    Resource("pad", "Launch pads", "Pads at launch locations.", "Pad", {NORMAL: "Pad"}),
    Resource(
        "program",
        "Programs",
        "Programs that launches and events belong to, and the agencies behind them.",
        "Program",
        {NORMAL: "Program"},
    ),
    Resource(
        "spacecraft",
        "Individual spacecraft",
        "Single spacecraft, with all their flights in the detail.",
        "SpacecraftDetailed",
        {NORMAL: "Spacecraft", DETAILED: "SpacecraftDetailed"},
    ),
    Resource(
        "spacecraft/flight",
        "Flights of individual spacecraft",
        "Flights of single spacecraft: with crews, launch, landing and dockings in the detail.",
        "SpacecraftFlightDetailed",
        {NORMAL: "SpacecraftFlight", DETAILED: "SpacecraftFlightDetailed"},
    ),
    Resource(
        "spacestation",
        "Space stations",
        "Space stations, with who is aboard and what is docked in the detail.",
        "SpaceStationDetailed",
        {NORMAL: "SpaceStation", DETAILED: "SpaceStationDetailed"},
    ),
    Resource(
        "spacewalks",
        "Spacewalks",
        "Walks outside a spacecraft or station, and who made them.",
        "SpacewalkDetailed",
        {NORMAL: "SpacewalkNormal"},
    ),
    Resource(
        "updates",
        "News updates",
        "Short notes on what changed about launches, events and programs.",
        "Update",
        {NORMAL: "Update"},
    ),
)

RESOURCES: dict[str, Resource] = {resource.path: resource for resource in _ALL}

DASHBOARD = "dashboard/starship"

MODEL_OF_PATH: dict[str, str] = {path: resource.model for path, resource in RESOURCES.items()} | {DASHBOARD: "StarshipDashboard"}
"""What a reply of each path is made of; also of the paths that replies may come from but that are not served yet."""

RESOURCE_OF_MODEL: dict[str, str] = {model: path for path, model in reversed(MODEL_OF_PATH.items())}
