"""Spacecraft, their configurations, their flights and landings."""

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Link, Observed


class SpacecraftStatus(Observed):
    kind = "SpacecraftStatus"
    id = column.key()
    name = column.text("")


class SpacecraftConfigurationType(Observed):
    kind = "SpacecraftConfigurationType"
    id = column.key()
    name = column.text("")


class SpacecraftConfiguration(Observed):
    kind = "SpacecraftConfiguration"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    type = column.one(SpacecraftConfigurationType)
    agency = column.one("Agency", listed_as="spacecraft_list")
    agency_position = column.position()
    in_use = column.boolean(False)
    image_url = column.text()
    capability = column.text("")
    maiden_flight = column.date()
    human_rated = column.boolean(False)
    crew_capacity = column.integer()
    nation_url = column.text()
    wiki_link = column.text("")
    info_link = column.text("")
    history = column.text("")
    details = column.text("")
    height = column.number()
    diameter = column.number()
    payload_capacity = column.integer()
    payload_return_capacity = column.integer()
    flight_life = column.text()


class Spacecraft(Observed):
    kind = "Spacecraft"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    serial_number = column.text()
    is_placeholder = column.boolean(False)
    in_space = column.boolean(False)
    time_in_space = column.duration(column.NO_TIME)
    time_in_space_since = column.since()
    time_docked = column.duration(column.NO_TIME)
    time_docked_since = column.since()
    flights_count = column.integer(0)
    mission_ends_count = column.integer()
    status = column.one(SpacecraftStatus)
    description = column.text("")
    spacecraft_config = column.one(SpacecraftConfiguration)
    computed = column.computed()


class SpacecraftFlight(Observed):
    kind = "SpacecraftFlight"
    watched = ("mission_end",)
    id = column.key()
    destination = column.text()
    mission_end = column.date_time(db_index=True)
    spacecraft = column.one(Spacecraft, listed_as="flights")
    spacecraft_position = column.position()
    launch = column.one("Launch", listed_as="spacecraft_stage")
    launch_position = column.position()
    landing = column.one("Landing")


class LandingType(Observed):
    kind = "LandingType"
    id = column.key()
    name = column.text("")
    abbrev = column.text("")
    description = column.text()


class LandingLocation(Observed):
    kind = "LandingLocation"
    id = column.key()
    name = column.text("")
    abbrev = column.text("")
    description = column.text()
    location = column.one("Location")
    successful_landings = column.integer()
    computed = column.computed()


class Landing(Observed):
    kind = "Landing"
    id = column.key()
    attempt = column.boolean(False)
    success = column.boolean()
    description = column.text("")
    downrange_distance = column.number()
    location = column.one(LandingLocation)
    type = column.one(LandingType)


class SpacecraftFlightLaunchCrewLink(Link):
    owner = column.owner(SpacecraftFlight, listed_as="launch_crew")
    member = column.member("AstronautFlight")


class SpacecraftFlightOnboardCrewLink(Link):
    owner = column.owner(SpacecraftFlight, listed_as="onboard_crew")
    member = column.member("AstronautFlight")


class SpacecraftFlightLandingCrewLink(Link):
    owner = column.owner(SpacecraftFlight, listed_as="landing_crew")
    member = column.member("AstronautFlight")
