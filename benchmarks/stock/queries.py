"""The queries of each view: relations to one row joined, lists prefetched in their order."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch, QuerySet

from launchledger.catalogue.models import launchers, launches, links, programs, spacecraft, stations

_LAUNCH = ("net_precision", "status", "launch_service_provider", "mission__orbit", "pad__location", "configuration")
_LANDING = ("landing__type", "landing__location__location")


def launches_normal() -> QuerySet[Any]:
    return launches.Launch.objects.select_related(*_LAUNCH).prefetch_related(*_lists_of_launch(""))


def launches_detailed() -> QuerySet[Any]:
    flights = spacecraft.SpacecraftFlight.objects.select_related(*_spacecraft_detailed(), *_LANDING)
    stages = launchers.FirstStage.objects.select_related("launcher", "previous_flight", *_LANDING)
    return launches.Launch.objects.select_related(*_LAUNCH, "configuration__manufacturer").prefetch_related(
        *_lists_of_launch(""),
        _ordered("updates", programs.Update.objects.all(), "launch"),
        _ordered("launcher_stage", stages, "launch"),
        _ordered("spacecraft_stage", flights.prefetch_related(*_lists_of_flight()), "launch"),
        _links("configuration__program", launchers.LauncherConfigurationProgramLink, "member__type"),
        *_lists_of_program("configuration__program__member__"),
        _links("mission_patches", launches.LaunchMissionPatchesLink, "member__agency"),
        _owned("info_urls", links.LaunchInfoURL, "type", "language"),
        _owned("vid_urls", links.LaunchVidURL, "type", "language"),
        _owned("timeline", links.TimelineEvent, "type"),
    )


def flights_normal() -> QuerySet[Any]:
    return spacecraft.SpacecraftFlight.objects.select_related(
        "spacecraft__status",
        "spacecraft__spacecraft_config__type",
        "spacecraft__spacecraft_config__agency",
        *(f"launch__{name}" for name in _LAUNCH),
        *_LANDING,
    ).prefetch_related(*_lists_of_launch("launch__"))


def flights_detailed() -> QuerySet[Any]:
    return spacecraft.SpacecraftFlight.objects.select_related(
        *_spacecraft_detailed(), *(f"launch__{name}" for name in _LAUNCH), *_LANDING
    ).prefetch_related(*_lists_of_launch("launch__"), *_lists_of_flight())


def _spacecraft_detailed() -> tuple[str, ...]:
    return ("spacecraft__status", "spacecraft__spacecraft_config__type", "spacecraft__spacecraft_config__agency")


def _lists_of_launch(path: str) -> list[Any]:
    return [
        _links(f"{path}mission__agencies", launches.MissionAgenciesLink, "member"),
        _owned(f"{path}mission__info_urls", links.MissionInfoURL, "type", "language"),
        _owned(f"{path}mission__vid_urls", links.MissionVidURL, "type", "language"),
        _links(f"{path}program", launches.LaunchProgramLink, "member__type"),
        *_lists_of_program(f"{path}program__member__"),
    ]


def _lists_of_program(path: str) -> list[Any]:
    return [
        _links(f"{path}agencies", programs.ProgramAgenciesLink, "member"),
        _links(f"{path}mission_patches", programs.ProgramMissionPatchesLink, "member__agency"),
    ]


def _lists_of_flight() -> list[Any]:
    crew = ("member__role", "member__astronaut__type", "member__astronaut__status", "member__astronaut__agency")
    dockings = stations.DockingEvent.objects.select_related("space_station__status", "docking_location__spacestation")
    return [
        _links("launch_crew", spacecraft.SpacecraftFlightLaunchCrewLink, *crew),
        _links("onboard_crew", spacecraft.SpacecraftFlightOnboardCrewLink, *crew),
        _links("landing_crew", spacecraft.SpacecraftFlightLandingCrewLink, *crew),
        _ordered("docking_events", dockings, "flight_vehicle"),
    ]


def _links(path: str, link: Any, *related: str) -> Any:
    return Prefetch(path, link.objects.select_related(*related).order_by("position"))


def _owned(path: str, model: Any, *related: str) -> Any:
    return Prefetch(path, model.objects.select_related(*related).order_by("position"))


def _ordered(path: str, rows: QuerySet[Any], relation: str) -> Any:
    return Prefetch(path, rows.order_by(F(f"{relation}_position").asc(nulls_last=True), "pk"))
