"""The filters of each resource: what a query parameter holds, and which column of the catalogue it is compared with.

Declared once; the framework's filters and the parameters of the OpenAPI document follow from it. A path is written as the
catalogue relates its rows, columns joined by `__`. A meaning that is no comparison has a `rule` (see `api.meanings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["integer", "number", "text", "boolean", "date", "date-time", "uuid"]
Several = Literal["", "commas", "repeated"]

RANGE = ("gt", "gte", "lt", "lte")
CONTAINS = ("contains",)
ANY_CASE = ("icontains",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One query parameter.

    `several` says that it takes many values, in repeated parameters or with commas between, and which of both the contract
    declares. `choice_of` is the model whose ids it takes. With `declared_single` the OpenAPI document declares one value, as the
    contract does, although several are taken.
    """

    name: str
    kind: Kind
    path: str
    lookup: str = "exact"
    several: Several = ""
    choice_of: str = ""
    rule: str = ""
    declared_single: bool = False


def _each(name: str, kind: Kind, path: str, lookups: tuple[str, ...], *, plain: bool = True) -> tuple[Filter, ...]:
    """A parameter and its forms with a lookup behind two underscores."""
    exact = (Filter(name=name, kind=kind, path=path),) if plain else ()
    return exact + tuple(Filter(name=f"{name}__{lookup}", kind=kind, path=path, lookup=lookup) for lookup in lookups)


def _integers(*names: str) -> tuple[Filter, ...]:
    return tuple(found for name in names for found in _each(name, "integer", name, RANGE))


def _texts(*names: str, path: str = "") -> tuple[Filter, ...]:
    return tuple(found for name in names for found in _each(name, "text", path or name, CONTAINS))


def _times(*names: str) -> tuple[Filter, ...]:
    """Moments are compared in ranges only."""
    return tuple(found for name in names for found in _each(name, "date-time", name, RANGE, plain=False))


def _flags(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name=name, kind="boolean", path=name) for name in names)


def _text(name: str, path: str = "") -> tuple[Filter, ...]:
    return (Filter(name=name, kind="text", path=path or name),)


def _id(name: str, path: str = "") -> tuple[Filter, ...]:
    return (Filter(name=name, kind="integer", path=path or name),)


def _key(name: str = "id", path: str = "id") -> tuple[Filter, ...]:
    """Ids with commas between them, where the contract declares one (contract, "What those do": `id` takes lists)."""
    return (Filter(name=name, kind="integer", path=path, several="commas", declared_single=True),)


def _choice(name: str, model: str, path: str = "") -> tuple[Filter, ...]:
    """The id of a row. One that the catalogue lacks finds nothing: what it does not hold may exist all the same."""
    return (Filter(name=name, kind="integer", path=path or name, choice_of=model),)


def _ids(name: str, path: str, kind: Kind = "integer") -> tuple[Filter, ...]:
    """Values with commas between them."""
    return (Filter(name=name, kind=kind, path=path, several="commas"),)


def _repeated(name: str, model: str, path: str) -> tuple[Filter, ...]:
    """Ids, each in a parameter of its own."""
    return (Filter(name=name, kind="integer", path=path, several="repeated", choice_of=model),)


def _rule(name: str, rule: str, kind: Kind = "boolean", several: Several = "") -> tuple[Filter, ...]:
    return (Filter(name=name, kind=kind, path="", rule=rule, several=several),)


def _calendar(moment: str, *prefixes: str) -> tuple[Filter, ...]:
    """Years, months and days of a moment; clients name them with and without a prefix."""
    return tuple(
        found
        for prefix in prefixes
        for part in ("year", "month", "day")
        for found in _rule(f"{prefix}{part}", f"{moment}_{part}", "integer", "commas")
    )


def _videos(rule: str) -> tuple[Filter, ...]:
    return _rule("video_url", rule, "text", "commas")


_EVENTS = (
    *_key(),
    *_times("date"),
    *_calendar("date", ""),
    *_repeated("program", "Program", "program__member"),
    *_text("slug"),
    *_choice("type", "EventType"),
    *_ids("type__ids", "type"),
    *_ids("agency__ids", "agencies__member"),
    *_videos("event_video_url"),
    Filter(name="last_updated__gte", kind="date-time", path="last_updated", lookup="gte"),
    Filter(name="last_updated__lte", kind="date-time", path="last_updated", lookup="lte"),
)

_CONFIGURATION = "configuration"
_SPACECRAFT = "spacecraft_stage__spacecraft"

