"""Overrides: they stand over what is observed, what follows from them follows, and their end gives back what was observed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger import clock
from launchledger.catalogue.actions import (
    LONGEST_REASON,
    Observation,
    OverrideRefused,
    Wanted,
    delete,
    end_overrides,
    observe,
    overriding,
    recompute,
    refresh,
)
from launchledger.catalogue.actions import override as make_overrides
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.launches import Launch, Pad
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight
from launchledger.catalogue.models.stations import SpaceStation
from launchledger.catalogue.statistics.comparing import compare
from launchledger.documents.models import Document
from launchledger.explorer.changes import last_changes
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, MIDDLE, VOSTOK_1, agency
from tests.support.bodies import launch as launch_body
from tests.support.observed import FAILURE, NOW, SECOND, SUCCESS, launch, moment, record, tell, uuid

pytestmark = pytest.mark.django_db


def _observe(model: str, body: dict[str, Any], at: Any = EARLY, source: str = "file:a.json") -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at)])


def _override(kind: str, key: int | str, reason: str = "It is wrong", until: Any = None, **values: Any) -> None:
    make_overrides([Wanted(kind, key, column, {column: value}, reason, until) for column, value in values.items()])


def _end(kind: str, key: int | str, *columns: str) -> int:
    return end_overrides({(kind, str(key), column) for column in columns})


def _entries(after: int = 0) -> list[tuple[str, str, Any, dict[str, Any]]]:
    entries = Entry.objects.filter(serial__gt=after).order_by("serial")
    return [(entry.source, entry.kind, entry.observed_at, entry.changes) for entry in entries]


def _last() -> int:
    return Entry.objects.values_list("serial", flat=True).last() or 0


def _get(path: str) -> Any:
    return Client().get(f"/2.2.0/{path}").json()


def _named(key: int = 66) -> Any:
    return Agency.objects.get(pk=key).name


def test_what_upstream_says_meanwhile_is_kept() -> None:
    """Older and newer observations alike; the newest comes back with its own time and source when the override ends."""
    _observe("Agency", agency(name="First"), EARLY)
    _override("Agency", 66, name="Ours")
    _observe("Agency", agency(name="Third"), LATE, "file:b.json")
    _observe("Agency", agency(name="Second"), MIDDLE)
    assert _named() == "Ours"
    assert Override.objects.get().observed_value == "Third"
    assert _end("Agency", 66, "name") == 1
    row = Agency.objects.get()
    assert (row.name, row.source, row.observed_at) == ("Third", "file:b.json", LATE)
    assert _end("Agency", 66, "name") == 0


def test_the_journal_names_the_override_and_its_reason() -> None:
    """Where it begins and where it ends; what is observed beneath has an entry of its own source that changes no column."""
    _observe("Agency", agency(name="First"))
    begin = _last()
    with time_machine.travel(NOW, tick=False):
        _override("Agency", 66, "Renamed in 1960", name="Ours", abbrev="CCCP")
    _observe("Agency", agency(name="Second"), MIDDLE)
    with time_machine.travel(NOW, tick=False):
        _end("Agency", 66, "name", "abbrev")
    assert _entries(begin) == [
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


def test_each_reason_has_its_entry() -> None:
    """Overrides of one object that are made together for two reasons; the same again changes nothing."""
    _observe("Agency", agency())
    begin = _last()
    wanted = [
        Wanted("Agency", 66, "name", {"name": "Ours"}, "One"),
        Wanted("Agency", 66, "abbrev", {"abbrev": "O"}, "Two"),
        Wanted("Agency", 66, "country_code", {"country_code": "SUN"}, "One"),
    ]
    assert make_overrides(wanted) == 3
    assert [changes["reason"][1] for *_, changes in _entries(begin)] == ["One", "Two"]
    assert make_overrides(wanted) == 0
    assert len(_entries(begin)) == 2
    _override("Agency", 66, "Better known", name="Ours")
    assert _entries(begin)[2][3] == {"name": ["Ours", "Ours"], "reason": ["One", "Better known"]}


def test_numbers_follow_from_effective_values() -> None:
    """An override that delays a launch shifts ranks and counts; observed history stays what upstream said."""
    for number in (1, 2):
        tell(record("Pad", 1), launch(number, f"2024-0{number}-01T00:00:00", pad=1, net_precision=SECOND))
    _override("Launch", uuid(1), net=moment("2024-03-01T00:00:00"))
    assert list(Launch.objects.order_by("pk").values_list("pad_launch_attempt_count", flat=True)) == [2, 1]
    _override("Launch", uuid(2), status=FAILURE)
    states = [state for (state,) in ObservedState.objects.filter(kind="Launch").values_list("state")]
    assert all("2024-03-01" not in state and f'"status":{FAILURE}' not in state for state in states)
    assert recompute(NOW) == 0
    _end("Launch", uuid(1), "net")
    _end("Launch", uuid(2), "status")
    assert list(Launch.objects.order_by("pk").values_list("pad_launch_attempt_count", "status")) == [(1, SUCCESS), (2, SUCCESS)]
    assert recompute(NOW) == 0


def test_an_overridden_number_stays_and_is_not_compared() -> None:
    """Neither changes, nor recomputing, nor a reply alter it, and it counts neither as upstream's nor as ours."""
    tell(record("Pad", 1), launch(1, "2024-01-01T00:00:00", pad=1, net_precision=SECOND))
    _override("Pad", 1, total_launch_count=50, orbital_launch_attempt_count=40)
    tell(record("Pad", 1, orbital_launch_attempt_count=39), launch(2, "2024-02-01T00:00:00", pad=1, net_precision=SECOND))
    recompute(NOW)
    assert Pad.objects.values_list("total_launch_count", "orbital_launch_attempt_count").get() == (50, 40)
    assert {each.compared for each in compare(NOW) if each.model == "Pad"} == {0}
    _end("Pad", 1, "total_launch_count", "orbital_launch_attempt_count")
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
        _override("Spacecraft", 1, time_in_space=timedelta(days=3))
        assert Spacecraft.objects.values_list("time_in_space", "time_in_space_since").get() == (timedelta(days=3), None)
        tell(record("Spacecraft", 1, name="Renamed"))
        assert recompute(NOW) == 0
        _end("Spacecraft", 1, "time_in_space")
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

    _override("SpacecraftFlight", 1, launch_crew=[2])
    assert flights() == {1: [], 2: [uuid(1)]}
    tell(record("SpacecraftFlight", 1, launch_crew=[1, 2]), at=NOW + timedelta(minutes=1))
    crew = SpacecraftFlight.objects.get().launch_crew.values_list("member_id", flat=True)
    assert list(crew) == [2]
    _override("Astronaut", 2, flights=[])
    _override("SpaceStation", 1, active_expeditions=[])
    assert flights() == {1: [], 2: []}
    assert recompute(NOW) == 0
    _end("SpacecraftFlight", 1, "launch_crew")
    _end("Astronaut", 2, "flights")
    assert flights() == {1: [uuid(1)], 2: [uuid(1)]}
    assert not SpaceStation.objects.get().active_expeditions.exists()
    _end("SpaceStation", 1, "active_expeditions")
    assert SpaceStation.objects.get().active_expeditions.count() == 1


