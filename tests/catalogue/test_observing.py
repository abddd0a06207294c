"""The writers' rules: which value wins when observations of different size and age meet, and the entries of the journal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, Outcome, observe
from launchledger.catalogue.actions.rows import Row
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import Launch, LaunchProgramLink, Pad
from launchledger.catalogue.models.links import LaunchInfoURL
from launchledger.catalogue.models.spacecraft import SpacecraftFlight
from launchledger.catalogue.models.stations import DockingEvent
from launchledger.catalogue.records import Record
from launchledger.formats.times import UNKNOWN
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, MIDDLE, agency, agency_mini, docking_event, flight, launch

pytestmark = pytest.mark.django_db


def see(model: str, body: dict[str, Any], at: datetime = MIDDLE, source: str = "test") -> Outcome:
    return observe([Observation(WIRE.reader.read(model, body), source, at)])[0]


def test_a_smaller_shape_leaves_what_a_larger_one_brought() -> None:
    """A newer reply that shows four keys of an agency changes these and no other."""
    see("Agency", agency(), EARLY)
    see("Agency", agency_mini(name="Soviet Space Programme"), LATE)
    row = Agency.objects.get(pk=66)
    assert (row.name, row.abbrev, row.founding_year) == ("Soviet Space Programme", "CCCP", "1931")


def test_an_older_observation_fills_gaps_and_overwrites_nothing() -> None:
    """An older observation wins only where nothing newer is known: column by column, not row by row."""
    see("Agency", agency_mini(name="New name"), LATE)
    see("Agency", agency(name="Old name"), EARLY)
    row = Agency.objects.get(pk=66)
    assert (row.name, row.abbrev) == ("New name", "CCCP")


@pytest.mark.parametrize("order", list(permutations(("First", "Second"))))
def test_of_two_replies_of_one_time_the_same_one_wins(order: tuple[str, str]) -> None:
    """Two replies of one time that disagree do not take turns: the same one wins in either order, however often loaded."""
    for name in (*order, *order, *order):
        see("Agency", agency_mini(name=name))
    assert Agency.objects.get(pk=66).name == "Second"
    assert Entry.objects.filter(kind="Agency").count() == (2 if order[0] == "First" else 1)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_of_replies_of_one_time_the_one_saved_last_wins(order: tuple[int, ...]) -> None:
    """In whatever order files are loaded, and though the name of an earlier one is greater."""
    for number in order:
        saved, source = LATE + timedelta(seconds=number), f"file:{9 - number}.json"
        observe([Observation(WIRE.reader.read("Agency", agency_mini(name=f"Name {number}")), source, MIDDLE, saved)])
    assert Agency.objects.get(pk=66).name == "Name 3"
    assert Agency.objects.get(pk=66).source == "file:6.json"


def test_rows_without_times_of_saving_give_way() -> None:
    """A row of an earlier version has no time of saving: a file of the same time is the later."""
    see("Agency", agency_mini(name="Old"), MIDDLE, "file:a.json")
    Agency.objects.update(observations=[[*Agency.objects.get(pk=66).observations[0][:3]]])
    assert observe([Observation(WIRE.reader.read("Agency", agency_mini(name="New")), "file:a.json", MIDDLE, LATE)]) == [
        Outcome.CHANGED
    ]
    assert Agency.objects.get(pk=66).name == "New"


def test_null_is_a_value_and_a_missing_key_is_none() -> None:
    """A key with null empties its column; a key that is not there leaves it."""
    see("Agency", agency(), EARLY)
    see("Agency", {"id": 66, "founding_year": None}, LATE)
    row = Agency.objects.get(pk=66)
    assert (row.founding_year, row.administrator, row.abbrev) == (None, None, "CCCP")


def test_seeing_the_same_again_writes_no_entry() -> None:
    """Equal values are no change, observed at the same time or later."""
    see("SpacecraftFlight", flight())
    entries = Entry.objects.count()
    assert see("SpacecraftFlight", flight()) is Outcome.SAME
    assert see("SpacecraftFlight", flight(), LATE) is Outcome.SAME
    assert Entry.objects.count() == entries


def test_a_confirmation_makes_a_value_newer() -> None:
    """A value seen again later counts as seen then: an observation from between does not overwrite it."""
    see("Agency", agency_mini(name="Kept"), EARLY)
    see("Agency", agency_mini(name="Kept"), LATE)
    see("Agency", agency_mini(name="From between"), MIDDLE)
    assert Agency.objects.get(pk=66).name == "Kept"


def test_the_row_knows_when_and_where_it_was_last_seen() -> None:
    """The row has the source and time of the newest observation; older ones do not replace them."""
    see("Agency", agency(), LATE, "upstream")
    see("Agency", agency(), EARLY, "an old file")
    row = Agency.objects.get(pk=66)
    assert (row.source, row.observed_at) == ("upstream", LATE)


def test_outcomes_tell_new_changed_and_same() -> None:
    """An object is new when its row is; changed when it or anything nested in it changed."""
    assert see("Launch", launch(), EARLY) is Outcome.NEW
    assert see("Launch", launch(), MIDDLE) is Outcome.SAME
    assert see("Launch", launch(launch_service_provider=agency_mini(name="Renamed")), LATE) is Outcome.CHANGED


def test_an_entry_tells_old_and_new_in_wire_form() -> None:
    """A changed entry names each changed column once, with what it was and what it is, in wire form."""
    see("Launch", launch(), EARLY, "first")
    see("Launch", launch(net="1961-04-12T06:07:30Z", status=None), LATE, "second")
    entry = Entry.objects.get(kind="Launch", action="changed", source="second")
    assert entry.changes == {"net": ["1961-04-12T06:07:00Z", "1961-04-12T06:07:30Z"], "status": [3, None]}


def test_what_was_computed_has_an_entry_of_its_own() -> None:
    """A launch that is known by its name only has no turnaround: the entry of this change has no observed time."""
    see("Launch", launch(), EARLY, "first")
    see("Launch", launch(status=None), LATE, "second")
    observed, computed = Entry.objects.filter(kind="Launch", action="changed").order_by("serial")
    assert (observed.changes, observed.source) == ({"status": [3, None]}, "second")
    assert (computed.changes, computed.source) == ({"pad_turnaround": ["P0D", None]}, "statistics")
    assert (observed.transaction, computed.observed_at) == (computed.transaction, None)


def test_an_entry_has_the_source_and_the_time_of_its_change() -> None:
    """An old reply that fills a gap is the source of what it fills, although newer ones had the same object."""
    see("Agency", agency_mini(name="Name"), LATE, "file:new.json")
    see("Agency", agency(name="Old name"), EARLY, "file:old.json")
    created, filled = Entry.objects.filter(kind="Agency").order_by("serial")
    assert (created.action, created.source, created.observed_at) == ("created", "file:new.json", LATE)
    assert (filled.action, filled.source, filled.observed_at) == ("changed", "file:old.json", EARLY)
    assert "name" not in filled.changes
    assert filled.changes["abbrev"] == ["", "CCCP"]


def test_an_entry_is_as_old_as_the_object_says() -> None:
    """The observed time is upstream's `last_updated`; for nested objects without one it is the time of the reply."""
    see("Launch", launch(last_updated="2020-02-03T04:05:06Z"), LATE)
    assert Entry.objects.get(kind="Launch").observed_at == datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert Entry.objects.get(kind="Pad").observed_at == LATE


