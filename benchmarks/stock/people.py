"""Serializers of agencies, programs and patches, and of astronauts and their places in crews."""

from __future__ import annotations

from rest_framework import serializers

from benchmarks.stock.fields import Address, RunningDuration, members
from launchledger.catalogue.models import agencies, astronauts, programs

_IDENTITY = ["id", "url", "name"]


class AgencyMiniSerializer(serializers.ModelSerializer[agencies.Agency]):
    url = Address("agencies")

    class Meta:
        model = agencies.Agency
        fields = [*_IDENTITY, "type"]


class AgencySerializer(serializers.ModelSerializer[agencies.Agency]):
    url = Address("agencies")

    class Meta:
        model = agencies.Agency
        fields = [
            *_IDENTITY,
            "featured",
            "type",
            "country_code",
            "abbrev",
            "description",
            "administrator",
            "founding_year",
            "launchers",
            "spacecraft",
            "parent",
            "image_url",
            "logo_url",
        ]


class AgencyDetailedSerializer(serializers.ModelSerializer[agencies.Agency]):
    url = Address("agencies")

    class Meta:
        model = agencies.Agency
        fields = [
            *_IDENTITY,
            "featured",
            "type",
            "country_code",
            "abbrev",
            "description",
            "administrator",
            "founding_year",
            "launchers",
            "spacecraft",
            "launch_library_url",
            "total_launch_count",
            "consecutive_successful_launches",
            "successful_launches",
            "failed_launches",
            "pending_launches",
            "consecutive_successful_landings",
            "successful_landings",
            "failed_landings",
            "attempted_landings",
            "info_url",
            "wiki_url",
            "logo_url",
            "image_url",
            "nation_url",
        ]


class MissionPatchSerializer(serializers.ModelSerializer[programs.MissionPatch]):
    agency = AgencyMiniSerializer()

    class Meta:
        model = programs.MissionPatch
        fields = ["id", "name", "priority", "image_url", "agency"]


class ProgramTypeSerializer(serializers.ModelSerializer[programs.ProgramType]):
    class Meta:
        model = programs.ProgramType
        fields = ["id", "name"]


class ProgramSerializer(serializers.ModelSerializer[programs.Program]):
    url = Address("program")
    agencies = members(AgencyMiniSerializer)
    mission_patches = members(MissionPatchSerializer)
    type = ProgramTypeSerializer()

    class Meta:
        model = programs.Program
        fields = [
            *_IDENTITY,
            "description",
            "agencies",
            "image_url",
            "start_date",
            "end_date",
            "info_url",
            "wiki_url",
            "mission_patches",
            "type",
        ]


class UpdateSerializer(serializers.ModelSerializer[programs.Update]):
    class Meta:
        model = programs.Update
        fields = ["id", "profile_image", "comment", "info_url", "created_by", "created_on"]


class AstronautStatusSerializer(serializers.ModelSerializer[astronauts.AstronautStatus]):
    class Meta:
        model = astronauts.AstronautStatus
        fields = ["id", "name"]


class AstronautTypeSerializer(serializers.ModelSerializer[astronauts.AstronautType]):
    class Meta:
        model = astronauts.AstronautType
        fields = ["id", "name"]


class AstronautRoleSerializer(serializers.ModelSerializer[astronauts.AstronautRole]):
    class Meta:
        model = astronauts.AstronautRole
        fields = ["id", "role", "priority"]


class AstronautSerializer(serializers.ModelSerializer[astronauts.Astronaut]):
    url = Address("astronaut")
    type = AstronautTypeSerializer()
    time_in_space = RunningDuration()
    status = AstronautStatusSerializer()
    agency = AgencyMiniSerializer()

    class Meta:
        model = astronauts.Astronaut
        fields = [
            *_IDENTITY,
            "type",
            "in_space",
            "time_in_space",
            "status",
            "agency",
            "date_of_birth",
            "date_of_death",
            "nationality",
            "twitter",
            "instagram",
            "bio",
            "profile_image",
            "wiki",
            "last_flight",
            "first_flight",
        ]


class AstronautFlightSerializer(serializers.ModelSerializer[astronauts.AstronautFlight]):
    role = AstronautRoleSerializer()
    astronaut = AstronautSerializer()

    class Meta:
        model = astronauts.AstronautFlight
        fields = ["id", "role", "astronaut"]