_LAUNCHES = (
    *_integers(
        *(f"{of}_launch_attempt_count{form}" for of in ("agency", "location", "orbital", "pad") for form in ("", "_year")),
    ),
    *_ids("id", "id", "uuid"),
    *_rule("include_suborbital", "include_suborbital"),
    *_rule("is_crewed", "is_crewed"),
    Filter(name="last_updated__gte", kind="date-time", path="last_updated", lookup="gte"),
    Filter(name="last_updated__lte", kind="date-time", path="last_updated", lookup="lte"),
    *_ids("launcher_config__id", _CONFIGURATION),
    *_ids("location__ids", "pad__location"),
    *_key("lsp__id", "launch_service_provider"),
    *_ids("lsp__ids", "launch_service_provider"),
    *_rule("lsp__name", "lsp_name", "text"),
    *_each("mission__orbit__name", "text", "mission__orbit__name", ANY_CASE),
    *_text("name"),
    *_times("net"),
    *_calendar("net", "", "net__"),
    *_choice("pad", "Pad"),
    *_ids("pad__ids", "pad"),
    *_choice("pad__location", "Location"),
    *_repeated("program", "Program", "program__member"),
    *_text("r_spacex_api_id"),
    *_rule("related", "related"),
    *_each("rocket__configuration__full_name", "text", f"{_CONFIGURATION}__full_name", ANY_CASE),
    *_id("rocket__configuration__id", _CONFIGURATION),
    *_each("rocket__configuration__manufacturer__name", "text", f"{_CONFIGURATION}__manufacturer__name", ANY_CASE),
    *_text("rocket__configuration__name", f"{_CONFIGURATION}__name"),
    *_id("rocket__spacecraftflight__spacecraft__id", _SPACECRAFT),
    *_each("rocket__spacecraftflight__spacecraft__name", "text", f"{_SPACECRAFT}__name", ANY_CASE),
    *_ids("serial_number", "launcher_stage__launcher__serial_number", "text"),
    *_text("slug"),
    *_ids("spacecraft_config__ids", f"{_SPACECRAFT}__spacecraft_config"),
    *_choice("status", "LaunchStatus"),
    *_ids("status__ids", "status"),
    *_rule("strict_filtering", "strict_filtering"),
    *_videos("launch_video_url"),
    *_times("window_end", "window_start"),
)