def test_what_nobody_can_date_has_no_observed_time() -> None:
    """A file without any time fills gaps, and its entries are not dated 1970."""
    see("Agency", agency_mini(), UNKNOWN)
    assert Entry.objects.get(kind="Agency").observed_at is None


def test_changes_of_one_transaction_keep_their_sources() -> None:
    """Two replies in one batch change one object: each has its entry, and both have the transaction's number."""
    see("Agency", agency(), EARLY)
    observe(
        [
            Observation(WIRE.reader.read("Agency", agency_mini(name="Other")), "first", MIDDLE),
            Observation(WIRE.reader.read("Agency", agency(name="Other", abbrev="OTH")), "second", LATE),
        ]
    )
    entries = Entry.objects.filter(action="changed").order_by("serial")
    assert [(entry.source, entry.changes) for entry in entries] == [
        ("first", {"name": [agency()["name"], "Other"]}),
        ("second", {"abbrev": ["CCCP", "OTH"]}),
    ]
    assert len({entry.transaction for entry in entries}) == 1


def test_a_confirmation_writes_times_alone() -> None:
    """Seeing the same later rewrites no row: only when it was seen, and where, in one statement a table."""
    see("Launch", launch(), EARLY, "first")
    with CaptureQueriesContext(connection) as queries:
        see("Launch", launch(), LATE, "second")
    _assert_only_times_are_written(queries)
    assert (Launch.objects.get().observed_at, Launch.objects.get().source) == (LATE, "second")


def test_a_value_that_is_older_than_the_stored_one_is_left_out_of_a_confirmation() -> None:
    """A page of old launches repeats their agency as it was: it loses, and the rest of the page is confirmed."""
    see("Launch", launch(), EARLY, "first")
    see("Agency", agency(name="Renamed"), LATE, "third")
    with CaptureQueriesContext(connection) as queries:
        see("Launch", launch(), MIDDLE, "second")
    _assert_only_times_are_written(queries)
    assert Agency.objects.get(pk=66).name == "Renamed"
    assert (Launch.objects.get().observed_at, Launch.objects.get().source) == (MIDDLE, "second")


