"""Serializers of launches and spacecraft flights, with all nested objects."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from benchmarks.stock.fields import Address, Duration, RunningDuration, members
from benchmarks.stock.people import (
    AgencyDetailedSerializer,
    AgencyMiniSerializer,
    AgencySerializer,
    ProgramSerializer,
)
from launchledger.catalogue.models import launchers, launches, links, spacecraft, stations


def named(model: Any, *fields: str) -> serializers.ModelSerializer[Any]:
    """A serializer of a choice list: id, name and its other fields."""
    meta = type("Meta", (), {"model": model, "fields": ["id", *fields]})
    made: type[serializers.ModelSerializer[Any]] = type(
        f"{model.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta}
    )
    return made()


class LocationSerializer(serializers.ModelSerializer[launches.Location]):
    url = Address("location")

    class Meta:
        model = launches.Location
        fields = [
            "id",
            "url",
            "name",
            "country_code",
            "description",
            "map_image",
            "timezone_name",
            "total_launch_count",
            "total_landing_count",
        ]


class PadSerializer(serializers.ModelSerializer[launches.Pad]):
    url = Address("pad")
    location = LocationSerializer()

    class Meta:
        model = launches.Pad
        fields = [
            "id",
            "url",
            "agency_id",
            "name",
            "description",
            "info_url",
            "wiki_url",
            "map_url",
            "latitude",
            "longitude",
            "location",
            "country_code",
            "map_image",
            "total_launch_count",
            "orbital_launch_attempt_count",
        ]


class InfoURLSerializer(serializers.ModelSerializer[links.LaunchInfoURL]):
    type = named(links.InfoURLType, "name")
    language = named(links.Language, "name", "code")

    class Meta:
        model = links.LaunchInfoURL  # as those of missions and events
        fields = ["priority", "source", "title", "description", "feature_image", "url", "type", "language"]


class VidURLSerializer(serializers.ModelSerializer[links.LaunchVidURL]):
    type = named(links.VidURLType, "name")
    language = named(links.Language, "name", "code")

    class Meta:
        model = links.LaunchVidURL
        fields = [
            "priority",
            "source",
            "publisher",
            "title",
            "description",
            "feature_image",
            "url",
            "type",
            "language",
            "start_time",
            "end_time",
        ]


class TimelineEventSerializer(serializers.ModelSerializer[links.TimelineEvent]):
    type = named(links.TimelineEventType, "abbrev", "description")
    relative_time = Duration()

    class Meta:
        model = links.TimelineEvent
        fields = ["type", "relative_time"]


class MissionSerializer(serializers.ModelSerializer[launches.Mission]):
    orbit = named(launches.Orbit, "name", "abbrev")
    agencies = members(AgencyDetailedSerializer)
    info_urls = InfoURLSerializer(many=True)
    vid_urls = VidURLSerializer(many=True)

    class Meta:
        model = launches.Mission
        fields = ["id", "name", "description", "launch_designator", "type", "orbit", "agencies", "info_urls", "vid_urls"]


class ConfigurationSerializer(serializers.ModelSerializer[launchers.LauncherConfiguration]):
    url = Address("config-launcher")

    class Meta:
        model = launchers.LauncherConfiguration
        fields = ["id", "url", "name", "family", "full_name", "variant"]


class ConfigurationDetailedSerializer(serializers.ModelSerializer[launchers.LauncherConfiguration]):
    url = Address("config-launcher")
    manufacturer = AgencyDetailedSerializer()
    program = members(ProgramSerializer)

    class Meta:
        model = launchers.LauncherConfiguration
        fields = [
            "id",
            "url",
            "name",
            "active",
            "reusable",
            "description",
            "family",
            "full_name",
            "manufacturer",
            "program",
            "variant",
            "alias",
            "min_stage",
            "max_stage",
            "length",
            "diameter",
            "maiden_flight",
            "launch_cost",
            "launch_mass",
            "leo_capacity",
            "gto_capacity",
            "to_thrust",
            "apogee",
            "vehicle_range",
            "image_url",
            "info_url",
            "wiki_url",
            "total_launch_count",
            "consecutive_successful_launches",
            "successful_launches",
            "failed_launches",
            "pending_launches",
            "attempted_landings",
            "successful_landings",
            "failed_landings",
            "consecutive_successful_landings",
        ]


class LauncherSerializer(serializers.ModelSerializer[launchers.Launcher]):
    url = Address("launcher")

    class Meta:
        model = launchers.Launcher
        fields = [
            "id",
            "url",
            "details",
            "flight_proven",
            "serial_number",
            "status",
            "image_url",
            "successful_landings",
            "attempted_landings",
            "flights",
            "last_launch_date",
            "first_launch_date",
        ]


class LandingLocationSerializer(serializers.ModelSerializer[spacecraft.LandingLocation]):
    location = LocationSerializer()

    class Meta:
        model = spacecraft.LandingLocation
        fields = ["id", "name", "abbrev", "description", "location", "successful_landings"]


class LandingSerializer(serializers.ModelSerializer[spacecraft.Landing]):
    location = LandingLocationSerializer()
    type = named(spacecraft.LandingType, "name", "abbrev", "description")

    class Meta:
        model = spacecraft.Landing
        fields = ["id", "attempt", "success", "description", "downrange_distance", "location", "type"]


class FirstStageSerializer(serializers.ModelSerializer[launchers.FirstStage]):
    launcher = LauncherSerializer()
    landing = LandingSerializer()
    previous_flight = named(launches.Launch, "name")

    class Meta:
        model = launchers.FirstStage
        fields = [
            "id",
            "type",
            "reused",
            "launcher_flight_number",
            "launcher",
            "landing",
            "previous_flight_date",
            "turn_around_time_days",
            "previous_flight",
        ]


class SpacecraftConfigurationSerializer(serializers.ModelSerializer[spacecraft.SpacecraftConfiguration]):
    url = Address("config-spacecraft")
    type = named(spacecraft.SpacecraftConfigurationType, "name")
    agency = AgencyMiniSerializer()

    class Meta:
        model = spacecraft.SpacecraftConfiguration
        fields = ["id", "url", "name", "type", "agency", "in_use", "image_url"]


class SpacecraftConfigurationDetailedSerializer(serializers.ModelSerializer[spacecraft.SpacecraftConfiguration]):
    url = Address("config-spacecraft")
    type = named(spacecraft.SpacecraftConfigurationType, "name")
    agency = AgencySerializer()

    class Meta:
        model = spacecraft.SpacecraftConfiguration
        fields = [
            "id",
            "url",
            "name",
            "type",
            "agency",
            "in_use",
            "capability",
            "history",
            "details",
            "maiden_flight",
            "height",
            "diameter",
            "human_rated",
            "crew_capacity",
            "payload_capacity",
            "payload_return_capacity",
            "flight_life",
            "image_url",
            "nation_url",
            "wiki_link",
            "info_link",
        ]


_SPACECRAFT = [
    "id",
    "url",
    "name",
    "serial_number",
    "is_placeholder",
    "in_space",
    "time_in_space",
    "time_docked",
    "flights_count",
    "mission_ends_count",
    "status",
    "description",
    "spacecraft_config",
]


class SpacecraftSerializer(serializers.ModelSerializer[spacecraft.Spacecraft]):
    url = Address("spacecraft")
    time_in_space = RunningDuration()
    time_docked = RunningDuration()
    status = named(spacecraft.SpacecraftStatus, "name")
    spacecraft_config = SpacecraftConfigurationSerializer()

    class Meta:
        model = spacecraft.Spacecraft
        fields = _SPACECRAFT


class SpacecraftDetailedSerializer(SpacecraftSerializer):
    spacecraft_config = SpacecraftConfigurationDetailedSerializer()  # type: ignore[assignment]


class StationNameSerializer(serializers.ModelSerializer[stations.SpaceStation]):
    url = Address("spacestation")

    class Meta:
        model = stations.SpaceStation
        fields = ["id", "url", "name"]


class StationSerializer(serializers.ModelSerializer[stations.SpaceStation]):
    url = Address("spacestation")
    status = named(stations.SpaceStationStatus, "name")

    class Meta:
        model = stations.SpaceStation
        fields = ["id", "url", "name", "status", "founded", "description", "orbit", "image_url"]


class DockingLocationSerializer(serializers.ModelSerializer[stations.DockingLocation]):
    spacestation = StationNameSerializer()

    class Meta:
        model = stations.DockingLocation
        fields = ["id", "name", "spacestation"]


class DockingEventSerializer(serializers.ModelSerializer[stations.DockingEvent]):
    spacestation = StationSerializer(source="space_station")
    docking_location = DockingLocationSerializer()

    class Meta:
        model = stations.DockingEvent
        fields = ["id", "spacestation", "docking", "departure", "docking_location"]