FILTERS: dict[str, tuple[Filter, ...]] = {
    "agencies": (
        *_texts("abbrev", "administrator"),
        *_choice("agency_type", "AgencyType", "type"),
        *_integers("attempted_landings", "consecutive_successful_landings", "consecutive_successful_launches"),
        *_text("country_code"),
        *_texts("description"),
        *_integers("failed_landings", "failed_launches"),
        *_flags("featured"),
        *_texts("founding_year"),
        *_key(),
        *_each("id", "integer", "id", RANGE, plain=False),
        *_texts("name"),
        *_choice("parent", "Agency"),
        *_integers("pending_launches"),
        *_rule("spacecraft", "with_spacecraft"),
        *_integers("successful_landings", "successful_launches", "total_launch_count"),
    ),
    "astronaut": (
        *_integers("age"),
        *_ids("agency_ids", "agency", "number"),
        *_each("date_of_birth", "date", "date_of_birth", RANGE),
        *_each("date_of_death", "date", "date_of_death", RANGE),
        *_integers("flights_count"),
        *_rule("has_flown", "has_flown"),
        *_flags("in_space"),
        *_rule("is_human", "is_human"),
        *_integers("landings_count"),
        *_ids("status_ids", "status", "number"),
        *_choice("type__id", "AstronautType", "type"),
        *_text("name"),
        *_text("nationality"),
        *_text("agency__name"),
        *_text("agency__abbrev"),
        *_choice("status", "AstronautStatus"),
    ),
    "config/launcher": (
        *_flags("active"),
        *_integers("consecutive_successful_launches", "failed_launches"),
        *_texts("family", "full_name", "manufacturer__name", "name"),
        *_integers("pending_launches"),
        *_repeated("program", "Program", "program__member"),
        Filter(name="program__contains", kind="integer", path="program__member", several="repeated", choice_of="Program"),
        *_integers("successful_launches", "total_launch_count"),
        *_flags("reusable"),
        *_choice("manufacturer", "Agency"),
    ),
    "config/spacecraft": (*_flags("human_rated", "in_use"), *_choice("manufacturer", "Agency", "agency"), *_text("name")),
    "docking_event": (
        *_times("docking"),
        *_choice("docking_location__id", "DockingLocation", "docking_location"),
        *_choice("flight_vehicle__id", "SpacecraftFlight", "flight_vehicle"),
        *_choice("space_station__id", "SpaceStation", "space_station"),
    ),
    "event": _EVENTS,
    "event/upcoming": (*_EVENTS, *_rule("hide_recent_previous", "events_from_now")),
    "event/previous": _EVENTS,
    "expedition": (
        *_choice("crew__astronaut", "Astronaut", "crew__member__astronaut"),
        *_choice("crew__astronaut__agency", "Agency", "crew__member__astronaut__agency"),
        *_times("end"),
        *_text("name"),
        *_choice("space_station", "SpaceStation", "spacestation"),
        *_times("start"),
    ),
    "launch": _LAUNCHES,
    "launch/upcoming": (*_LAUNCHES, *_rule("hide_recent_previous", "launches_from_now")),
    "launch/previous": _LAUNCHES,
    "launcher": (
        *_integers("attempted_landings"),
        *_each("first_launch_date", "date-time", "first_launch_date", ()),
        *_flags("flight_proven"),
        *_integers("flights"),
        *_key(),
        *_each("id", "integer", "id", CONTAINS, plain=False),
        *_flags("is_placeholder"),
        *_each("last_launch_date", "date-time", "last_launch_date", ()),
        *_ids("launcher_config__ids", "launcher_config"),
        *_texts("launcher_config__manufacturer__name", "serial_number"),
        *_integers("successful_landings"),
        *_choice("launcher_config", "LauncherConfiguration"),
        *_choice("launcher_config__manufacturer", "Agency"),
    ),
    "location": (
        *_texts("country_code"),
        *_key(),
        *_each("id", "integer", "id", RANGE, plain=False),
        *_rule("launch_library_id", "launch_library_id", "integer"),
        *_rule("launch_library_id__contains", "launch_library_id", "integer"),
        *_texts("name"),
        *_integers("total_landing_count", "total_launch_count"),
    ),
    "mission_patch": (
        *_choice("agency__id", "Agency", "agency"),
        *_texts("agency__name"),
        *_key(),
        *_ids("ids", "id"),
        *_texts("name"),
    ),
    "pad": (
        *_each("agency_id", "integer", "agency_id", CONTAINS),
        *_key(),
        *_each("id", "integer", "id", CONTAINS, plain=False),
        *_texts("latitude"),
        *_choice("location", "Location"),
        *_choice("location__id", "Location", "location"),
        *_texts("location__name", "longitude", "name"),
        *_integers("orbital_launch_attempt_count", "total_launch_count"),
    ),
    "spacecraft": (
        *_text("name"),
        *_choice("spacecraft_config", "SpacecraftConfiguration"),
        *_choice("status", "SpacecraftStatus"),
        *_flags("is_placeholder", "in_space"),
    ),
    "spacecraft/flight": _choice("spacecraft", "Spacecraft"),
    "spacestation": (
        *_integers("docked_vehicles"),
        *_key(),
        *_texts("name"),
        *_integers("onboard_crew"),
        *_choice("orbit", "Orbit"),
        *_ids("owner__ids", "owners__member"),
        *_repeated("owners", "Agency", "owners__member"),
        *_text("owners__abbrev", "owners__member__abbrev"),
        *_text("owners__name", "owners__member__name"),
        *_choice("status", "SpaceStationStatus"),
        *_ids("status__ids", "status"),
        *_choice("type", "SpaceStationType"),
    ),
    "spacewalks": (
        *_ids("astronaut__ids", "crew__member__astronaut"),
        *_each("end", "date-time", "end", RANGE),
        *_ids("event__ids", "event"),
        *_key(),
        *_ids("ids", "id"),
        *_ids("launch__ids", "spacecraft_flight__launch", "uuid"),
        *_texts("name"),
        *_ids("owner__ids", "spacestation__owners__member", "number"),
        *_ids("program__ids", "program__member"),
        *_texts("program__name", path="program__member__name"),
        *_ids("spacestation__ids", "spacestation"),
        *_times("start"),
    ),
    "updates": (
        *_each("created_on", "date-time", "created_on", ()),
        *_text("launch"),
        *_choice("launch__launch_service_provider", "Agency"),
        *_choice("program", "Program", "launch__program__member"),
    ),
}
