"""Making and ending overrides: what follows from them follows, the journal says why, and what is wrong is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger import clock
from launchledger.catalogue.actions import (
    LONGEST_REASON,
    OverrideRefused,
    Wanted,
    create,
    end_overrides,
    override,
    overriding,
    recompute,
    refresh,
)
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.launches import Launch, Pad
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight
from launchledger.catalogue.models.stations import SpaceStation
from launchledger.catalogue.statistics.comparing import compare
from tests.support.bodies import MIDDLE, VOSTOK_1, agency
from tests.support.bodies import launch as launch_body
from tests.support.observed import FAILURE, NOW, SECOND, SUCCESS, launch, moment, record, tell, uuid
from tests.support.overriding import end, entries_after, last_serial, make_overrides, observe_body

pytestmark = pytest.mark.django_db


def _get(path: str) -> Any:
    return Client().get(f"/2.2.0/{path}").json()


def _named(key: int = 66) -> Any:
    return Agency.objects.get(pk=key).name


def test_the_journal_names_the_override_and_its_reason() -> None:
    """Where it begins and where it ends; what is observed beneath has an entry of its own source that changes no column."""
    observe_body("Agency", agency(name="First"))
    begin = last_serial()
    with time_machine.travel(NOW, tick=False):
        make_overrides("Agency", 66, "Renamed in 1960", name="Ours", abbrev="CCCP")
    observe_body("Agency", agency(name="Second"), MIDDLE)
    with time_machine.travel(NOW, tick=False):
        end("Agency", 66, "name", "abbrev")
    assert entries_after(begin) == [
        (
            "override",
            "Agency",
            NOW,
            {"name": ["First", "Ours"], "abbrev": ["CCCP", "CCCP"], "reason": [None, "Renamed in 1960"]},
        ),
        ("file:a.json", "Agency", MIDDLE, {"observed.name": ["First", "Second"]}),
        (
            "override",
            "Agency",
            NOW,
            {"name": ["Ours", "Second"], "abbrev": ["CCCP", "CCCP"], "reason": ["Renamed in 1960", None]},
        ),
    ]


def test_the_journal_names_the_curator() -> None:
    """Who makes or ends an override, or makes an object, is the source of its entries; none of these is a sighting."""
    observe_body("Agency", agency(name="First"))
    begin = last_serial()
    override([Wanted("Agency", 66, "name", {"name": "Ours"}, "Renamed")], "curator:anna")
    end_overrides([("Agency", "66", "name")], "curator:boris")
    create([Wanted("Agency", 1_000_000_000, "name", {"name": "New"}, "Ours")], "curator:anna")
    assert [source for source, *_ in entries_after(begin)] == ["curator:anna", "curator:boris", "curator:anna"]
    assert Agency.objects.get(pk=66).source == "file:a.json"


def test_each_reason_has_its_entry() -> None:
    """Overrides of one object that are made together for two reasons; the same again changes nothing."""
    observe_body("Agency", agency())
    begin = last_serial()
    wanted = [
        Wanted("Agency", 66, "name", {"name": "Ours"}, "One"),
        Wanted("Agency", 66, "abbrev", {"abbrev": "O"}, "Two"),
        Wanted("Agency", 66, "country_code", {"country_code": "SUN"}, "One"),
    ]
    assert override(wanted) == 3
    assert [changes["reason"][1] for *_, changes in entries_after(begin)] == ["One", "Two"]
    assert override(wanted) == 0
    assert len(entries_after(begin)) == 2
    make_overrides("Agency", 66, "Better known", name="Ours")
    assert entries_after(begin)[2][3] == {"name": ["Ours", "Ours"], "reason": ["One", "Better known"]}


def test_numbers_follow_from_effective_values() -> None:
    """An override that delays a launch shifts ranks and counts; observed history stays what upstream said."""
    for number in (1, 2):
        tell(record("Pad", 1), launch(number, f"2024-0{number}-01T00:00:00", pad=1, net_precision=SECOND))
    make_overrides("Launch", uuid(1), net=moment("2024-03-01T00:00:00"))
    assert list(Launch.objects.order_by("pk").values_list("pad_launch_attempt_count", flat=True)) == [2, 1]
    make_overrides("Launch", uuid(2), status=FAILURE)
    states = [state for (state,) in ObservedState.objects.filter(kind="Launch").values_list("state")]
    assert all("2024-03-01" not in state and f'"status":{FAILURE}' not in state for state in states)
    assert recompute(NOW) == 0
    end("Launch", uuid(1), "net")
    end("Launch", uuid(2), "status")
    assert list(Launch.objects.order_by("pk").values_list("pad_launch_attempt_count", "status")) == [(1, SUCCESS), (2, SUCCESS)]
    assert recompute(NOW) == 0


def test_an_overridden_number_stays_and_is_not_compared() -> None:
    """Neither changes, nor recomputing, nor a reply alter it, and it counts neither as upstream's nor as ours."""
    tell(record("Pad", 1), launch(1, "2024-01-01T00:00:00", pad=1, net_precision=SECOND))
    make_overrides("Pad", 1, total_launch_count=50, orbital_launch_attempt_count=40)
    tell(record("Pad", 1, orbital_launch_attempt_count=39), launch(2, "2024-02-01T00:00:00", pad=1, net_precision=SECOND))
    recompute(NOW)
    assert Pad.objects.values_list("total_launch_count", "orbital_launch_attempt_count").get() == (50, 40)
    assert {each.compared for each in compare(NOW) if each.model == "Pad"} == {0}
    end("Pad", 1, "total_launch_count", "orbital_launch_attempt_count")
    assert Pad.objects.values_list("total_launch_count", "orbital_launch_attempt_count").get() == (2, 39)
    assert [each.compared for each in compare(NOW) if each.model == "Pad"] == [0, 1]


