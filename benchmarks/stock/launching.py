"""Serializers of the two resources themselves: launches and spacecraft flights, in lists and in details."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from benchmarks.stock.fields import Address, Duration, members
from benchmarks.stock.flying import (
    ConfigurationDetailedSerializer,
    ConfigurationSerializer,
    DockingEventSerializer,
    FirstStageSerializer,
    InfoURLSerializer,
    LandingSerializer,
    MissionSerializer,
    PadSerializer,
    SpacecraftDetailedSerializer,
    SpacecraftSerializer,
    TimelineEventSerializer,
    VidURLSerializer,
    named,
)
from benchmarks.stock.people import (
    AgencyDetailedSerializer,
    AgencyMiniSerializer,
    AstronautFlightSerializer,
    MissionPatchSerializer,
    ProgramSerializer,
    UpdateSerializer,
)
from launchledger.catalogue.models import launches, spacecraft

_COUNTS = [
    "orbital_launch_attempt_count",
    "location_launch_attempt_count",
    "pad_launch_attempt_count",
    "agency_launch_attempt_count",
    "orbital_launch_attempt_count_year",
    "location_launch_attempt_count_year",
    "pad_launch_attempt_count_year",
    "agency_launch_attempt_count_year",
]


class Constant(serializers.ReadOnlyField):
    """Always the same text."""

    def __init__(self, text: str) -> None:
        super().__init__(source="*")
        self._text = text

    def to_representation(self, value: Any) -> str:  # noqa: ARG002 - the framework gives it
        return self._text


class RocketSerializer(serializers.ModelSerializer[launches.Launch]):
    id = serializers.IntegerField(source="rocket_key")
    configuration = ConfigurationSerializer()

    class Meta:
        model = launches.Launch
        fields = ["id", "configuration"]


class LaunchSerializer(serializers.ModelSerializer[launches.Launch]):
    url = Address("launch")
    status = named(launches.LaunchStatus, "name", "abbrev", "description")
    net_precision = named(launches.NetPrecision, "name", "abbrev", "description")
    launch_service_provider: Any = AgencyMiniSerializer()
    rocket: Any = RocketSerializer(source="*")
    mission = MissionSerializer()
    pad = PadSerializer()
    program = members(ProgramSerializer)
    type = Constant("normal")

    class Meta:
        model = launches.Launch
        fields = [
            "id",
            "url",
            "slug",
            "name",
            "status",
            "last_updated",
            "net",
            "window_end",
            "window_start",
            "net_precision",
            "probability",
            "weather_concerns",
            "holdreason",
            "failreason",
            "hashtag",
            "launch_service_provider",
            "rocket",
            "mission",
            "pad",
            "webcast_live",
            "image",
            "infographic",
            "program",
            *_COUNTS,
            "type",
        ]


class FlightSerializer(serializers.ModelSerializer[spacecraft.SpacecraftFlight]):
    url = Address("spacecraft-flight")
    spacecraft = SpacecraftSerializer()
    launch = LaunchSerializer()
    landing = LandingSerializer()

    class Meta:
        model = spacecraft.SpacecraftFlight
        fields = ["id", "url", "destination", "mission_end", "spacecraft", "launch", "landing"]


class _FlightOfLaunchSerializer(serializers.ModelSerializer[spacecraft.SpacecraftFlight]):
    url = Address("spacecraft-flight")
    launch_crew = members(AstronautFlightSerializer)
    onboard_crew = members(AstronautFlightSerializer)
    landing_crew = members(AstronautFlightSerializer)
    spacecraft = SpacecraftDetailedSerializer()
    landing = LandingSerializer()
    docking_events = DockingEventSerializer(many=True)

    class Meta:
        model = spacecraft.SpacecraftFlight
        fields = [
            "id",
            "url",
            "mission_end",
            "destination",
            "launch_crew",
            "onboard_crew",
            "landing_crew",
            "spacecraft",
            "landing",
            "docking_events",
        ]


class FlightDetailedSerializer(_FlightOfLaunchSerializer):
    launch = LaunchSerializer()

    class Meta(_FlightOfLaunchSerializer.Meta):
        fields = [
            "id",
            "url",
            "mission_end",
            "destination",
            "launch_crew",
            "onboard_crew",
            "landing_crew",
            "spacecraft",
            "launch",
            "landing",
            "docking_events",
        ]


class RocketDetailedSerializer(serializers.ModelSerializer[launches.Launch]):
    id = serializers.IntegerField(source="rocket_key")
    configuration = ConfigurationDetailedSerializer()
    launcher_stage = FirstStageSerializer(many=True)
    spacecraft_stage = serializers.SerializerMethodField()

    class Meta:
        model = launches.Launch
        fields = ["id", "configuration", "launcher_stage", "spacecraft_stage"]

    def get_spacecraft_stage(self, launch: Any) -> Any:
        flights = launch.spacecraft_stage.all()
        return _FlightOfLaunchSerializer(flights[0], context=self.context).data if flights else None


class LaunchDetailedSerializer(LaunchSerializer):
    updates = UpdateSerializer(many=True)
    launch_service_provider = AgencyDetailedSerializer()
    rocket = RocketDetailedSerializer(source="*")
    infoURLs = InfoURLSerializer(many=True, source="info_urls")  # noqa: N815 - the key on the wire
    vidURLs = VidURLSerializer(many=True, source="vid_urls")  # noqa: N815
    timeline = TimelineEventSerializer(many=True)
    pad_turnaround = Duration()
    mission_patches = members(MissionPatchSerializer)
    type = Constant("detailed")

    class Meta:
        model = launches.Launch
        fields = [
            "id",
            "url",
            "slug",
            "flightclub_url",
            "r_spacex_api_id",
            "name",
            "status",
            "last_updated",
            "updates",
            "net",
            "net_precision",
            "window_end",
            "window_start",
            "probability",
            "weather_concerns",
            "holdreason",
            "failreason",
            "hashtag",
            "launch_service_provider",
            "rocket",
            "mission",
            "pad",
            "infoURLs",
            "vidURLs",
            "webcast_live",
            "timeline",
            "image",
            "infographic",
            "program",
            *_COUNTS,
            "pad_turnaround",
            "mission_patches",
            "type",
        ]
