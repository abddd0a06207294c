"""Proportions of upstream in 2026, about: numbers of rows, lengths of texts and lists, shares of nulls.

Lengths and shares were counted in replies of 2.2.0. A model or column that is not named here has the default, so that
later ones are filled as well.
"""

from __future__ import annotations

# Rows at scale 1. Astronauts' places in crews, landings and links follow from these.
ROWS = {"Launch": 7_500, "Mission": 7_500, "Update": 15_000, "Event": 900, "MissionPatch": 1_300, "FirstStage": 1_000}
ROWS |= {"SpacecraftFlight": 1_100, "Spacecraft": 700, "Astronaut": 850, "Agency": 350, "DockingEvent": 640, "Expedition": 220}
ROWS |= {"Spacewalk": 480, "LauncherConfiguration": 540, "Launcher": 250, "SpacecraftConfiguration": 50, "Pad": 250}
ROWS |= {"Location": 70, "LandingLocation": 40, "Notice": 60, "RoadClosure": 200}
# These do not grow with the catalogue.
FIXED_ROWS = {"Program": 38, "SpaceStation": 18, "DockingLocation": 70, "StarshipDashboard": 1}
CHOICES = 8  # rows of a choice list that is not named in VOCABULARIES
# Above this scale only these grow further.
MOSTLY_LAUNCHES_ABOVE = 10
STILL_GROWING = {"Launch", "Mission", "Update"}

AHEAD = 450  # launches whose net is ahead, at scale 1
CREWED = 0.45  # the share of flights that carry people
DOCKING = 0.55  # the share of flights that dock
CREW_SIZES = (1, 2, 2, 3, 3, 3, 4, 4, 7)

# Names that clients depend on; a launch's status decides which counts include it.
VOCABULARIES: dict[str, tuple[str, ...]] = {
    "LaunchStatus": (
        "Go for Launch",
        "To Be Determined",
        "Launch Successful",
        "Launch Failure",
        "On Hold",
        "Launch in Flight",
        "Launch was a Partial Failure",
        "To Be Confirmed",
    ),
    "AstronautStatus": ("Active", "Retired", "In-Training", "Lost In Flight", "Deceased"),
    "SpacecraftStatus": ("Active", "Retired", "Single Use", "Destroyed"),
    "NetPrecision": ("Second", "Minute", "Hour", "Morning", "Afternoon", "Day", "Week", "Month", "Quarter", "Year"),
    "AgencyType": ("Government", "Multinational", "Commercial", "Educational", "Private"),
}
SUCCESS, FAILURE, PARTIAL_FAILURE = 3, 4, 7
AHEAD_STATUSES = (1, 2, 2, 8)

# Mean length of texts in characters, by column or `Model.column`.
TEXT = 14
TEXTS = {"description": 320, "bio": 380, "comment": 60, "history": 340, "details": 420, "capability": 55, "image_url": 115}
TEXTS |= {
    "logo_url": 115,
    "nation_url": 115,
    "wiki_url": 50,
    "info_url": 60,
    "map_url": 50,
    "map_image": 104,
    "url": 60,
    "wiki": 46,
}
TEXTS |= {"image": 105, "infographic": 120, "profile_image": 112, "profile_image_thumbnail": 116, "feature_image": 115}
TEXTS |= {"news_url": 82, "video_url": 44, "wiki_link": 45, "info_link": 40, "launchers": 40, "weather_concerns": 45}
TEXTS |= {"LaunchStatus.description": 90, "NetPrecision.description": 42, "Pad.description": 130, "Landing.description": 75}
TEXTS |= {"Spacecraft.description": 62, "Launcher.details": 50, "SpaceStation.description": 540, "Program.description": 410}
TEXTS |= {"LandingType.description": 65, "LandingLocation.description": 60, "Update.info_url": 79, "country_code": 3, "abbrev": 5}
TEXTS |= {"Location.description": 326, "Agency.description": 400, "timezone_name": 16, "LaunchInfoURL.description": 220}
ADDRESSES = ("url", "image", "map_image", "infographic", "wiki", "wiki_link", "info_link", "profile_image_thumbnail")