def test_a_running_duration_runs_again_after_its_override() -> None:
    """An overridden one does not run, as an observed one does not."""
    with time_machine.travel(NOW, tick=False):
        tell(
            launch(1, "2024-05-01T00:00:00", net_precision=SECOND),
            record("Spacecraft", 1),
            record("SpacecraftFlight", 1, spacecraft=1, launch=uuid(1), mission_end=None),
        )
        before = Spacecraft.objects.values_list("time_in_space", "time_in_space_since").get()
        assert before[1] is not None
        make_overrides("Spacecraft", 1, time_in_space=timedelta(days=3))
        assert Spacecraft.objects.values_list("time_in_space", "time_in_space_since").get() == (timedelta(days=3), None)
        tell(record("Spacecraft", 1, name="Renamed"))
        assert recompute(NOW) == 0
        end("Spacecraft", 1, "time_in_space")
        assert Spacecraft.objects.values_list("time_in_space", "time_in_space_since").get() == before


@time_machine.travel(NOW, tick=False)
def test_lists_are_overridden_whole() -> None:
    """Of rows with ids, in their order; lists that follow from crews follow, and an overridden one no longer does."""
    tell(
        launch(1, "2024-01-01T00:00:00", net_precision=SECOND),
        *[record("Astronaut", key) for key in (1, 2)],
        *[record("AstronautFlight", key, astronaut=key) for key in (1, 2)],
        record("SpacecraftFlight", 1, launch=uuid(1), launch_crew=[1]),
        record("SpaceStation", 1),
        record("Expedition", 1, start="2024-01-01T00:00:00", spacestation=1),
    )

    def flights() -> dict[int, list[Any]]:
        return {row.pk: [str(link.member_id) for link in row.flights.order_by("position")] for row in Astronaut.objects.all()}

    make_overrides("SpacecraftFlight", 1, launch_crew=[2])
    assert flights() == {1: [], 2: [uuid(1)]}
    tell(record("SpacecraftFlight", 1, launch_crew=[1, 2]), at=NOW + timedelta(minutes=1))
    crew = SpacecraftFlight.objects.get().launch_crew.values_list("member_id", flat=True)
    assert list(crew) == [2]
    make_overrides("Astronaut", 2, flights=[])
    make_overrides("SpaceStation", 1, active_expeditions=[])
    assert flights() == {1: [], 2: []}
    assert recompute(NOW) == 0
    end("SpacecraftFlight", 1, "launch_crew")
    end("Astronaut", 2, "flights")
    assert flights() == {1: [uuid(1)], 2: [uuid(1)]}
    assert not SpaceStation.objects.get().active_expeditions.exists()
    end("SpaceStation", 1, "active_expeditions")
    assert SpaceStation.objects.get().active_expeditions.count() == 1


