"""The columns of `search` and of `ordering`, for each resource for which they are known (contract, "Endpoints")."""

# A whole (`launch`) and its parts (`launch/upcoming`) have the same.
ORDERING: dict[str, tuple[str, ...]] = {
    path: tuple(names.split())
    for path, names in {
        "agencies": "id name featured",
        "astronaut": "name status date_of_birth",
        "config/launcher": "name launch_mass leo_capacity gto_capacity launch_cost",
        "config/spacecraft": "name",
        "docking_event": "id docking departure",
        "event": "date last_updated",
        "expedition": "id start end",
        "launch": "id name net last_updated",
        "launcher": "id flight_proven",
        "mission_patch": "id name agency__name priority",
        "spacecraft": "id time_in_space time_docked flights_count mission_ends_count",
        "spacestation": "id name status type founded volume",
        "updates": "created_on",
    }.items()
}

NOT_SEARCHED = frozenset({"spacecraft/flight"})

SEARCH: dict[str, tuple[str, ...]] = {
    "agencies": ("^name",),
    "astronaut": ("name", "nationality", "agency__name", "agency__abbrev"),
    "config/launcher": ("^name", "^manufacturer__name", "^full_name", "^description"),
    "config/spacecraft": ("name", "agency__name"),
    "docking_event": ("space_station__name", "flight_vehicle__spacecraft__name"),
    "event": ("name",),
    "expedition": (
        "^name",
        "^crew__member__astronaut__name",
        "^crew__member__astronaut__agency__name",
        "^crew__member__astronaut__agency__abbrev",
        "^crew__member__astronaut__nationality",
    ),
    "launch": (
        "name",
        "configuration__name",
        "configuration__manufacturer__name",
        "configuration__manufacturer__abbrev",
        "launch_service_provider__name",
        "mission__name",
        "pad__location__name",
        "pad__name",
        "spacecraft_stage__spacecraft__name",
    ),
    "launcher": ("^serial_number", "^status"),
    "spacecraft": ("name", "spacecraft_config__name"),
    "spacestation": ("name", "owners__member__name", "owners__member__abbrev"),
}