def test_a_relation_moves_between_the_lists_of_its_owners() -> None:
    """A pad is shown by the location that the override names, and is back in its place afterwards."""
    pads = [record("Pad", key, location=1) for key in (1, 2)]
    tell(record("Location", 1, pads=[2, 1]), record("Location", 2), *pads)
    _override("Pad", 2, location=2)

    def shown() -> list[list[int]]:
        return [[pad["id"] for pad in _get(f"location/{key}/")["pads"]] for key in (1, 2)]

    assert shown() == [[1], [2]]
    tell(record("Location", 1, pads=[1, 2]), *pads, at=NOW + timedelta(minutes=1))
    assert shown() == [[1], [2]]
    _end("Pad", 2, "location")
    assert shown() == [[1, 2], []]


def test_an_override_ends_by_itself() -> None:
    """At the first refresh from its time on, in an entry of its own."""
    _observe("Agency", agency(name="Theirs"))
    refresh()
    until = clock.now() + timedelta(hours=1)
    _override("Agency", 66, name="Ours", until=until)
    begin = _last()
    refresh(until - timedelta(seconds=1))
    assert (_named(), _entries(begin)) == ("Ours", [])
    refresh(until)
    assert _named() == "Theirs"
    assert [(source, changes["name"]) for source, _, _, changes in _entries(begin)] == [("override", ["Ours", "Theirs"])]