def _assert_only_times_are_written(queries: CaptureQueriesContext) -> None:
    """States of the history aside: one UPDATE for each table, of times and sources."""
    asked = [re.sub(r"^\d+ times: ", "", query["sql"]).split() for query in queries]
    written = [
        sql for sql in asked if sql[0] in ("INSERT", "UPDATE", "DELETE") and "catalogue_observedstate" not in " ".join(sql)
    ]
    assert all(sql[0] == "UPDATE" and '"observations"' in sql and '"name"' not in sql for sql in written)
    tables = [sql[1] for sql in written]
    assert '"catalogue_launch"' in tables
    assert len(tables) == len(set(tables))


def test_a_change_that_a_transaction_takes_back_is_none() -> None:
    """Within one transaction only the outcome counts."""
    see("Agency", agency_mini(name="Same"), EARLY)
    observe(
        [
            Observation(WIRE.reader.read("Agency", agency_mini(name="Other")), "test", MIDDLE),
            Observation(WIRE.reader.read("Agency", agency_mini(name="Same")), "test", LATE),
        ]
    )
    assert not Entry.objects.filter(action="changed").exists()


def test_lists_keep_their_order_and_are_replaced_whole() -> None:
    """A list of links is as last observed; its change is the owner's."""
    programs = [{"id": number, "name": f"Program {number}"} for number in (3, 1, 2)]
    see("Launch", launch(program=programs), EARLY)
    assert _program_order() == [3, 1, 2]
    see("Launch", launch(program=programs[::-1][:2]), LATE)
    assert _program_order() == [2, 1]
    assert Entry.objects.get(kind="Launch", action="changed").changes == {"program": [[3, 1, 2], [2, 1]]}


def _program_order() -> list[int]:
    links = LaunchProgramLink.objects.order_by("position")
    return list(links.values_list("member_id", flat=True))


def test_a_list_observed_earlier_changes_nothing() -> None:
    """Lists are columns too: an older one does not overwrite."""
    see("Launch", launch(program=[{"id": 1}]), LATE)
    see("Launch", launch(program=[{"id": 2}]), EARLY)
    assert _program_order() == [1]


def test_members_of_a_list_point_to_their_owner() -> None:
    """A docking in a flight's list is that flight's, at its place, as if it had said so itself."""
    see("SpacecraftFlight", flight(docking_events=[docking_event(12), docking_event(11)]))
    events = DockingEvent.objects.filter(flight_vehicle=1).order_by("flight_vehicle_position")
    assert [event.pk for event in events] == [12, 11]


def test_a_member_that_left_the_list_leaves_its_owner() -> None:
    """What a newer list no longer holds is no longer the owner's, and the journal records it."""
    see("SpacecraftFlight", flight(docking_events=[docking_event(11), docking_event(12)]), EARLY)
    see("SpacecraftFlight", flight(docking_events=[docking_event(12)]), LATE)
    assert [event.pk for event in DockingEvent.objects.filter(flight_vehicle=1)] == [12]
    left = Entry.objects.get(kind="DockingEvent", key="11", action="changed")
    assert left.changes["flight_vehicle"] == [1, None]


def test_a_member_observed_later_keeps_its_own_owner() -> None:
    """A list does not take a member whose own later record names another owner."""
    see("Pad", {"id": 5, "location": {"id": 2}}, LATE)
    see("Location", {"id": 2, "pads": []}, EARLY)
    see("Location", {"id": 9, "pads": [{"id": 5}]}, MIDDLE)
    assert Pad.objects.get(pk=5).location_id == 2


def test_a_launch_shows_the_flight_that_flies_it() -> None:
    """`rocket.spacecraft_stage` is the flight's own relation to its launch, seen from the other side; null lets it go."""
    see("SpacecraftFlight", flight(), EARLY)
    see("Launch", launch(rocket={"id": 3003, "spacecraft_stage": None}), MIDDLE)
    assert SpacecraftFlight.objects.get(pk=1).launch_id is None
    see("Launch", launch(rocket={"id": 3003, "spacecraft_stage": {"id": 1}}), LATE)
    assert SpacecraftFlight.objects.get(pk=1).launch_id == launch()["id"]


def test_rows_without_an_id_come_and_go_with_their_owner() -> None:
    """Links of a launch are written anew when they change, and only then."""
    links = [
        {"priority": 9, "url": "https://a.example/"},
        {"priority": 1, "url": "https://b.example/", "type": {"id": 1, "name": "Page"}},
    ]
    see("Launch", launch(infoURLs=links), EARLY)
    before = list(LaunchInfoURL.objects.values_list("pk", "url", "priority"))
    assert [row[1:] for row in before] == [("https://a.example/", 9), ("https://b.example/", 1)]
    see("Launch", launch(infoURLs=links), MIDDLE)
    assert list(LaunchInfoURL.objects.values_list("pk", "url", "priority")) == before
    see("Launch", launch(infoURLs=links[1:]), LATE)
    assert list(LaunchInfoURL.objects.values_list("url", flat=True)) == ["https://b.example/"]


