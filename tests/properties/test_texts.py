"""What searches look in is never behind: whatever is observed, the texts are those that writing them all anew would give."""

from __future__ import annotations

import pytest
from hypothesis import given

from launchledger.catalogue.actions import Observation, rebuild_texts
from launchledger.catalogue.models.texts import SearchedText
from tests.properties.test_observing import FEW, Deleting, events, let_happen, observations, sightings
from tests.support.asking import emptied_afterwards

pytestmark = pytest.mark.django_db


def _texts() -> list[tuple[str, str, str]]:
    return list(SearchedText.objects.order_by("search", "key").values_list("search", "key", "text"))


@pytest.mark.parametrize(
    "names",
    [
        ["AgencySerializerDetailed", "LauncherConfigDetail", "SpacecraftConfigurationDetail", "Agency"],
        ["LaunchDetailed", "LaunchSerializerCommon", "Launcher", "Pad", "Agency"],
        ["SpacecraftFlightDetailed", "AstronautDetailed", "DockingEventDetailed", "Spacecraft"],
        ["SpaceStationDetailed", "ExpeditionDetail", "AstronautFlight", "Astronaut"],
        ["Events", "LocationDetail", "Mission", "Launcher"],
    ],
    ids="+".join,
)
def test_texts_follow_every_change(names: list[str]) -> None:
    """Objects come, change, point elsewhere, join and leave lists, are deleted and revived, one after another."""

    @FEW
    @given(sightings(names).map(observations) | events(names))
    def check(found: list[Observation | Deleting]) -> None:
        with emptied_afterwards():
            for event in found:
                let_happen(event)
                kept = _texts()
                rebuild_texts()
                assert kept == _texts()

    check()
