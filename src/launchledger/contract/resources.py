"""The resources of version 2.2.0: what stands at each path, in which shapes, in which order.

Evidence for each line is in the contract ("Endpoints", "Which serializer where"). Where upstream's default order is unknown, the
key's order is taken; every order is completed by the key, so that pages never repeat or skip a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from launchledger.contract.fields import Kind
from launchledger.contract.shapes import SHAPES

NORMAL, LIST, DETAILED = "normal", "list", "detailed"
LAUNCH_LIST = "launchlist"

When = Literal["", "upcoming", "previous"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One path below the version, its list and its detail.

    `modes` maps each mode to the shape of a list's items, normal first; a detail always has the shape `detail`, whatever the
    mode. `description` says for people what it holds. `detail_modes` are the few other shapes that a detail can be asked for in.

    `moment` names the column that tells when it happens; with `when`, the resource is the part of `whole` that is upcoming or
    previous by it, in the list and in the detail.
    """

    path: str
    summary: str
    description: str
    detail: str
    modes: dict[str, str]
    order: tuple[str, ...] = ("id",)
    moment: str = ""
    when: When = ""
    detail_modes: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        """The path of the resource that this one is a part of; its own if it is none."""
        return self.path.removesuffix(f"/{self.when}") if self.when else self.path

    @property
    def model(self) -> str:
        return SHAPES[self.detail].model

    def shape_in(self, mode: str) -> str:
        """The shape of a list's items in this mode; a word that is no mode of the resource means normal."""
        return self.modes.get(mode, self.modes[NORMAL])

    @property
    def tag(self) -> str:
        return self.path.split("/", maxsplit=1)[0]

    @property
    def name(self) -> str:
        """The path as one word: the beginning of operation ids, and what a file of its replies may be called."""
        return self.path.replace("/", "_")

    @property
    def is_choice_list(self) -> bool:
        """Whether it is a short list of values under `config/`, which hardly ever changes."""
        return self.tag == "config" and len(self.modes) == 1

    @property
    def has_text_id(self) -> bool:
        return next(field.kind for field in SHAPES[self.detail].fields if field.key == "id") is Kind.TEXT


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


def _with_parts(whole: Resource, upcoming: str, previous: str) -> tuple[Resource, ...]:
    """A resource with its two parts. Both hold what the last 24 hours brought (contract, "What those do")."""
    moment, path = whole.moment, whole.path
    return (
        whole,
        replace(whole, path=f"{path}/upcoming", summary=upcoming, order=(moment, "id"), when="upcoming"),
        replace(whole, path=f"{path}/previous", summary=previous, order=(f"-{moment}", "id"), when="previous"),
    )


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
        detail_modes={LAUNCH_LIST: "AstronautDetailedLaunchList"},
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
    *_with_parts(
        Resource(
            "event",
            "Events",
            "What happens in spaceflight besides launches.",
            "Events",
            {NORMAL: "Events"},
            order=("name",),
            moment="date",
        ),
        "Events not older than 24 h",
        "Past events",
    ),
    Resource(
        "expedition",
        "Expeditions",
        "Crews of space stations, from the day one takes over to the day it leaves.",
        "ExpeditionDetail",
        {NORMAL: "Expedition", DETAILED: "ExpeditionDetail"},
    ),
    *_with_parts(
        Resource(
            "launch",
            "Launches",
            "Launches, flown and planned, by their net: the moment before which a launch will not take place.",
            "LaunchDetailed",
            {NORMAL: "LaunchSerializerCommon", LIST: "LaunchList", DETAILED: "LaunchDetailed"},
            order=("net", "id"),
            moment="net",
        ),
        "Launches not older than 24 h",
        "Launches whose net is past",
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
        order=("-created_on", "-id"),
    ),
)

RESOURCES: dict[str, Resource] = {resource.path: resource for resource in _ALL}

DASHBOARD = "dashboard/starship"

MODEL_OF_PATH: dict[str, str] = {path: resource.model for path, resource in RESOURCES.items()} | {DASHBOARD: "StarshipDashboard"}
"""What a reply of each path is made of; also of the paths that replies may come from but that are not served yet."""

RESOURCE_OF_MODEL: dict[str, str] = {model: path for path, model in reversed(MODEL_OF_PATH.items())}
