"""Astronauts, and the places they take in crews."""

from django.db import models

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import CompletedLink, Link, Observed


class AstronautRole(Observed):
    kind = "AstronautRole"
    id = column.key()
    role = column.text("")
    priority = column.integer(0)


class AstronautStatus(Observed):
    kind = "AstronautStatus"
    id = column.key()
    name = column.text("")


class AstronautType(Observed):
    kind = "AstronautType"
    id = column.key()
    name = column.text("")


class Astronaut(Observed):
    kind = "Astronaut"
    watched = ("status",)
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    status = column.one(AstronautStatus)
    agency = column.one("Agency")
    agency_name = column.text()  # the name that mode=list shows without the agency (docs/adr/0017)
    profile_image = column.text()
    profile_image_thumbnail = column.text()
    picture = column.one("Image", db_index=False)
    picture_text = column.text()
    type = column.one(AstronautType)
    in_space = column.boolean(False)
    time_in_space = column.duration(column.NO_TIME)
    time_in_space_since = column.since()
    eva_time = column.duration(column.NO_TIME)
    age = column.integer()
    date_of_birth = column.date()
    date_of_death = column.date()
    nationality = column.text("")
    countries_text = column.text()
    twitter = column.text()
    instagram = column.text()
    bio = column.text("")
    wiki = column.text()
    flights_count = column.integer()
    landings_count = column.integer()
    spacewalks_count = column.integer()
    last_flight = column.date_time()
    first_flight = column.date_time()
    computed = column.computed()

    class Meta:
        indexes = [*Observed.Meta.indexes, models.Index(fields=["name_key", "id"], name="astronaut_name")]


class AstronautFlight(Observed):
    kind = "AstronautFlight"
    id = column.key()
    role = column.one(AstronautRole)
    astronaut = column.one(Astronaut)


class AstronautCountriesLink(Link):
    owner = column.owner(Astronaut, listed_as="countries")
    member = column.member("Country")


class AstronautFlightsLink(CompletedLink):
    owner = column.owner(Astronaut, listed_as="flights")
    member = column.member("Launch")


class AstronautLandingsLink(CompletedLink):
    owner = column.owner(Astronaut, listed_as="landings")
    member = column.member("SpacecraftFlight")


class AstronautSpacewalksLink(CompletedLink):
    owner = column.owner(Astronaut, listed_as="spacewalks")
    member = column.member("Spacewalk")
