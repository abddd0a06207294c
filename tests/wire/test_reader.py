"""What is read from a reply: columns, lists, owned rows, and unknown keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from launchledger.catalogue.records import Record
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import HOST, VOSTOK_1, VOSTOK_6, agency, agency_mini, docking_event, flight, launch


def record_of(records: list[Record], model: str) -> Record:
    return next(record for record in records if record.model == model)


def test_the_first_record_is_the_objects_own() -> None:
    """Those of nested objects follow, each with its model and key."""
    records = WIRE.reader.read("SpacecraftFlight", flight())
    assert (records[0].model, records[0].key) == ("SpacecraftFlight", 1)
    assert ("Launch", VOSTOK_1) in {(record.model, record.key) for record in records}
    assert record_of(records, "LauncherConfiguration").key == 451


def test_scalars_become_plain_values() -> None:
    """Times, dates and durations as Python's own; texts untouched."""
    records = WIRE.reader.read("SpacecraftFlight", flight())
    assert records[0].columns["mission_end"] == datetime(1961, 4, 12, 7, 55, tzinfo=UTC)
    assert record_of(records, "Spacecraft").columns["time_in_space"] == timedelta(hours=1, minutes=48)
    configuration = record_of(records, "SpacecraftConfiguration").columns
    assert configuration["maiden_flight"] == date(1960, 5, 15)
    assert configuration["details"] == "A sphere and an instrument module.\r\nIts pilot left it by parachute."
    assert configuration["diameter"] == 2.0


def test_relations_become_keys() -> None:
    """A nested object is a record of its own; its owner holds the key."""
    own = WIRE.reader.read("SpacecraftFlight", flight())[0]
    assert (own.columns["launch"], own.columns["spacecraft"], own.columns["landing"]) == (VOSTOK_1, 100, 7)


def test_lists_keep_the_order_they_were_given_in() -> None:
    """The keys of members, first to last; an empty list is recorded too."""
    own = WIRE.reader.read("SpacecraftFlight", flight(docking_events=[docking_event(12), docking_event(11)]))[0]
    assert own.lists["docking_events"] == [12, 11]
    assert own.lists["onboard_crew"] == []


def test_members_without_an_id_belong_to_the_row_that_lists_them() -> None:
    """The owner's record has their columns, their relations are keys, and each has its unknown keys."""
    link = {"priority": 9, "url": "https://a.example/", "type": {"id": 1, "name": "Page"}, "colour": "red"}
    records = WIRE.reader.read("Launch", launch(infoURLs=[link]))
    assert records[0].owned["info_urls"] == [
        {"priority": 9, "url": "https://a.example/", "type": 1, "not_understood": {"colour": "red"}}
    ]
    assert record_of(records, "InfoURLType").columns == {"name": "Page"}


def test_absent_keys_set_nothing_and_null_sets_null() -> None:
    """A smaller shape sets fewer columns."""
    assert WIRE.reader.read("Agency", {"id": 66, "abbrev": None})[0].columns == {"abbrev": None}


def test_the_id_is_the_key_and_no_column() -> None:
    """Neither the id nor the address is written as a column."""
    assert set(WIRE.reader.read("Agency", agency_mini())[0].columns) == {"name", "type"}


@pytest.mark.parametrize("column", ["name", "featured", "type", "country_code", "administrator", "parent"])
def test_any_scalar_may_be_null(column: str) -> None:
    """Also where the contract allows no null: what upstream sends is stored."""
    assert WIRE.reader.read("Agency", {**agency(), column: None})[0].columns[column] is None


@pytest.mark.parametrize("key", ["status", "mission", "pad", "launch_service_provider", "net_precision"])
def test_any_relation_may_be_null(key: str) -> None:
    """Null means that there is no relation."""
    assert WIRE.reader.read("Launch", {**launch(), key: None})[0].columns[key] is None


def test_an_address_may_be_null_or_absent() -> None:
    """It has no information that the id lacks."""
    assert WIRE.reader.read("Agency", {"id": 66, "url": None, "name": "x"})[0].columns == {"name": "x"}


def test_unknown_keys_are_stored() -> None:
    """As received, in the record of their object."""
    records = WIRE.reader.read("Launch", launch(tbdtime=True, pad={"id": 32, "notes": {"a": [1, None]}}))
    assert records[0].not_understood == {"tbdtime": True}
    assert record_of(records, "Pad").not_understood == {"notes": {"a": [1, None]}}


def test_the_rocket_of_a_launch_is_part_of_its_row() -> None:
    """Its id is a column of the launch, and what it holds are the launch's relations and lists."""
    rocket = {
        "id": 3003,
        "configuration": {"id": 451, "name": "Vostok-K"},
        "launcher_stage": [{"id": 8, "type": "Core"}],
        "spacecraft_stage": {"id": 1},
    }
    own = WIRE.reader.read("Launch", launch(rocket=rocket))[0]
    assert (own.columns["rocket_key"], own.columns["configuration"], own.columns["spacecraft_stage"]) == (3003, 451, 1)
    assert own.lists["launcher_stage"] == [8]


def test_a_part_that_is_null_changes_nothing() -> None:
    """A launch without its rocket keeps the one it had."""
    own = WIRE.reader.read("Launch", {"id": VOSTOK_1, "rocket": None})[0]
    assert own.columns == {}


