"""The lists of astronauts that follow from crews."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.models.astronauts import AstronautFlightsLink, AstronautLandingsLink
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, MIDDLE, VOSTOK_1, VOSTOK_6, crew_member, flight, launch

pytestmark = pytest.mark.django_db


def see(model: str, body: dict[str, Any], at: datetime = MIDDLE) -> None:
    observe([Observation(WIRE.reader.read(model, body), "test", at)])


def flights_of(astronaut: int) -> list[str]:
    return list(AstronautFlightsLink.objects.filter(owner=astronaut).order_by("position").values_list("member_id", flat=True))


def landings_of(astronaut: int) -> list[int]:
    return list(AstronautLandingsLink.objects.filter(owner=astronaut).order_by("position").values_list("member_id", flat=True))


def test_a_crew_gives_its_members_the_launch_and_the_landing() -> None:
    """Launch crew have the launch among their flights, landing crew the flight among their landings; the journal records both."""
    see("SpacecraftFlight", flight())
    assert flights_of(270) == [VOSTOK_1]
    assert landings_of(270) == [1]
    changes = Entry.objects.get(kind="Astronaut", key="270").changes
    assert changes["flights"] == [[], [VOSTOK_1]]


def test_who_leaves_a_crew_loses_the_flight() -> None:
    """A crew that is corrected corrects the lists of both astronauts."""
    see("SpacecraftFlight", flight(), EARLY)
    see("SpacecraftFlight", flight(launch_crew=[crew_member(3, 271, "Gherman Titov")]), LATE)
    assert flights_of(270) == []
    assert flights_of(271) == [VOSTOK_1]


def test_a_flight_that_changes_its_launch_changes_it_for_its_crew() -> None:
    """The entry in the list is the flight's launch, so it moves with it."""
    see("SpacecraftFlight", flight(), EARLY)
    see("SpacecraftFlight", {"id": 1, "launch": launch(VOSTOK_6)}, LATE)
    assert flights_of(270) == [VOSTOK_6]


def test_an_astronauts_own_list_outranks_older_crews() -> None:
    """Where the whole list was observed, a crew seen before adds nothing; one seen later does, while it is in the catalogue."""
    see("Astronaut", {"id": 270, "flights": [launch(VOSTOK_6)]}, MIDDLE)
    see("SpacecraftFlight", flight(), EARLY)
    assert flights_of(270) == [VOSTOK_6]
    see("SpacecraftFlight", flight(2, launch_crew=[crew_member(9, 270, "Yuri Gagarin")]), LATE)
    assert flights_of(270) == [VOSTOK_6, VOSTOK_1]
    see("SpacecraftFlight", flight(2, launch_crew=[]), LATE.replace(year=2026))
    assert flights_of(270) == [VOSTOK_6]


def test_a_place_in_a_crew_may_be_filled_later() -> None:
    """The astronaut at a place of a crew may be observed after the crew, and may change."""
    see("SpacecraftFlight", flight(launch_crew=[{"id": 1}]), EARLY)
    assert flights_of(270) == []
    see("Spacewalk", {"id": 5, "crew": [crew_member(1, 270, "Yuri Gagarin")]}, MIDDLE)
    assert flights_of(270) == [VOSTOK_1]
    see("Spacewalk", {"id": 5, "crew": [crew_member(1, 271, "Gherman Titov")]}, LATE)
    assert (flights_of(270), flights_of(271)) == ([], [VOSTOK_1])


def test_flights_that_follow_from_crews_are_ordered_by_time() -> None:
    """What an astronaut's list takes from crews is ordered by net, in whatever order it was loaded, and when a net moves."""
    later = launch(VOSTOK_6, net="1963-06-16T09:29:52Z")
    see("SpacecraftFlight", flight(2, launch=later, launch_crew=[crew_member(8, 270, "Yuri Gagarin")]), EARLY)
    see("SpacecraftFlight", flight(), EARLY)
    assert flights_of(270) == [VOSTOK_1, VOSTOK_6]
    see("Launch", {"id": VOSTOK_6, "net": "1960-06-16T09:29:52Z"}, LATE)
    assert flights_of(270) == [VOSTOK_6, VOSTOK_1]
    changed = Entry.objects.get(
        kind="Astronaut", key="270", action="changed", changes__flights=[[VOSTOK_1, VOSTOK_6], [VOSTOK_6, VOSTOK_1]]
    )
    assert list(changed.changes) == ["flights"]


def test_an_own_list_observed_later_ends_what_followed() -> None:
    """An own list that is empty counts as observed too: what followed from an older crew no longer does."""
    see("SpacecraftFlight", flight(), EARLY)
    see("Astronaut", {"id": 270, "flights": []}, MIDDLE)
    assert flights_of(270) == []
    see("SpacecraftFlight", flight(), LATE)  # the same crew, seen again
    assert flights_of(270) == [VOSTOK_1]
