"""Objects that the reader refuses, with the JSON path and the reason."""

from __future__ import annotations

from typing import Any

import pytest

from launchledger.wire import reader
from launchledger.wire.reader import Refusal, key_path
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import HOST, VOSTOK_1, VOSTOK_6, agency, docking_event, flight, launch

REFUSED: list[tuple[str, Any, str, str]] = [
    ("Agency", None, "$", "is null, expected an object"),
    ("Agency", [agency()], "$", "is an array, expected an object"),
    ("Agency", "66", "$", "is text ('66'), expected an object"),
    ("Agency", {"name": "nobody"}, "$", "has no id"),
    ("Agency", {"id": "66"}, "$.id", "is text ('66'), expected an integer"),
    ("Agency", {"id": None}, "$.id", "is null, expected an integer"),
    ("Agency", {"id": True}, "$.id", "is a boolean (True), expected an integer"),
    ("Agency", {"id": 66.0}, "$.id", "is a number (66.0), expected an integer"),
    ("Agency", {"id": 2**63}, "$.id", "more than 63 bits"),
    ("Agency", {"id": {}}, "$.id", "is an object, expected an integer"),
    ("Agency", agency(name=5), "$.name", "is an integer (5), expected text"),
    ("Agency", agency(name={"a": 1}), "$.name", "is an object, expected text"),
    ("Agency", agency(name="a\x00b"), "$.name", "holds a NUL"),
    ("Agency", agency(name="\ud83d"), "$.name", "half a surrogate pair"),
    ("Agency", agency(description="x" * 100_001), "$.description", "is a text of 100,001 characters, more than 100,000"),
    ("Agency", agency(featured=1), "$.featured", "is an integer (1), expected true or false"),
    ("Agency", agency(featured="true"), "$.featured", "is text ('true'), expected true or false"),
    ("Agency", agency(total_launch_count=True), "$.total_launch_count", "is a boolean (True), expected an integer"),
    ("Agency", agency(total_launch_count=-(2**63)), "$.total_launch_count", "more than 63 bits"),
    ("Agency", agency(total_launch_count="12"), "$.total_launch_count", "expected an integer"),
    ("Agency", agency(type={"id": 1, "name": "Government"}), "$.type", "is an object, expected text"),
    ("Agency", agency(colour="\ud800"), "$.colour", "half a surrogate pair"),
    ("Agency", agency(colour={"deep": [float("nan")]}), "$.colour", "NaN"),
    ("Agency", agency(**{"a\x00b": 1}), "$.a\x00b", "holds a NUL"),
    ("Agency", {"id": -1}, "$.id", "is -1; an id must not be negative"),
    ("Agency", {"id": 2**63}, "$.id", "is an integer of more than 63 bits"),
    ("Pad", {"id": 1, "location": {"id": -5}}, "$.location.id", "is -5; an id must not be negative"),
    ("Launch", {"id": 5}, "$.id", "is an integer (5), expected a UUID in lower case"),
    ("Launch", {"id": VOSTOK_1.upper()}, "$.id", "expected a UUID in lower case"),
    ("Launch", {"id": f"{VOSTOK_1}\n"}, "$.id", "expected a UUID in lower case"),
    ("Launch", launch(net="1961-02-30T00:00:00Z"), "$.net", "is not a valid date-time"),
    ("Launch", launch(net="1961-04-12"), "$.net", "is not a date-time with a zone"),
    ("Launch", launch(net=0), "$.net", "is an integer (0), expected text"),
    ("Launch", launch(status="Success"), "$.status", "is text ('Success'), expected an object"),
    ("Launch", launch(status=[]), "$.status", "is an array, expected an object"),
    ("Launch", launch(status={"name": "Success"}), "$.status", "has no id"),
    ("Launch", launch(mission=5), "$.mission", "is an integer (5), expected an object"),
    ("Launch", launch(rocket=[]), "$.rocket", "is an array, expected an object"),
    ("Launch", launch(rocket={"id": "x"}), "$.rocket.id", "expected an integer"),
    ("Launch", launch(rocket={"configuration": {"id": 1, "name": 2}}), "$.rocket.configuration.name", "expected text"),
    ("Launch", launch(program={}), "$.program", "is an object, expected an array"),
    ("Launch", launch(program=None), "$.program", "is null, expected an array"),
    ("Launch", launch(program=[{"id": 1}, 7]), "$.program[1]", "is an integer (7), expected an object"),
    ("Launch", launch(infoURLs=[7]), "$.infoURLs[0]", "is an integer (7), expected an object"),
    ("Launch", launch(infoURLs=["a\x00"]), "$.infoURLs[0].url", "holds a NUL"),
    ("Launch", launch(infoURLs=[{"priority": "high"}]), "$.infoURLs[0].priority", "expected an integer"),
    ("Launch", launch(timeline=["T-0"]), "$.timeline[0]", "is text ('T-0'), expected an object"),
    ("Launch", launch(timeline=[{"relative_time": "soon"}]), "$.timeline[0].relative_time", "is not a duration"),
    ("Launch", launch(lsp_name="\ud800"), "$.lsp_name", "half a surrogate pair"),
    ("Launch", launch(mission="\ud800"), "$.mission", "half a surrogate pair"),
    ("SpacecraftFlight", flight(landing={"id": 7, "downrange_distance": float("nan")}), "$.landing.downrange_distance", "is NaN"),
    ("SpacecraftFlight", flight(landing={"id": 7, "downrange_distance": 10**400}), "$.landing.downrange_distance", "too large"),
    (
        "SpacecraftFlight",
        flight(landing={"id": 7, "downrange_distance": True}),
        "$.landing.downrange_distance",
        "expected a number",
    ),
    (
        "SpacecraftFlight",
        flight(docking_events=[docking_event(docking="then")]),
        "$.docking_events[0].docking",
        "not a date-time",
    ),
    ("SpacecraftFlight", flight(spacecraft={"id": 1, "time_docked": "P1M"}), "$.spacecraft.time_docked", "is not a duration"),
    ("SpaceStation", {"id": 1, "founded": "1978-02-30"}, "$.founded", "is not a valid date"),
    ("SpaceStation", {"id": 1, "height": "5 m"}, "$.height", "expected a number"),
    ("DockingEvent", {"id": 4, "launch_id": 7, "flight_vehicle": {"id": 1}}, "$.launch_id", "expected a UUID"),
    ("DockingEvent", {"id": 4, "launch_id": "\ud800"}, "$.launch_id", "half a surrogate pair"),
]


