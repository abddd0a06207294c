"""A small part of version 2.3.0, declared as upstream shapes it: launches, agencies, astronauts and flights of spacecraft.

Facts that 2.2.0 shows as texts are objects here: the type and countries of an agency, nationalities, pictures; the flights of a
launch are a list. Keys that are left out are kept as not understood, and not shown. Evidence: the contract of 2.3.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from launchledger.catalogue.queries.texts import declared_searches
from launchledger.documents.searches import declare_searches
from launchledger.wire.fields import (
    Field,
    Shape,
    boolean,
    computed,
    date,
    date_time,
    duration,
    integer,
    many,
    name_of,
    one,
    part,
    shapes_of_version,
    text,
    url,
)
from launchledger.wire.filters import flags, ids, key, texts
from launchledger.wire.resources import DETAILED, LIST, NORMAL, Resource
from launchledger.wire.served import WIRES
from launchledger.wire.wire import Wire

_NORMAL = computed("response_mode", value="normal")
_LIST = computed("response_mode", value="list")
_DETAILED = computed("response_mode", value="detailed")

_TYPE = one("type", "AgencyType", column="agency_type", null=True, coarse={"type": "name"})
_COUNTRIES = many("country", "Country", column="countries", coarse={"country_code": "alpha_3_code"}, separator=",")
_AGENCY_MINI = (integer("id"), url("agencies"), text("name"), text("abbrev"), _TYPE)
_AGENCY = (
    *_AGENCY_MINI,
    boolean("featured"),
    _COUNTRIES,
    text("description", null=True),
    text("administrator", null=True),
    one("image", "Image", column="picture", null=True, coarse={"image_url": "image_url"}),
)
_COUNTS = tuple(
    integer(name, null=True)
    for name in (
        *("total_launch_count", "consecutive_successful_launches", "successful_launches", "failed_launches", "pending_launches"),
        *("consecutive_successful_landings", "successful_landings", "failed_landings", "attempted_landings"),
    )
)
_ASTRONAUT = (
    integer("id"),
    url("astronauts"),
    text("name"),
    one("status", "AstronautStatus"),
    one("agency", "AgencyMini", null=True),
    one(
        "image",
        "Image",
        column="picture",
        null=True,
        coarse={"profile_image": "image_url", "profile_image_thumbnail": "thumbnail_url"},
    ),
    _LIST,
    one("type", "AstronautType"),
    boolean("in_space"),
    duration("time_in_space"),
    duration("eva_time"),
    integer("age", null=True),
    date("date_of_birth", null=True),
    date("date_of_death", null=True),
    many("nationality", "Country", column="countries", coarse={"nationality": "nationality_name"}, separator=" "),
    text("bio"),
    text("wiki", null=True),
    date_time("last_flight", null=True),
    date_time("first_flight", null=True),
)
_CONFIGURATION = (integer("id"), url("launcher_configurations"), text("name"), text("full_name"), text("variant"))
_PICTURE_OF_LAUNCH = one("image", "Image", column="picture", null=True, coarse={"image": "image_url"})


def _launch(mode: str, rest: tuple[Field, ...] = ()) -> tuple[Field, ...]:
    return (
        text("id", format="uuid"),
        url("launches"),
        text("name"),
        computed("response_mode", value=mode),
        text("slug"),
        one("status", "LaunchStatus"),
        date_time("last_updated"),
        date_time("net", null=True),
        one("net_precision", "NetPrecision", null=True),
        date_time("window_end", null=True),
        date_time("window_start", null=True),
        _PICTURE_OF_LAUNCH,
        *rest,
    )


_LAUNCH = (
    integer("probability", null=True),
    text("weather_concerns", null=True),
    text("failreason", null=True),
    text("hashtag", null=True),
    one("launch_service_provider", "AgencyMini"),
    part("rocket", "RocketNormal"),
    one("mission", "Mission", null=True),
    one("pad", "Pad"),
    boolean("webcast_live"),
    integer("orbital_launch_attempt_count", null=True),
    integer("agency_launch_attempt_count_year", null=True),
)
# What a detailed launch shows larger.
_LARGER = {
    "launch_service_provider": one("launch_service_provider", "AgencyNormal"),
    "rocket": part("rocket", "RocketDetailed"),
}

_CHOICES = tuple(
    Shape(name, name, integer("id"), text("name"))
    for name in ("AgencyType", "AstronautStatus", "AstronautType", "SpacecraftStatus")
)

SHAPES = shapes_of_version(
    "2.3.0",
    (
        *_CHOICES,
        Shape(
            "Country",
            "Country",
            integer("id"),
            text("name"),
            text("alpha_2_code"),
            text("alpha_3_code"),
            text("nationality_name"),
            text("nationality_name_composed"),
        ),
        Shape(
            "ImageLicense", "ImageLicense", integer("id"), text("name"), integer("priority", null=True), text("link", null=True)
        ),
        Shape(
            "Image",
            "Image",
            integer("id"),
            text("name"),
            text("image_url", null=True),
            text("thumbnail_url", null=True),
            text("credit", null=True),
            one("license", "ImageLicense", null=True),
            boolean("single_use", null=True),
        ),
        Shape("AgencyMini", "Agency", _LIST, *_AGENCY_MINI),
        Shape("AgencyNormal", "Agency", _NORMAL, *_AGENCY),
        Shape(
            "AgencyEndpointDetailed",
            "Agency",
            _DETAILED,
            *_AGENCY,
            *_COUNTS,
            text("info_url", null=True),
            text("wiki_url", null=True),
        ),
        Shape("AstronautDetailed", "Astronaut", *_ASTRONAUT),
        Shape("LaunchStatus", "LaunchStatus", integer("id"), text("name"), text("abbrev"), text("description", null=True)),
        Shape("NetPrecision", "NetPrecision", integer("id"), text("name"), text("abbrev"), text("description", null=True)),
        Shape("Orbit", "Orbit", integer("id"), text("name"), text("abbrev")),
        Shape(
            "Mission",
            "Mission",
            integer("id"),
            text("name"),
            name_of("type", "MissionType"),
            text("description"),
            one("orbit", "Orbit", null=True),
        ),
        Shape("Location", "Location", integer("id"), url("locations"), text("name"), text("description", null=True)),
        Shape("Pad", "Pad", integer("id"), url("pads"), text("name"), one("location", "Location")),
        Shape("LauncherConfigList", "LauncherConfiguration", _LIST, *_CONFIGURATION),
        Shape("LauncherConfigDetailed", "LauncherConfiguration", _DETAILED, *_CONFIGURATION),
        Shape(
            "RocketNormal",
            "Launch",
            integer("id", column="rocket_key"),
            one("configuration", "LauncherConfigList"),
            part="rocket",
        ),
        Shape(
            "RocketDetailed",
            "Launch",
            integer("id", column="rocket_key"),
            one("configuration", "LauncherConfigDetailed"),
            many("spacecraft_stage", "SpacecraftFlightForLaunch"),
            part="rocket",
        ),
        Shape("LaunchBasic", "Launch", *_launch("list")),
        Shape("LaunchNormal", "Launch", *_launch("normal", _LAUNCH)),
        Shape("LaunchDetailed", "Launch", *_launch("detailed", tuple(_LARGER.get(field.key, field) for field in _LAUNCH))),
        Shape(
            "Spacecraft",
            "Spacecraft",
            _NORMAL,
            integer("id"),
            url("spacecraft"),
            text("name"),
            text("serial_number", null=True),
            boolean("in_space"),
            one("status", "SpacecraftStatus"),
        ),
        Shape(
            "SpacecraftFlightForLaunch",
            "SpacecraftFlight",
            integer("id"),
            url("spacecraft_flights"),
            text("destination", null=True),
            date_time("mission_end", null=True),
            one("spacecraft", "Spacecraft"),
            _NORMAL,
        ),
        Shape(
            "SpacecraftFlightNormal",
            "SpacecraftFlight",
            integer("id"),
            url("spacecraft_flights"),
            text("destination", null=True),
            date_time("mission_end", null=True),
            one("spacecraft", "Spacecraft"),
            one("launch", "LaunchNormal"),
            _NORMAL,
        ),
    ),
)

RESOURCES = (
    Resource(
        "agencies",
        "Agencies",
        "Agencies, with their types and countries as objects.",
        SHAPES["AgencyEndpointDetailed"],
        {NORMAL: SHAPES["AgencyNormal"], LIST: SHAPES["AgencyMini"], DETAILED: SHAPES["AgencyEndpointDetailed"]},
        order=("name",),
        filters=(*texts("name"), *flags("featured")),
        search=("name", "abbrev"),
    ),
    Resource(
        "astronauts",
        "Astronauts",
        "Astronauts, with their nationalities as objects.",
        SHAPES["AstronautDetailed"],
        {NORMAL: SHAPES["AstronautDetailed"]},
        filters=ids("agency_ids", "agency"),
    ),
    Resource(
        "launches",
        "Launches",
        "Launches, whose rockets carry a list of spacecraft.",
        SHAPES["LaunchDetailed"],
        {NORMAL: SHAPES["LaunchNormal"], LIST: SHAPES["LaunchBasic"], DETAILED: SHAPES["LaunchDetailed"]},
        order=("net", "id"),
        time_column="net",
        filters=ids("lsp__id", "launch_service_provider"),
        ordering=("id", "name", "net", "last_updated"),
    ),
    Resource(
        "spacecraft_flights",
        "Flights",
        "Flights of single spacecraft.",
        SHAPES["SpacecraftFlightNormal"],
        {NORMAL: SHAPES["SpacecraftFlightNormal"]},
        filters=key("spacecraft", "spacecraft"),
        search=None,
    ),
)

WIRE = Wire("2.3.0", ("2.3.0",), SHAPES, {resource.path: resource for resource in RESOURCES}, {})


@contextmanager
def served() -> Iterator[None]:
    """Have this version served beside the others; its routes are those of `tests.support.small_2_3_0_urls`."""
    with patch.dict(WIRES, {WIRE.version: WIRE}), patch.dict(declared_searches):
        declare_searches(WIRE)
        yield
