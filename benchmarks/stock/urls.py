"""The routes: launches and spacecraft flights, which are measured, and the resources to which their URLs lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.urls import include, path
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.decorators import action
from rest_framework.filters import SearchFilter
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from benchmarks.stock import flying, launching, people, queries
from launchledger.catalogue.models import agencies, launchers, launches, programs, spacecraft, stations


class Pages(LimitOffsetPagination):
    default_limit = 10
    max_limit = 100


class _Views(ReadOnlyModelViewSet[Any]):
    """A resource with a normal and a detailed form: details are detailed, and lists with `mode=detailed`."""

    pagination_class = Pages
    filter_backends = [DjangoFilterBackend, SearchFilter]
    detailed: type[BaseSerializer[Any]]

    def is_detailed(self) -> bool:
        return self.action == "retrieve" or self.request.query_params.get("mode") == "detailed"

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return self.detailed if self.is_detailed() else super().get_serializer_class()


class FlightViews(_Views):
    serializer_class = launching.FlightSerializer
    detailed = launching.FlightDetailedSerializer
    filterset_fields = ["spacecraft"]

    def get_queryset(self) -> QuerySet[Any]:
        return (queries.flights_detailed() if self.is_detailed() else queries.flights_normal()).order_by("pk")


class LaunchViews(_Views):
    serializer_class = launching.LaunchSerializer
    detailed = launching.LaunchDetailedSerializer
    filterset_fields = ["status", "launch_service_provider"]
    search_fields = [
        "name",
        "configuration__name",
        "configuration__manufacturer__name",
        "configuration__manufacturer__abbrev",
        "launch_service_provider__name",
        "mission__name",
        "pad__location__name",
        "pad__name",
        "spacecraft_stage__spacecraft__name",
    ]

    def get_queryset(self) -> QuerySet[Any]:
        rows = queries.launches_detailed() if self.is_detailed() else queries.launches_normal()
        return rows.filter(status__isnull=False).order_by(F("net").asc(nulls_last=True), "pk")

    @action(detail=False)
    def upcoming(self, request: Request) -> Response:  # noqa: ARG002 - the framework gives it
        recent = timezone.now() - timedelta(hours=24)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().filter(net__gte=recent)))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _views(model: Any, serializer: type[BaseSerializer[Any]], *related: str) -> type[ReadOnlyModelViewSet[Any]]:
    rows = model.objects.select_related(*related).order_by("pk")
    members = {"queryset": rows, "serializer_class": serializer, "pagination_class": Pages}
    return type(f"{model.__name__}Views", (ReadOnlyModelViewSet,), members)


router = SimpleRouter()
router.register("spacecraft/flight", FlightViews, "spacecraft-flight")
router.register("launch", LaunchViews, "launch")
router.register("agencies", _views(agencies.Agency, people.AgencyDetailedSerializer), "agencies")
router.register("astronaut", _views(people.AstronautSerializer.Meta.model, people.AstronautSerializer, "agency"), "astronaut")
router.register(
    "config/launcher", _views(launchers.LauncherConfiguration, flying.ConfigurationDetailedSerializer), "config-launcher"
)
router.register(
    "config/spacecraft",
    _views(spacecraft.SpacecraftConfiguration, flying.SpacecraftConfigurationDetailedSerializer, "agency"),
    "config-spacecraft",
)
router.register("launcher", _views(launchers.Launcher, flying.LauncherSerializer), "launcher")
router.register("location", _views(launches.Location, flying.LocationSerializer), "location")
router.register("pad", _views(launches.Pad, flying.PadSerializer, "location"), "pad")
router.register("program", _views(programs.Program, people.ProgramSerializer, "type"), "program")
router.register("spacecraft", _views(spacecraft.Spacecraft, flying.SpacecraftDetailedSerializer), "spacecraft")
router.register("spacestation", _views(stations.SpaceStation, flying.StationSerializer), "spacestation")

urlpatterns = [path("2.2.0/", include(router.urls))]