@pytest.mark.parametrize(("model", "body", "path", "reason"), REFUSED, ids=[f"{row[2]} {row[3]}"[:60] for row in REFUSED])
def test_an_error_names_its_path(model: str, body: Any, path: str, reason: str) -> None:
    """The path is that of the value; the reason names the value and what was expected."""
    with pytest.raises(Refusal) as refused:
        WIRE.reader.read(model, body)
    assert refused.value.path == path
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"{HOST}/agencies/67/", "names the id '67', but the object's id is 66"),
        (f"{HOST}/pad/66/", "names pad, expected agencies"),
        ("https://ll.thespacedevs.com/2.3.0/agencies/66/", "names version 2.3.0; this server reads 2.0.0, 2.1.0, 2.2.0"),
        ("https://example.org/", "is not the address of an object"),
        ("", "is not the address of an object"),
        (66, "is not the address of an object"),
        ({}, "is not the address of an object"),
        ("https://" + "x" * 100_000, "is not the address of an object"),
    ],
)
def test_an_address_that_contradicts_its_object_is_refused(url: Any, reason: str) -> None:
    """One of the two is wrong, and nobody can say which."""
    with pytest.raises(Refusal) as refused:
        WIRE.reader.read("Agency", agency(url=url))
    assert refused.value.path == "$.url"
    assert reason in refused.value.reason
    assert len(refused.value.reason) < 200


def test_the_address_of_a_nested_object_is_checked_too() -> None:
    """The same rules apply to nested objects."""
    body = launch(id=VOSTOK_6, url=f"{HOST}/launch/{VOSTOK_1}/")
    with pytest.raises(Refusal) as refused:
        WIRE.reader.read("SpacecraftFlight", flight(launch=body))
    assert refused.value.path == "$.launch.url"


def test_nesting_without_end_is_refused() -> None:
    """Shapes may nest each other without end, and a reply may follow them."""
    body: dict[str, Any] = {"id": 1}
    for _ in range(5_000):
        body = {"id": 1, "docking_location": {"id": 1, "docked": body}}
    with pytest.raises(Refusal, match="nested too deeply"):
        WIRE.reader.read("DockingEvent", body)


def test_an_object_of_too_many_objects_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One object must fit one transaction."""
    monkeypatch.setattr(reader, "MOST_RECORDS", 3)
    with pytest.raises(Refusal, match=r"\$\.program\[2\]: holds more than 3 objects"):
        WIRE.reader.read("Launch", {"id": VOSTOK_1, "program": [{"id": 1}, {"id": 2}, {"id": 3}]})


def test_paths_are_of_bounded_length() -> None:
    """Keys come from outside, and a complaint is one line."""
    assert key_path("$", "name") == "$.name"
    assert len(key_path("$", "x" * 100_000)) == 62
