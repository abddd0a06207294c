"""Launches with their missions, pads and locations.

The rocket of a launch is a part of the launch's row (docs/adr/0004)."""

from django.db import models
from django.db.models import Q

from launchledger.catalogue.models import column
from launchledger.catalogue.models.base import Link, Observed
from launchledger.catalogue.models.listed import INCOMPLETE, LISTED, listed_column


class LaunchStatus(Observed):
    kind = "LaunchStatus"
    id = column.key()
    name = column.text("")
    abbrev = column.text("")
    description = column.text("")


class NetPrecision(Observed):
    kind = "NetPrecision"
    id = column.key()
    name = column.text("")
    abbrev = column.text("")
    description = column.text("")


class MissionType(Observed):
    kind = "MissionType"
    id = column.key()
    name = column.text("")


class Orbit(Observed):
    kind = "Orbit"
    id = column.key()
    name = column.text("")
    abbrev = column.text("")


class Location(Observed):
    kind = "Location"
    id = column.key()
    name = column.text("")
    name_key = column.sort_key_of_name()
    country_code = column.text("")
    description = column.text()
    map_image = column.text()
    timezone_name = column.text("")
    total_launch_count = column.integer()
    total_landing_count = column.integer()
    computed = column.computed()


class Pad(Observed):
    kind = "Pad"
    id = column.key()
    agency_id = column.integer()
    name = column.text("")
    name_key = column.sort_key_of_name()
    description = column.text()
    info_url = column.text()
    wiki_url = column.text()
    map_url = column.text()
    latitude = column.text()
    longitude = column.text()
    location = column.one(Location, listed_as="pads")
    location_position = column.position()
    country_code = column.text("")
    map_image = column.text()
    total_launch_count = column.integer()
    orbital_launch_attempt_count = column.integer()
    computed = column.computed()


class Mission(Observed):
    kind = "Mission"
    id = column.key()
    name = column.text("")
    description = column.text("")
    launch_designator = column.text()
    type = column.text("")
    orbit = column.one(Orbit)


class Launch(Observed):
    kind = "Launch"
    watched = ("net", "net_precision", "status", "window_start", "window_end")
    id = column.uuid()
    slug = column.text("")
    flightclub_url = column.text()
    r_spacex_api_id = column.text()
    name = column.text("")
    name_key = column.sort_key_of_name()
    status = column.one(LaunchStatus, db_index=False)
    last_updated = column.date_time()
    net = column.date_time()
    net_precision = column.one(NetPrecision)
    window_end = column.date_time()
    window_start = column.date_time()
    probability = column.integer()
    weather_concerns = column.text()
    holdreason = column.text()
    failreason = column.text()
    hashtag = column.text()
    launch_service_provider = column.one("Agency", db_index=False)
    mission = column.one(Mission)
    pad = column.one(Pad, db_index=False)
    webcast_live = column.boolean(False)
    image = column.text()
    picture = column.one("Image", db_index=False)
    picture_text = column.text()
    infographic = column.text()
    orbital_launch_attempt_count = column.integer()
    location_launch_attempt_count = column.integer()
    pad_launch_attempt_count = column.integer()
    agency_launch_attempt_count = column.integer()
    orbital_launch_attempt_count_year = column.integer()
    location_launch_attempt_count_year = column.integer()
    pad_launch_attempt_count_year = column.integer()
    agency_launch_attempt_count_year = column.integer()
    pad_turnaround = column.duration()
    rocket_key = column.integer()
    configuration = column.one("LauncherConfiguration", db_index=False)
    # Names that mode=list shows without their objects, until the relation itself is observed (docs/adr/0017).
    lsp_name = column.text()
    mission_name = column.text()
    mission_type = column.text()
    pad_name = column.text()
    location_name = column.text()
    listed = listed_column()
    ranks_computed = column.computed()
    turnaround_computed = column.computed()

    class Meta:
        # PostgreSQL has more, for descending orders (see the migration).
        indexes = [
            *Observed.Meta.indexes,
            models.Index(fields=["net", "id", "listed"], condition=LISTED, name="launch_net"),
            models.Index(fields=["last_updated", "id", "listed"], condition=LISTED, name="launch_updated"),
            models.Index(fields=["name_key", "id", "listed"], condition=LISTED, name="launch_name"),
            models.Index(fields=["launch_service_provider", "net", "id", "listed"], condition=LISTED, name="launch_provider"),
            models.Index(fields=["pad", "net", "id", "listed"], condition=LISTED, name="launch_pad"),
            models.Index(fields=["status", "net", "id", "listed"], condition=LISTED, name="launch_status"),
            models.Index(fields=["configuration", "net", "id", "listed"], condition=LISTED, name="launch_configuration"),
            models.Index(fields=["id"], condition=INCOMPLETE, name="launch_incomplete"),
            models.Index(fields=["net"], condition=Q(ranks_computed=True), name="launch_ranks_computed"),
            models.Index(fields=["pad", "net"], condition=Q(turnaround_computed=True), name="launch_turnaround_computed"),
            models.Index(fields=["slug"], name="launch_slug"),
        ]


class MissionAgenciesLink(Link):
    owner = column.owner(Mission, listed_as="agencies")
    member = column.member("Agency")


class LaunchProgramLink(Link):
    owner = column.owner(Launch, listed_as="program")
    member = column.member("Program")


class LaunchMissionPatchesLink(Link):
    owner = column.owner(Launch, listed_as="mission_patches")
    member = column.member("MissionPatch")
