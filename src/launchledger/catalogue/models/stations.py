"""Space stations, their ports, and what happens at them: dockings, expeditions, spacewalks."""

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import CompletedLink, Link, Observed


class SpaceStationStatus(Observed):
    kind = "SpaceStationStatus"
    id = column.key()
    name = column.text("")


class SpaceStationType(Observed):
    kind = "SpaceStationType"
    id = column.key()
    name = column.text("")


class SpaceStation(Observed):
    kind = "SpaceStation"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    status = column.one(SpaceStationStatus)
    type = column.one(SpaceStationType)
    founded = column.date()
    deorbited = column.date()
    description = column.text("")
    orbit = column.text("")
    image_url = column.text()
    height = column.number()
    width = column.number()
    mass = column.number()
    volume = column.integer()
    onboard_crew = column.integer()
    docked_vehicles = column.integer()
    computed = column.computed()


class DockingLocation(Observed):
    kind = "DockingLocation"
    id = column.key()
    name = column.text("")
    spacestation = column.one(SpaceStation, listed_as="docking_location")
    spacestation_position = column.position()
    docked = column.one("DockingEvent")
    computed = column.computed()


class DockingEvent(Observed):
    kind = "DockingEvent"
    watched = ("docking", "departure")
    id = column.key()
    docking = column.date_time(db_index=True)
    departure = column.date_time(db_index=True)
    flight_vehicle = column.one("SpacecraftFlight", listed_as="docking_events")
    flight_vehicle_position = column.position()
    docking_location = column.one(DockingLocation)
    space_station = column.one(SpaceStation)


class Expedition(Observed):
    kind = "Expedition"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    start = column.date_time(db_index=True)
    end = column.date_time(db_index=True)
    spacestation = column.one(SpaceStation)


class Spacewalk(Observed):
    kind = "Spacewalk"
    id = column.key()
    name = column.text("")
    start = column.date_time(db_index=True)
    end = column.date_time()
    duration = column.duration()
    location = column.text()
    spacestation = column.one(SpaceStation)
    expedition = column.one(Expedition, listed_as="spacewalks")
    expedition_position = column.position()
    spacecraft_flight = column.one("SpacecraftFlight")
    event = column.one("Event")
    computed = column.computed()


class SpaceStationOwnersLink(Link):
    owner = column.owner(SpaceStation, listed_as="owners")
    member = column.member("Agency")


class SpaceStationActiveExpeditionsLink(CompletedLink):
    owner = column.owner(SpaceStation, listed_as="active_expeditions")
    member = column.member("Expedition")


class ExpeditionMissionPatchesLink(Link):
    owner = column.owner(Expedition, listed_as="mission_patches")
    member = column.member("MissionPatch")


class ExpeditionCrewLink(Link):
    owner = column.owner(Expedition, listed_as="crew")
    member = column.member("AstronautFlight")


class SpacewalkCrewLink(Link):
    owner = column.owner(Spacewalk, listed_as="crew")
    member = column.member("AstronautFlight")


class SpacewalkProgramLink(Link):
    owner = column.owner(Spacewalk, listed_as="program")
    member = column.member("Program")
