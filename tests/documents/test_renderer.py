"""Rendering: wire objects from rows, with every value as the wire writes it."""

from __future__ import annotations

from typing import Any

import pytest

from launchledger.catalogue.actions import Observation, observe
from launchledger.documents.renderer import Address
from launchledger.documents.rendering import render
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import MIDDLE, VOSTOK_1, flight, launch

pytestmark = pytest.mark.django_db


def shown(shape: str, body: dict[str, Any], base: str = "https://a.example/2.2.0/", end: str = "/") -> dict[str, Any]:
    observe([Observation(WIRE.reader.read(WIRE.shapes[shape].model, body), "test", MIDDLE)])
    return render(WIRE.shapes[shape], [body["id"]], Address(base, end))[0]


@pytest.mark.parametrize("end", ["/", "/?format=json", "/?format=api", ".json"])
def test_addresses_are_written_as_asked(end: str) -> None:
    """Every address, however deep, has the base and the end of the reply, and its own resource and id."""
    got = shown("SpacecraftFlightDetailed", flight(), "http://localhost:8000/2.2.0/", end)
    assert got["url"] == f"http://localhost:8000/2.2.0/spacecraft/flight/1{end}"
    assert got["launch"]["url"] == f"http://localhost:8000/2.2.0/launch/{VOSTOK_1}{end}"
    agency = got["spacecraft"]["spacecraft_config"]["agency"]
    assert agency["url"] == f"http://localhost:8000/2.2.0/agencies/66{end}"


def test_values_have_the_types_of_the_wire() -> None:
    """Booleans are booleans on both databases, floats keep their fraction, dates and durations are text, null is null."""
    got = shown("SpacecraftFlightDetailed", flight())
    configuration = got["spacecraft"]["spacecraft_config"]
    assert configuration["human_rated"] is True
    assert configuration["in_use"] is False
    assert (configuration["diameter"], type(configuration["diameter"])) == (2.0, float)
    assert configuration["maiden_flight"] == "1960-05-15"
    assert configuration["payload_capacity"] is None
    assert got["mission_end"] == "1961-04-12T07:55:00Z"
    assert got["spacecraft"]["time_in_space"] == "PT1H48M"


def test_fractions_of_seconds_are_kept() -> None:
    """A moment with a fraction keeps it, one without has none."""
    got = shown("LaunchSerializerCommon", launch(net="1961-04-12T06:07:00.250000Z"))
    assert got["net"] == "1961-04-12T06:07:00.250000Z"
    assert got["window_end"] == "1961-04-12T06:07:00Z"


def test_a_relation_that_is_not_there_is_null_and_a_list_is_empty() -> None:
    """Null for one, an empty list for many, and the part of a row that was never seen is null too."""
    got = shown("LaunchDetailed", {"id": VOSTOK_1})
    assert [got[key] for key in ("mission", "pad", "status", "rocket")] == [None] * 4
    assert [list(got[key]) for key in ("program", "updates", "infoURLs", "timeline")] == [[]] * 4


def test_what_many_share_is_rendered_once() -> None:
    """Rows that show the same list show one and the same object, so that a page costs what it holds."""
    program = [{"id": 1, "name": "Vostok", "agencies": [{"id": 66}]}]
    for number in (1, 2):
        body = launch(f"{number:08}-0000-0000-0000-000000000000", program=program)
        observe([Observation(WIRE.reader.read("Launch", body), "test", MIDDLE)])
    keys = [f"{number:08}-0000-0000-0000-000000000000" for number in (1, 2)]
    first, second = render(WIRE.shapes["LaunchSerializerCommon"], keys, Address("", "/"))
    assert first["program"][0]["agencies"] is second["program"][0]["agencies"]