@pytest.mark.parametrize("launch_first", [True, False])
def test_a_docking_event_gives_its_flight_the_launch(launch_first: bool) -> None:
    """`launch_id` is the launch of the flight in `flight_vehicle`, in whatever order the two keys come."""
    body: dict[str, Any] = {"id": 4, "launch_id": VOSTOK_6, "flight_vehicle": {"id": 1}}
    records = WIRE.reader.read("DockingEvent", body if launch_first else dict(reversed(body.items())))
    given = [record for record in records if record.model == "SpacecraftFlight" and "launch" in record.columns]
    assert [(record.key, record.columns["launch"]) for record in given] == [(1, VOSTOK_6)]
    assert ("Launch", VOSTOK_6) in {(record.model, record.key) for record in records}


@pytest.mark.parametrize("vehicle", [{}, {"flight_vehicle": None}])
def test_a_launch_without_a_flight_is_stored(vehicle: dict[str, Any]) -> None:
    """Without a flight, the launch of a docking event is stored with the event."""
    records = WIRE.reader.read("DockingEvent", {"id": 4, "launch_id": VOSTOK_6, **vehicle})
    assert records[0].not_understood == {"launch_id": VOSTOK_6}


def test_a_docking_event_without_a_launch_changes_none() -> None:
    """Null does not clear the launch that is known."""
    records = WIRE.reader.read("DockingEvent", {"id": 4, "launch_id": None, "flight_vehicle": {"id": 1}})
    assert all("launch" not in record.columns for record in records)


def test_constants_are_ignored() -> None:
    """`type` of a launch is the mode of the reply, not a fact about the launch."""
    own = WIRE.reader.read("Launch", launch(type="detailed"))[0]
    assert "type" not in own.columns
    assert own.not_understood == {}


def test_names_in_list_mode_are_stored_as_names() -> None:
    """Where a list shows only the name of a relation, the relation is unchanged, and the name has a column."""
    body = {"id": VOSTOK_1, "lsp_name": "Soviets", "mission": "Vostok 1", "pad": "1/5", "landing_success": None, "type": "list"}
    own = WIRE.reader.read("Launch", body)[0]
    assert own.columns == {"lsp_name": "Soviets", "mission_name": "Vostok 1", "pad_name": "1/5"}
    assert own.not_understood == {}
    assert WIRE.reader.read("Astronaut", {"id": 270, "agency": "Soviets"})[0].columns == {"agency_name": "Soviets"}


def test_a_relation_that_is_seen_clears_its_names() -> None:
    """The object replaces the name, which may be outdated."""
    own = WIRE.reader.read("Launch", {"id": VOSTOK_1, "pad": {"id": 1, "name": "1/5"}, "mission": None})[0]
    names = {"pad_name": None, "location_name": None, "mission_name": None, "mission_type": None}
    assert own.columns == {"pad": 1, "mission": None, **names}


def test_links_that_are_bare_addresses_are_links() -> None:
    """Version 2.0.0 listed videos in this form."""
    own = WIRE.reader.read("Launch", {"id": VOSTOK_1, "vidURLs": ["https://a.example/", "https://b.example/"]})[0]
    assert own.owned["vid_urls"] == [{"url": "https://a.example/"}, {"url": "https://b.example/"}]


def test_addresses_of_older_versions_and_other_hosts_are_read() -> None:
    """2.0.0 and 2.1.0 load as far as they go, from any host and in any format."""
    for url in (
        "https://spacelaunchnow.me/api/2.0.0/agencies/66/",
        "http://localhost/2.1.0/agencies/66.json",
        f"{HOST}/agencies/66/?format=api",
    ):
        assert WIRE.reader.read("Agency", agency(url=url))[0].key == 66


def test_the_dashboard_is_the_only_one_without_an_id() -> None:
    """Its members are rows of their own; only the lists of updates and vehicles are stored, all others are queried."""
    body = {
        "updates": [{"id": 3, "comment": "x"}],
        "upcoming": {"launches": [launch()], "events": []},
        "live_streams": [{"title": "Camera", "description": "", "image": None, "url": "https://a.example/"}],
        "vehicles": [{"id": 9}],
    }
    records = WIRE.reader.read("StarshipDashboard", body)
    assert (records[0].key, records[0].lists) == (1, {"updates": [3], "vehicles": [9]})
    assert [member["title"] for member in records[0].owned["live_streams"]] == ["Camera"]
    assert {"Update", "Launch", "Launcher"} <= {record.model for record in records}


@pytest.mark.parametrize(
    "shown", ["http://127.0.0.1:8000/2.2.0/no-picture.png", "https://ledger.example/ledger/2.2.0/no-picture.png"]
)
def test_the_neutral_picture_of_another_server_is_ours(shown: str) -> None:
    """It is stored by its name, so that our replies show our own, and every other picture as it came."""
    columns = WIRE.reader.read("Launch", {**launch(), "image": shown, "infographic": shown})[0].columns
    assert (columns["image"], columns["infographic"]) == ("no-picture.png", shown)
    other = "https://example.org/falcon-no-picture.png"
    assert WIRE.reader.read("Launch", {**launch(), "image": other})[0].columns["image"] == other