def test_a_confirmation_of_what_is_beneath_writes_times_alone() -> None:
    """A reply that says again what it said before the override changes nothing, and the override's own value is news."""
    _observe("Agency", agency(name="Theirs"))
    _override("Agency", 66, name="Ours")
    begin = _last()
    _observe("Agency", agency(name="Theirs"), MIDDLE)
    assert (_entries(begin), Agency.objects.get().observed_at) == ([], MIDDLE)
    _observe("Agency", agency(name="Ours"), LATE)
    assert [changes for *_, changes in _entries(begin)] == [{"observed.name": ["Theirs", "Ours"]}]


def test_documents_searches_and_slugs_follow() -> None:
    """A reply is never stale: neither when an override begins, nor when it ends."""
    _observe("Launch", launch_body())
    for name in ("Wostok", "Vostok-K | Vostok 1"):
        if name == "Wostok":
            _override("Launch", VOSTOK_1, name=name)
        else:
            _end("Launch", VOSTOK_1, "name")
        for _ in range(2):  # rendered, and then stored
            assert _get(f"launch/{VOSTOK_1}/")["name"] == name
        assert Document.objects.filter(key=VOSTOK_1).exists()
        assert _get("launch/?search=wostok")["count"] == (name == "Wostok")


def test_pages_show_who_said_it_and_why() -> None:
    """The last changes name the override, the column and the reason, and what was observed meanwhile."""
    _observe("Agency", agency(name="Theirs"))
    _override("Agency", 66, "Renamed in 1960", name="Ours")
    _observe("Agency", agency(name="Still theirs"), MIDDLE)
    beneath, made, _ = last_changes()
    shown = [(change.column, change.before, change.now) for change in made.lines[0].changes]
    assert (made.source, shown[0]) == ("override", ("name", "Theirs", "Ours"))
    assert ("reason", "nothing", "Renamed in 1960") in shown
    assert [(change.column, change.now) for change in beneath.lines[0].changes] == [("observed name", "Still theirs")]


def test_a_deleted_object_keeps_its_override_for_its_revival() -> None:
    """Deleting changes no override, and a later observation revives the object as it is overridden."""
    _observe("Agency", agency(name="Theirs"))
    _override("Agency", 66, name="Ours")
    delete("Agency", 66, MIDDLE, "test")
    with pytest.raises(OverrideRefused, match="Agency 66 is deleted"):
        _override("Agency", 66, abbrev="O")
    _observe("Agency", agency(name="Later"), LATE)
    assert (_named(), Agency.objects.get().deleted_at) == ("Ours", None)
    _end("Agency", 66, "name")
    assert _named() == "Later"


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
    _observe("Launch", launch_body())
    begin = _last()
    good = Wanted("Launch", VOSTOK_1, "name", {"name": "Ours"}, "Why")
    bad = [Wanted(kind, key, column, {column: value}, "Why") for column, value in values.items()]
    with pytest.raises(OverrideRefused, match=reason) as refused:
        make_overrides([good, *bad])
    assert refused.value.place == 1
    assert (_last(), Override.objects.count()) == (begin, 0)


def test_reasons_times_and_numbers_of_overrides_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason is there and has a length, an end is to come, and a catalogue has so many overrides at most."""
    _observe("Agency", agency())
    for reason in ("", " ", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(OverrideRefused, match="a reason has"):
            _override("Agency", 66, reason, name="Ours")
    with pytest.raises(OverrideRefused, match="is past"):
        _override("Agency", 66, name="Ours", until=clock.now())
    monkeypatch.setattr(overriding, "MOST_OVERRIDES", 1)
    _override("Agency", 66, name="Ours")
    _override("Agency", 66, name="Ours as well")
    with pytest.raises(OverrideRefused, match="at most 1 overrides"):
        _override("Agency", 66, abbrev="O")
    assert list(Override.objects.values_list("column", flat=True)) == ["name"]