# The share of nulls, by column or `Model.column`, where null is allowed at all; texts whose default is "" are never null.
NULL = 0.1
NULLS = {"flightclub_url": 0.95, "r_spacex_api_id": 1, "probability": 0.97, "weather_concerns": 0.98, "hashtag": 0.98}
NULLS |= {"infographic": 0.98, "launch_library_url": 1, "launch_designator": 0.99, "vehicle_range": 1, "apogee": 0.6}
NULLS |= {"end_date": 0.9, "date_of_death": 0.8, "twitter": 0.77, "instagram": 0.87, "parent": 0.96, "Pad.agency_id": 0.6}
NULLS |= {"Pad.description": 0.4, "Pad.info_url": 0.95, "holdreason": 0.9, "failreason": 0.93, "deorbited": 0.4, "image": 0.03}
NULLS |= {"name": 0, "program": 0, "net": 0, "status": 0, "type": 0, "configuration": 0, "pad": 0, "location": 0, "agency": 0}
NULLS |= {"launch_service_provider": 0, "orbit": 0.03, "spacecraft_config": 0, "astronaut": 0, "role": 0, "launch": 0}
NULLS |= {"last_updated": 0, "spacecraft": 0, "space_station": 0, "spacestation": 0, "docking_location": 0, "launcher_config": 0}
NULLS |= {"founded": 0, "start": 0, "docking": 0, "created_on": 0, "date": 0, "window_start": 0, "window_end": 0}
NULLS |= {"LandingLocation.location": 0.6, "LauncherConfiguration.manufacturer": 0.02, "map_image": 0, "image_url": 0.05}
NULLS |= {
    "payload_capacity": 0.5,
    "payload_return_capacity": 0.85,
    "gto_capacity": 0.7,
    "launch_cost": 0.7,
    "downrange_distance": 0.6,
}

# How long lists are: the share of owners with 0, 1, 2, … members, by the table that holds them.
LIST = (0.8, 0.15, 0.05)
LISTS: dict[str, tuple[float, ...]] = {
    "MissionAgenciesLink": (0.45, 0.47, 0.05, 0.03),
    "LaunchProgramLink": (0.88, 0.1, 0.02),
    "LaunchMissionPatchesLink": (0.9, 0.1),
    "LauncherConfigurationProgramLink": (0.9, 0.08, 0.02),
    "ProgramAgenciesLink": (0, 0.2, 0.2, 0.2, 0.2, 0.2),
    "ProgramMissionPatchesLink": (0.96, 0.02, 0.01, 0.01),
    "SpaceStationOwnersLink": (0, 0.75, 0.15, 0, 0, 0.1),
    "ExpeditionMissionPatchesLink": (0.6, 0.4),
    "EventLaunchesLink": (0.4, 0.6),
    "EventAgenciesLink": (0.3, 0.5, 0.2),
    "EventProgramLink": (0.35, 0.6, 0.05),
    "EventExpeditionsLink": (0.8, 0.15, 0.05),
    "EventSpacestationsLink": (0.6, 0.4),
    "SpacewalkProgramLink": (0.7, 0.3),
    "LaunchInfoURL": (0.94, 0.04, 0.02),
    "LaunchVidURL": (0.9, 0.08, 0.02),
    "MissionInfoURL": (0.99, 0.01),
    "MissionVidURL": (1.0,),
    "EventInfoURL": (0.8, 0.2),
    "EventVidURL": (0.8, 0.2),
    "TimelineEvent": (0.9, *[0.0] * 9, 0.04, *[0.0] * 4, 0.04, *[0.0] * 4, 0.02),
    "LiveStream": (0, 0, 1),
}

# The most frequent rows of a relation, by their ids; for other relations the first ones. Of 1,862 launches in saved replies 223
# name a program and 12 program 1, SpaceX Starship.
MOST_NAMED = {"LaunchProgramLink.member": (25, 11, 1)}


def rows_of(model: str, scale: float) -> int:
    """How many rows a table with ids has at a scale; a small part of 1 is for tests."""
    if model in VOCABULARIES:
        return len(VOCABULARIES[model])
    if model not in ROWS:
        return FIXED_ROWS.get(model, CHOICES)
    return round(ROWS[model] * (scale if model in STILL_GROWING else min(scale, MOSTLY_LAUNCHES_ABOVE)))