def test_keys_that_no_shape_knows_are_kept() -> None:
    """What is not understood stays with its object, and its change is journaled."""
    see("Launch", {"id": launch()["id"], "tbdtime": True}, EARLY)
    see("Launch", {"id": launch()["id"], "inhold": False}, LATE)
    assert Launch.objects.get().not_understood == {"tbdtime": True, "inhold": False}
    changed = Entry.objects.get(kind="Launch", action="changed")
    assert changed.changes == {"not_understood": [{"tbdtime": True}, {"tbdtime": True, "inhold": False}]}


def test_a_docking_event_names_the_launch_of_its_flight() -> None:
    """`launch_id` is the flight's launch, which becomes a row even if nothing else is known of it."""
    body = {"id": 4, "launch_id": launch()["id"], "flight_vehicle": {"id": 1}}
    see("DockingEvent", body)
    assert SpacecraftFlight.objects.get(pk=1).launch_id == launch()["id"]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_cannot_be_written_leaves_nothing() -> None:
    """Rows, lists and journal entries of one call are one transaction: all or none."""
    good = Observation(WIRE.reader.read("Agency", agency()), "test", MIDDLE)
    bad = Observation([Record("Pad", 1, {"location": 404})], "test", MIDDLE)  # there is no such location, and none is said
    with pytest.raises(IntegrityError):
        observe([good, bad])
    assert not Agency.objects.exists()
    assert not Entry.objects.exists()


def test_observing_inside_a_transaction_goes_with_it() -> None:
    """A caller's own transaction decides about what was observed in it."""
    with transaction.atomic():
        see("Agency", agency())
        transaction.set_rollback(True)
    assert not Agency.objects.exists()


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_row_has_the_place_that_its_owners_newest_list_gave_it(order: tuple[int, ...]) -> None:
    """Also where another owner had the row when that list came; and an owner that lost it would give it its place again."""
    found = [
        ("Location", {"id": 2, "pads": [{"id": 6}, {"id": 5}]}, EARLY),
        ("Location", {"id": 9, "pads": [{"id": 5}, {"id": 7}]}, MIDDLE),
        ("Pad", {"id": 5, "location": {"id": 2}}, LATE),
    ]
    for number in order:
        see(*found[number])
    assert list(Pad.objects.order_by("pk").values_list("pk", "location", "location_position")) == [
        (5, 2, 1),
        (6, 2, 0),
        (7, 9, 1),
    ]
    see("Pad", {"id": 5, "location": {"id": 9}}, LATE + timedelta(days=1))
    assert Pad.objects.values_list("location", "location_position").get(pk=5) == (9, 0)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize(
    "said",
    [
        [
            ("Location", {"id": 2, "pads": [{"id": 5}]}),
            ("Pad", {"id": 5, "location": {"id": 2}}),
            ("Location", {"id": 2, "pads": []}),
        ],
        [
            ("Pad", {"id": 5, "location": {"id": 3}}),
            ("Location", {"id": 2, "pads": [{"id": 5}]}),
            ("Location", {"id": 2, "pads": []}),
        ],
    ],
    ids=["left its list", "came into a list and left it"],
)
def test_a_list_excludes_other_rows_in_any_order_of_arrival(
    said: list[tuple[str, dict[str, Any]]], order: tuple[int, ...]
) -> None:
    """A list also excludes rows that are only observed later: the order of arrival makes no difference."""
    for place in order:
        model, body = said[place]
        see(model, body, (EARLY, MIDDLE, LATE)[place])
    assert Pad.objects.get(pk=5).location_id is None


def test_many_unknown_keys_are_kept_in_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an object keeps unread is put together once for all its keys: the work grows with the object, not with its square."""
    noted = []
    note_change = Row.note_change

    def counting(row: Row, column: str, *change: Any) -> None:
        noted.append(column)
        note_change(row, column, *change)

    monkeypatch.setattr(Row, "note_change", counting)
    unknown: dict[str, Any] = {f"key {number}": number for number in range(1_000)}
    see("Agency", agency(**unknown))
    assert noted.count("not_understood") == 1
    see("Agency", agency(**{**unknown, "key 5": "other", "key 1000": 1}), LATE)
    assert noted.count("not_understood") == 2
    assert Agency.objects.get(pk=66).not_understood == {**unknown, "key 5": "other", "key 1000": 1}