def test_an_end_that_changes_nothing_has_its_entry() -> None:
    """Where the computed number has become what the override said, the entry says so."""
    tell(record("Pad", 1), launch(1, "2024-01-01T00:00:00", pad=1, net_precision=SECOND))
    make_overrides("Pad", 1, total_launch_count=2)
    tell(launch(2, "2024-02-01T00:00:00", pad=1, net_precision=SECOND))
    begin = last_serial()
    end("Pad", 1, "total_launch_count")
    assert [changes for *_, changes in entries_after(begin)] == [{"total_launch_count": [2, 2], "reason": ["It is wrong", None]}]


def test_an_override_ends_by_itself() -> None:
    """At the first refresh from its time on, in an entry of its own."""
    observe_body("Agency", agency(name="Theirs"))
    refresh()
    until = clock.now() + timedelta(hours=1)
    make_overrides("Agency", 66, name="Ours", until=until)
    begin = last_serial()
    refresh(until - timedelta(seconds=1))
    assert (_named(), entries_after(begin)) == ("Ours", [])
    refresh(until)
    assert _named() == "Theirs"
    assert [(source, changes["name"]) for source, _, _, changes in entries_after(begin)] == [("override", ["Ours", "Theirs"])]


@pytest.mark.parametrize(
    ("kind", "key", "values", "reason"),
    [
        ("Agency", 67, {"name": "X"}, "Agency 67 is not in the catalogue"),
        ("Launch", VOSTOK_1, {"status": 99}, "LaunchStatus 99 is not in the catalogue"),
        ("Launch", VOSTOK_1, {"program": [25]}, "Program 25 is not in the catalogue"),
        ("Launch", VOSTOK_1, {"vid_urls": [{"url": "x", "type": 7}]}, "VidURLType 7 is not in the catalogue"),
        ("Launch", VOSTOK_1, {"updates": [1]}, "updates of Launch cannot be overridden"),
        ("Launch", VOSTOK_1, {"observations": []}, "observations of Launch cannot be overridden"),
        ("Launch", VOSTOK_1, {"listed": 1}, "listed of Launch cannot be overridden"),
    ],
)
def test_what_cannot_be_overridden_is_refused_and_nothing_is_written(
    kind: str, key: int | str, values: dict[str, Any], reason: str
) -> None:
    """Also what was wanted together with it."""
    observe_body("Launch", launch_body())
    begin = last_serial()
    good = Wanted("Launch", VOSTOK_1, "name", {"name": "Ours"}, "Why")
    bad = [Wanted(kind, key, column, {column: value}, "Why") for column, value in values.items()]
    with pytest.raises(OverrideRefused, match=reason) as refused:
        override([good, *bad])
    assert refused.value.place == 1
    assert (last_serial(), Override.objects.count()) == (begin, 0)


def test_reasons_times_and_numbers_of_overrides_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason is there and has a length, an end is to come, and a catalogue has so many overrides at most."""
    observe_body("Agency", agency())
    for reason in ("", " ", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(OverrideRefused, match="a reason has"):
            make_overrides("Agency", 66, reason, name="Ours")
    with pytest.raises(OverrideRefused, match="is past"):
        make_overrides("Agency", 66, name="Ours", until=clock.now())
    monkeypatch.setattr(overriding, "MOST_OVERRIDES", 1)
    make_overrides("Agency", 66, name="Ours")
    make_overrides("Agency", 66, name="Ours as well")
    with pytest.raises(OverrideRefused, match="at most 1 overrides"):
        make_overrides("Agency", 66, abbrev="O")
    assert list(Override.objects.values_list("column", flat=True)) == ["name"]
