"""Looking over the catalogue: counts, sources, next launches and names, each in one query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from launchledger.catalogue.actions import Observation, delete, observe, observe_starter
from launchledger.catalogue.models.launches import Pad
from launchledger.catalogue.models.programs import Program
from launchledger.catalogue.queries.overview import Holding, count, holdings, names_of, next_launches, related_model, sources
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, VOSTOK_1, VOSTOK_6, flight, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db


def _observe(model: str, body: dict[str, Any], source: str, at: datetime) -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at)])


def test_sources_are_newest_first_with_their_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """A source has the rows last seen there, over all tables, and the time of the newest; rows that were only named have none."""
    _observe("Pad", {"id": 1, "name": "1/5"}, "file:a.json", EARLY)
    _observe("Pad", {"id": 2, "name": "31/6"}, "file:a.json", EARLY + timedelta(seconds=7))
    _observe("Program", {"id": 1, "name": "Vostok"}, "file:a.json", EARLY)
    _observe("Pad", {"id": 3, "name": "39A"}, "file:b.json", LATE)
    _observe("Pad", {"id": 4}, "file:b.json", LATE)
    with django_assert_num_queries(1):
        found = sources(["Pad", "Program"])
    assert found == [("file:b.json", 1, LATE), ("file:a.json", 3, EARLY + timedelta(seconds=7)), ("", 1, None)]


def test_an_empty_catalogue_is_looked_over_too() -> None:
    """Where there are no rows everything is zero or nothing."""
    assert count({"pads": Pad.objects.all(), "programs": Program.objects.all()}) == {"pads": 0, "programs": 0}
    assert sources(["Pad", "Program"]) == []
    assert next_launches(datetime(2026, 1, 1, tzinfo=UTC), 5) == []
    assert names_of([]) == ({}, set())
    assert names_of([("Pad", "1")]) == ({}, set())


def test_next_launches_begin_with_the_soonest(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Launches whose net is not past come in its order, with the names around them; those that others only named do not."""
    later, sooner, now = (f"00000000-0000-4000-8000-{number:012}" for number in (1, 2, 3))
    take_in(
        "Launch",
        [
            launch(later, net="2027-01-01T00:00:00Z"),
            launch(sooner, net="2026-12-01T00:00:00Z", name="Soon", net_precision={"id": 7, "abbrev": "M"}),
            launch(now, net="2026-01-01T00:00:00Z", launch_service_provider=None, pad=None),
            launch(VOSTOK_1),
            {"id": VOSTOK_6, "net": "2026-06-01T00:00:00Z"},
        ],
    )
    with django_assert_num_queries(1):
        found = next_launches(datetime(2026, 1, 1, tzinfo=UTC), 2)
    assert [item.id for item in found] == [now, sooner]
    assert found[0].where == []
    assert found[1][1:5] == ("Soon", datetime(2026, 12, 1, tzinfo=UTC), "M", "Launch Successful")
    assert found[1].where == ["Soviet Space Program", "1/5", "Baikonur Cosmodrome, Republic of Kazakhstan"]


def test_rows_of_any_kind_are_named_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Names come from the row, or from what it belongs to; one query asks for all kinds."""
    take_in("SpacecraftFlight", [flight(1)])
    wanted = [
        *[("Launch", VOSTOK_1), ("SpacecraftFlight", "1"), ("AstronautFlight", "1"), ("AstronautRole", "1"), ("Agency", "66")],
        *[("Agency", "67"), ("Landing", "7"), ("Forgotten", "1")],
    ]
    with django_assert_num_queries(1):
        names, deleted = names_of(wanted)
    assert deleted == set()
    assert names == {
        ("Launch", VOSTOK_1): "Vostok-K | Vostok 1",
        ("SpacecraftFlight", "1"): "Vostok 1",
        ("AstronautFlight", "1"): "Yuri Gagarin",
        ("AstronautRole", "1"): "Commander",
        ("Agency", "66"): "Soviet Space Program",
    }


@pytest.mark.parametrize("model", sorted(WIRE.reader.keyed_models))
def test_asking_for_a_name_never_fails(model: str) -> None:
    """Whatever model the journal names, its rows can be asked for."""
    names_of([(model, "00000000-0000-4000-8000-000000000001" if model == "Launch" else "1"), ("Pad", "1")])


def test_columns_tell_what_they_are_ids_of() -> None:
    """A relation names its model; other columns, lists, and what there is not name none."""
    assert related_model("Launch", "status") == "LaunchStatus"
    assert {related_model("Launch", column) for column in ("net", "program", "nothing", "not_understood")} == {""}
    assert related_model("Forgotten", "status") == ""


def test_what_is_held_of_a_list(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The rows of the list, the oldest observation among them, and deleted rows of their kind; for all lists at once."""
    observe_starter()
    held = len(Pad.objects.all())
    _observe("Pad", {"id": 1_100_000_001, "name": "1/5"}, "file:a.json", LATE)
    _observe("Pad", {"id": 1_100_000_002, "name": "31/6"}, "file:a.json", EARLY)
    _observe("Pad", {"id": 1_100_000_003, "name": "39A"}, "file:a.json", EARLY - timedelta(days=9))
    delete("Pad", 1_100_000_003, LATE, "test", "It is gone.")
    with django_assert_num_queries(1):
        found = holdings({"pads": Pad.objects.filter(deleted_at=None), "none": Program.objects.filter(pk=0)})
    assert found == {"pads": Holding(held + 2, EARLY, 1), "none": Holding(0, None, 0)}
