"""What paths watch, and where they lead back to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut, AstronautFlight
from launchledger.catalogue.models.launchers import FirstStage, Launcher
from launchledger.catalogue.models.launches import Launch, Location, Mission, Pad
from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight, SpacecraftFlightLaunchCrewLink
from launchledger.catalogue.statistics.numbers import FAMILIES
from launchledger.catalogue.statistics.paths import Dependencies, under

NOW = timezone.now()


def _dependencies(model: type, *paths: str) -> Dependencies:
    return Dependencies([(model, paths)])


def test_every_column_and_relation_of_a_path_is_watched() -> None:
    """A relation that a path goes against is watched with what it leads to: the row that it led to before is affected too."""
    dependencies = _dependencies(Location, "Pad:location.Launch:pad.net@now", "Pad:location.Launch:pad.mission.orbit")
    assert dependencies.watched == {
        Pad: {"location": Location},
        Launch: {"pad": Pad, "net": None, "mission": None},
        Mission: {"orbit": None},
    }
    assert list(dependencies.clocks) == [(Launch, "net")]


def test_several_relations_may_be_one_step() -> None:
    """Each of them is watched, lists as well."""
    dependencies = _dependencies(Astronaut, "SpacecraftFlight:launch_crew__astronaut.mission_end")
    assert dependencies.watched == {
        SpacecraftFlight: {"launch_crew": AstronautFlight, "mission_end": None},
        AstronautFlight: {"astronaut": Astronaut},
    }


@pytest.mark.parametrize("path", ["moons", "Launch:moons.net", "Launch:pad.moons"])
def test_a_path_that_does_not_exist_is_refused(path: str) -> None:
    """Where it is declared, so that no renamed column is forgotten in silence."""
    with pytest.raises(FieldDoesNotExist):
        _dependencies(Pad, path)


def test_a_path_against_a_relation_of_another_model_is_refused() -> None:
    """A relation leads to one model."""
    with pytest.raises(ValueError, match="Launch:pad leads to Pad, not to Agency"):
        _dependencies(Agency, "Launch:pad.net")


def test_every_family_depends_on_something() -> None:
    """A number that depends on nothing would never be computed anew."""
    assert all(family.depends_on for family in FAMILIES)


@pytest.mark.django_db
def test_changes_lead_back_to_the_rows_with_numbers() -> None:
    """From each row on the path; what two paths need of a table is one query."""
    place = Location.objects.create(pk=7)
    Pad.objects.create(pk=1, location=place)
    launch = Launch.objects.create(pk="a", pad_id=1)
    Launch.objects.create(pk="b", pad=Pad.objects.create(pk=2))
    dependencies = Dependencies([(Location, ["Pad:location.Launch:pad.net"]), (Pad, ["Launch:pad.net"])])
    with CaptureQueriesContext(connection) as queries:
        assert dependencies.follow({Launch: {launch.pk}}, NOW) == {Pad: {1}, Location: {7}}
    assert len(queries) == 2  # the pads of the launches, and the locations of the pads
    assert dependencies.follow({Pad: {1, 2}}, NOW) == {Pad: {1, 2}, Location: {7}}
    assert dependencies.follow({Agency: {1}}, NOW) == {}


@pytest.mark.django_db
def test_a_path_may_lead_back_to_its_own_model() -> None:
    """The flights of a launcher number each other, and the circle ends."""
    for launcher in (1, 2):
        Launcher.objects.create(pk=launcher)
    for stage, launcher in ((1, 1), (2, 1), (3, 2)):
        FirstStage.objects.create(pk=stage, launcher_id=launcher, launch=Launch.objects.create(pk=f"launch {stage}"))
    dependencies = _dependencies(FirstStage, "launcher.FirstStage:launcher.launch.net")
    assert dependencies.follow({Launch: {"launch 1"}}, NOW) == {FirstStage: {1, 2}}


@pytest.mark.django_db
def test_what_has_ended_is_led_to_by_its_own_changes_alone() -> None:
    """Behind `?`, changes matter only while the row goes on; what changes of the row itself always does."""
    crew = AstronautFlight.objects.create(pk=5, astronaut=Astronaut.objects.create(pk=9))
    ends = {1: None, 2: NOW + timedelta(days=1), 3: NOW - timedelta(days=1)}
    for key, end in ends.items():
        Spacecraft.objects.create(pk=key)
        flight = SpacecraftFlight.objects.create(pk=key, spacecraft_id=key, mission_end=end)
        SpacecraftFlightLaunchCrewLink.objects.create(owner=flight, member=crew, position=0)
    dependencies = _dependencies(
        Spacecraft, *under("SpacecraftFlight:spacecraft", "mission_end", "?.launch_crew__astronaut.status")
    )
    assert dependencies.follow({Astronaut: {9}}, NOW) == dependencies.follow({AstronautFlight: {5}}, NOW) == {Spacecraft: {1, 2}}
    assert dependencies.follow({SpacecraftFlight: {3}}, NOW) == {Spacecraft: {3}}
