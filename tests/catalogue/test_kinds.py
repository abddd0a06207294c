"""The kinds of rows: labels that the journal and the documents keep, whatever the classes are called."""

from __future__ import annotations

import pytest
from django.apps import apps

from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.wire.v2_2_0 import WIRE

MODELS = [model for model in apps.get_app_config("catalogue").get_models() if issubclass(model, Observed)]
KINDS = [
    "Agency",
    "AgencyType",
    "Astronaut",
    "AstronautFlight",
    "AstronautRole",
    "AstronautStatus",
    "AstronautType",
    "DockingEvent",
    "DockingLocation",
    "Event",
    "EventType",
    "Expedition",
    "FirstStage",
    "FirstStageType",
    "InfoURLType",
    "Landing",
    "LandingLocation",
    "LandingType",
    "Language",
    "Launch",
    "LaunchStatus",
    "Launcher",
    "LauncherConfiguration",
    "Location",
    "Mission",
    "MissionPatch",
    "MissionType",
    "NetPrecision",
    "Notice",
    "NoticeType",
    "Orbit",
    "Pad",
    "Program",
    "ProgramType",
    "RoadClosure",
    "RoadClosureStatus",
    "SpaceStation",
    "SpaceStationStatus",
    "SpaceStationType",
    "Spacecraft",
    "SpacecraftConfiguration",
    "SpacecraftConfigurationType",
    "SpacecraftFlight",
    "SpacecraftStatus",
    "Spacewalk",
    "StarshipDashboard",
    "TimelineEventType",
    "Update",
    "VidURLType",
]


def test_kinds_stay() -> None:
    """Journals hold these labels for good: a kind may be added, and none renamed or taken away."""
    assert {model.kind for model in MODELS} >= set(KINDS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.kind)
def test_every_model_declares_its_kind(model: type[Observed]) -> None:
    """By itself and not by inheritance, and no two the same."""
    assert "kind" in vars(model)
    assert [each for each in MODELS if each.kind == model.kind] == [model]
    assert model_of(model.kind) is model


def test_resources_list_kinds() -> None:
    """Every resource lists rows of a kind."""
    assert {resource.model for resource in WIRE.resources.values()} <= {model.kind for model in MODELS}


def test_an_unknown_kind_is_none() -> None:
    """A journal that a newer version wrote may name one."""
    with pytest.raises(LookupError):
        model_of("Payload")
