"""Objects, columns and values as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from launchledger.curation.columns import (
    LONGEST_VALUE,
    Refused,
    column_named,
    column_of,
    key_of,
    subject_named,
    value_in,
    wanted,
    written,
)
from tests.support.observed import uuid


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("launch", "Launch", "launch"),
        ("launch/upcoming", "Launch", "launch"),
        ("config/launcher", "LauncherConfiguration", "config/launcher"),
        ("spacecraft_flight", "SpacecraftFlight", "spacecraft/flight"),
        ("mission", "Mission", "mission"),
        ("first_stage", "FirstStage", "firststage"),
        ("FirstStage", "FirstStage", "firststage"),
    ],
)
def test_objects_are_named_by_resource_or_kind(name: str, kind: str, shown: str) -> None:
    """Kinds that no resource has, too; the name that is shown is understood again."""
    subject = subject_named(name)
    assert (subject.kind, subject.name) == (kind, shown)
    assert subject_named(shown) == subject


@pytest.mark.parametrize("name", ["rockets", "dashboard/starship", "launch.rocket", "", "x" * 1000])
def test_other_names_are_refused(name: str) -> None:
    """The dashboard is no object with an id."""
    with pytest.raises(Refused, match=r"is not a resource of version 2\.2\.0"):
        subject_named(name)


def test_ids_are_those_of_the_resource() -> None:
    """A launch has a UUID in any case of its letters, everything else a number."""
    assert key_of(subject_named("launch"), uuid(1).upper()) == uuid(1)
    assert key_of(subject_named("pad"), "32") == 32
    for name, text in (("launch", "1"), ("pad", "-1"), ("pad", "9" * 37), ("pad", "¹")):
        with pytest.raises(Refused, match="is not an id of"):
            key_of(subject_named(name), text)


@pytest.mark.parametrize(
    ("resource", "column", "text", "values"),
    [
        ("launch", "net", "2026-07-21T14:00:00Z", {"net": datetime(2026, 7, 21, 14, tzinfo=UTC)}),
        ("launch", "name", "null and void", {"name": "null and void"}),
        ("launch", "image", "null", {"image": None}),
        ("launch", "name", '"null"', {"name": "null"}),
        ("launch", "probability", "80", {"probability": 80}),
        ("launch", "webcast_live", "true", {"webcast_live": True}),
        ("launch", "pad_turnaround", "P1DT2H", {"pad_turnaround": timedelta(days=1, hours=2)}),
        ("launch", "status", "3", {"status": 3}),
        ("launch", "pad", "5", {"pad": 5, "pad_name": None, "location_name": None}),
        ("launch", "rocket.configuration", "7", {"configuration": 7}),
        ("launch", "program", "25, 1", {"program": [25, 1]}),
        ("launch", "program", "[25]", {"program": [25]}),
        ("launch", "program", "", {"program": []}),
        ("launch", "vidURLs", '[{"url": "x"}]', {"vid_urls": [{"url": "x"}]}),
        ("event", "launches", uuid(1), {"launches": [uuid(1)]}),
        ("landing", "success", "false", {"success": False}),
    ],
)
def test_values_have_the_declared_type(resource: str, column: str, text: str, values: dict[str, Any]) -> None:
    """As replies have them; a relation clears the names that were known of it."""
    found = column_named(subject_named(resource), column)
    key = uuid(1) if resource == "launch" else 1
    assert wanted(found, key, value_in(found, text), "Why").values == values
    assert column_of(found.subject.kind, found.field.column) == found


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("nett", "'nett' is not a column of launch; is it net?"),
        ("id", "id cannot be overridden"),
        ("url", "url cannot be overridden"),
        ("type", "type cannot be overridden"),
        ("lsp_name", "lsp_name follows from launch_service_provider.name; override that"),
        ("rocket", "rocket has parts: name one, such as rocket.configuration"),
        ("rocket.nothing", "'rocket.nothing' is not a column of launch"),
        ("status.name", "'status.name' is not a column of launch"),
        ("rocket.launcher_stage", "rocket.launcher_stage shows objects that name this one"),
        ("rocket.spacecraft_stage", "rocket.spacecraft_stage shows objects that name this one"),
        ("deleted_at", "'deleted_at' is not a column of launch"),
        ("", "'' is not a column of launch"),
        ("x" * 10_000, "is not a column of launch"),
    ],
)
def test_other_columns_are_refused(column: str, reason: str) -> None:
    """In one line that says what is possible."""
    with pytest.raises(Refused) as refused:
        column_named(subject_named("launch"), column)
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("net", "tomorrow", "net 'tomorrow' is not a date-time with a zone"),
        ("probability", "high", "probability is text ('high'), expected an integer"),
        ("probability", "1.5", "probability is a number (1.5), expected an integer"),
        ("probability", str(2**63), "probability is an integer of more than 63 bits"),
        ("webcast_live", "1", "webcast_live is an integer (1), expected true or false"),
        ("name", "null", "name is never null on the wire"),
        ("name", '"x', "name is not JSON"),
        ("name", "x" * 100_001, "name is a text of 100,001 characters, more than 100,000"),
        ("name", "x" * (LONGEST_VALUE + 1), "name has 200,001 characters, more than 200,000"),
        ("pad_turnaround", "P1M", "pad_turnaround 'P1M' is not a duration"),
        ("program", "25,25", "program has an id twice"),
        ("program", "null", "program is null, expected an array"),
        ("program", "[[25]]", "program is made of ids, not of objects"),
        ("program", "[", "program is not JSON"),
        ("vidURLs", "[" * 100_000, "vidURLs is not JSON"),
        ("vidURLs", '[{"surprise": 1}]', "vidURLs has keys that it has not on the wire"),
        ("vidURLs", '[{"url": "x", "type": {"id": 1, "name": "Ours"}}]', "vidURLs has an object with more than its id"),
    ],
)
def test_other_values_are_refused(column: str, text: str, reason: str) -> None:
    """In one line of bounded length."""
    found = column_named(subject_named("launch"), column)
    with pytest.raises(Refused) as refused:
        wanted(found, uuid(1), value_in(found, text), "Why")
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_list_without_ids_is_written_as_on_the_wire() -> None:
    """Relations of its members by their ids, as they are read."""
    column = column_named(subject_named("launch"), "timeline")
    assert written(column, [{"type_id": 3, "relative_time": "P0D", "not_understood": {}}]) == [
        {"type": {"id": 3}, "relative_time": "P0D"}
    ]
    assert wanted(column, uuid(1), [{"type": {"id": 3}, "relative_time": "P0D"}], "Why").values == {
        "timeline": [{"type": 3, "relative_time": timedelta(0)}]
    }
