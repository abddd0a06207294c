"""Plans: a fixed number of queries for any number of objects, read from one snapshot."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.documents.plan import fetch_rows, plan
from launchledger.documents.renderer import Address
from launchledger.documents.rendering import render
from launchledger.wire.fields import Shape
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, docking_event, flight, launch

pytestmark = pytest.mark.django_db

ADDRESS = Address("https://ll.thespacedevs.com/2.2.0/", "/")
SERVED = [shape for _, shape in sorted(WIRE.shapes.items()) if not shape.part and shape.has_key]


@pytest.mark.parametrize("shape", SERVED, ids=[shape.name for shape in SERVED])
def test_every_shape_has_a_plan_that_runs(shape: Shape) -> None:
    """Every column and list that a shape names can be read on this database, in no more queries than the plan says."""
    select = plan(shape, connection.vendor)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert render(shape, ["0" * 36 if shape.model == "Launch" else 0], ADDRESS) == []
    assert 1 == len(queries) <= select.count()


def test_the_queries_of_a_flight_are_these() -> None:
    """A detailed flight costs eleven queries: itself with all its single relations, three crews, its dockings, and six lists
    of its launch: the agencies and two kinds of links of its mission, and its programs with their agencies and patches."""
    observe([Observation(WIRE.reader.read("SpacecraftFlight", flight(docking_events=[docking_event()])), "test", EARLY)])
    assert plan(WIRE.shapes["SpacecraftFlightDetailed"], connection.vendor).count() == 11


def test_a_hundred_objects_cost_what_one_costs() -> None:
    """The number of queries does not grow with the objects, nor with what their lists hold."""
    flights = [
        flight(number, docking_events=[docking_event(number * 10 + place) for place in range(3)]) for number in range(1, 101)
    ]
    observe([Observation(WIRE.reader.read("SpacecraftFlight", body), "test", EARLY) for body in flights])
    counts = []
    for keys in ([1], range(1, 101)):
        with CaptureQueriesContext(connection) as queries:
            assert len(render(WIRE.shapes["SpacecraftFlightDetailed"], list(keys), ADDRESS)) == len(keys)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= plan(WIRE.shapes["SpacecraftFlightDetailed"], connection.vendor).count()


def test_no_owners_cost_no_query() -> None:
    """A list without owners is not queried."""
    with CaptureQueriesContext(connection) as queries:
        assert fetch_rows(plan(WIRE.shapes["Pad"], connection.vendor), []) == []
    assert len(queries) == 0


def test_objects_come_in_the_order_asked() -> None:
    """Rendering keeps the order of the keys and leaves out those that are not there."""
    observe([Observation(WIRE.reader.read("Pad", {"id": number}), "test", EARLY) for number in (1, 2, 3)])
    assert [pad["id"] for pad in render(WIRE.shapes["Pad"], [3, 9, 1, 2], ADDRESS)] == [3, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_closes_its_transaction() -> None:
    """After a snapshot, good or bad, the connection is as free as before it."""

    class Surprise(Exception):
        pass

    def read_and_fail() -> Any:
        with snapshot():
            fetch_rows(plan(WIRE.shapes["Pad"], connection.vendor), [1])
            raise Surprise

    with pytest.raises(Surprise):
        read_and_fail()
    with snapshot():
        assert render(WIRE.shapes["Pad"], [1], ADDRESS) == []
    observe([Observation(WIRE.reader.read("Launch", launch()), "test", EARLY)])
    assert connection.get_autocommit()


def test_list_mode_flattens_a_launch() -> None:
    """`mode=list` shows names in place of objects; what it says of stages and orbits upstream no longer fills, nor do we."""
    stage = {
        "id": 5,
        "type": "Core",
        "launcher": {"id": 8, "serial_number": "B1058"},
        "landing": {"id": 1, "attempt": True, "success": True, "location": {"id": 3, "name": "A ship", "abbrev": "OCISLY"}},
    }
    mission = {
        "id": 2,
        "name": "Demo-2",
        "type": "Human Exploration",
        "orbit": {"id": 8, "name": "Low Earth Orbit", "abbrev": "LEO"},
    }
    body = launch(mission=mission, rocket={"id": 1, "launcher_stage": [stage]})
    observe([Observation(WIRE.reader.read("Launch", body), "test", EARLY)])
    shown = render(WIRE.shapes["LaunchList"], [body["id"]], ADDRESS)[0]
    flattened = (
        "lsp_name",
        "mission",
        "mission_type",
        "pad",
        "location",
        "landing",
        "landing_success",
        "launcher",
        "orbit",
        "type",
    )
    assert [shown[key] for key in flattened] == [
        "Soviet Space Program",
        "Demo-2",
        "Human Exploration",
        "1/5",
        "Baikonur Cosmodrome, Republic of Kazakhstan",
        None,
        None,
        None,
        None,
        "list",
    ]
