"""Overrides in a file that can live in git."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from launchledger.catalogue.actions import end_overrides
from launchledger.catalogue.models.overrides import Override
from launchledger.curation import files
from launchledger.curation.columns import Refused, column_named, subject_named
from launchledger.curation.files import export, import_file
from launchledger.curation.listing import overrides
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.observed import uuid
from tests.support.whole import take_in, whole

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, tzinfo=UTC)
GOOD: dict[str, Any] = {"resource": "launch", "id": uuid(1), "column": "name", "value": "Ours", "reason": "Why"}


@pytest.fixture(autouse=True)
def _a_launch() -> None:
    for resource in WIRE.resources.values():
        take_in(resource.model, [whole(resource.detail, 1)])


def _file(*items: Any) -> bytes:
    return json.dumps({"overrides": list(items)}).encode()


def _any_value(column: Any) -> Any:
    """A value of this column as a file has it: what the objects have that were observed."""
    shape = WIRE.shapes[WIRE.resources["launch"].detail.name]
    body: Any = whole(shape, 1)
    for step in column.path:
        body = body[step]
    if column.has_ids:
        return [each["id"] for each in body] if isinstance(body, list) else body["id"]
    return body


@time_machine.travel(NOW, tick=False)
def test_what_was_exported_is_imported_as_it_was() -> None:
    """Every column of a launch that can be overridden; the same file again changes nothing, and the text is stable."""
    subject = subject_named("launch")
    names = [key for key in subject.vocabulary if key not in ("rocket", "id")] + ["rocket.configuration"]
    made = 0
    for name in names:
        try:
            column = column_named(subject, name)
        except Refused:
            continue
        if column.has_ids or column.field.kind.value != "many":
            made += import_file(_file(GOOD | {"column": name, "value": _any_value(column)}), NOW)[1]
    made += import_file(_file(GOOD | {"column": "vidURLs", "value": [{"url": "x"}], "until": "2027-01-01T00:00:00Z"}), NOW)[1]
    assert made > 30
    text = export(overrides(NOW))
    assert import_file(text.encode(), NOW) == (made, 0, 0)
    end_overrides({(each.kind, each.key, each.column) for each in Override.objects.all()})
    assert import_file(text.encode(), NOW) == (made, made, 0)
    assert export(overrides(NOW)) == text


@time_machine.travel(NOW, tick=False)
def test_those_that_are_over_are_left_out() -> None:
    """A file in git outlives them."""
    over = GOOD | {"column": "image", "until": "2026-07-01T00:00:00Z"}
    assert import_file(_file(GOOD, over), NOW) == (2, 1, 1)
    assert Override.objects.get().column == "name"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (7, "$.overrides[1]: it is not an object"),
        (GOOD | {"surprise": 1}, "$.overrides[1]: 'surprise' is not a key of an override"),
        ({"resource": "launch"}, "$.overrides[1]: it has no id"),
        (GOOD | {"reason": 7}, "$.overrides[1]: its reason is not text"),
        (GOOD | {"column": "image", "reason": "x" * 301}, "$.overrides[1]: a reason has 1 to 300 characters"),
        (GOOD | {"resource": "rockets"}, "$.overrides[1]: 'rockets' is not a resource"),
        (GOOD | {"id": 1.5}, "$.overrides[1]: '1.5' is not an id of launch"),
        (GOOD | {"id": uuid(9)}, f"$.overrides[1]: Launch {uuid(9)} is not in the catalogue"),
        (GOOD | {"column": "nett"}, "$.overrides[1]: 'nett' is not a column of launch"),
        (GOOD | {"column": "net", "value": 7}, "$.overrides[1]: net is an integer (7), expected text"),
        (GOOD | {"column": "image", "until": "soon"}, "$.overrides[1]: its until: 'soon' is not a date-time"),
        (GOOD | {"column": "image", "until": 7}, "$.overrides[1]: its until: until is not text"),
        (GOOD, "$.overrides[1]: it is the same column as $.overrides[0]"),
    ],
)
def test_one_bad_override_refuses_the_file(item: Any, reason: str) -> None:
    """With its place, and nothing is written."""
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        import_file(_file(GOOD, item), NOW)
    assert reason in str(refused.value)
    assert (Override.objects.count(), Entry.objects.count()) == (0, entries)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"7", "it has no list of overrides"),
        (b'{"overrides": {}}', "it has no list of overrides"),
        (b'{"overrides": [' + b"1," * 10_000 + b"1]}", "it has 10,001 overrides, more than 10,000"),
    ],
)
def test_other_files_are_refused(content: bytes, reason: str) -> None:
    """Whatever is in them."""
    with pytest.raises(Refused, match=reason):
        import_file(content, NOW)


def test_a_large_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read as JSON."""
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    with pytest.raises(Refused, match="it is larger than"):
        import_file(b" " * 11, NOW)


@time_machine.travel(NOW, tick=False)
def test_the_list_shows_what_upstream_says_and_whether_it_agrees() -> None:
    """With the source and the time of the observation; for a number that no reply had, what is computed."""
    take_in("Pad", [{"id": 1}])
    import_file(_file(GOOD, GOOD | {"column": "image", "value": "image 001", "until": "2027-01-01T00:00:00Z"}), NOW)
    image, name = overrides(NOW)
    assert (image.column.name, image.agrees, image.until) == ("image", True, NOW + timedelta(days=184))
    assert (name.value, name.observed, name.origin, name.source, name.agrees) == ("Ours", "name 001", "observed", "test", False)
    assert name.observed_at is not None
