"""Objects set aside: each once, with its reason, and tried again after an upgrade."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from launchledger.sync import refused
from launchledger.sync.models import RefusedObject
from launchledger.sync.refused import counts, set_aside, taken_in, to_try_again

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
SERVER = "https://upstream.example"

pytestmark = pytest.mark.django_db


def _refuse(body: Any, *, resource: str = "launch", at: datetime = NOW, reason: str = "is no time") -> None:
    set_aside(SERVER, resource, body, request="/2.2.0/launch/", at=at, path="$.net", reason=reason)


def test_an_object_is_set_aside_once() -> None:
    """With its newest error. Another resource, another server and another id are another object."""
    _refuse({"id": 5, "net": "x"})
    _refuse({"id": 5, "net": "y"}, at=NOW + timedelta(days=1), reason="is still no time")
    _refuse({"id": 6})
    _refuse({"id": 5}, resource="event")
    set_aside("https://other.example", "launch", {"id": 5}, request="/", at=NOW, path="$", reason="is other")
    row = RefusedObject.objects.get(server_id=SERVER, resource="launch", key="5")
    assert (row.reason, row.path, row.at, str(row)) == (
        "is still no time",
        "$.net",
        NOW + timedelta(days=1),
        "launch 5: $.net: is still no time",
    )
    assert counts(SERVER) == {"launch": 2, "event": 1}


def test_after_an_upgrade_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for each version; what is taken in then is set aside no more."""
    _refuse({"id": 5, "name": "ł"})
    _refuse({"id": 6})
    assert list(to_try_again(SERVER)) == []
    monkeypatch.setattr(refused, "__version__", "99.0")
    again = list(to_try_again(SERVER))
    assert [(each.key, each.body, each.at, each.resource) for each in again] == [
        ("5", {"id": 5, "name": "ł"}, NOW, "launch"),
        ("6", {"id": 6}, NOW, "launch"),
    ]
    _refuse(again[0].body)
    taken_in(SERVER, "launch", [again[1].body, {"id": 7}])
    assert list(to_try_again(SERVER)) == []
    assert counts(SERVER) == {"launch": 1}


@pytest.mark.parametrize(
    "body", [{"name": "no id"}, {"id": None}, {"id": [1]}, {"id": "x" * 101}, {"id": "\0"}, {"id": ""}, [], "x"]
)
def test_what_has_no_usable_id_is_known_by_its_bytes(body: Any) -> None:
    """Hostile texts reach no column that cannot store them."""
    _refuse(body, reason="has a \0 and\x1b[31m")
    _refuse(body, reason="has a \0 and\x1b[31m" * 100)
    (row,) = RefusedObject.objects.all()
    assert row.key.startswith("digest ")
    assert row.reason.isprintable()
    taken_in(SERVER, "launch", [body])
    assert not RefusedObject.objects.exists()


def test_they_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first; of an object that is too long its error stays, and it is not tried again."""
    monkeypatch.setattr(refused, "MOST_OBJECTS", 3)
    for number in range(5):
        _refuse({"id": number}, at=NOW + timedelta(seconds=number))
    assert set(RefusedObject.objects.values_list("key", flat=True)) == {"2", "3", "4"}
    monkeypatch.setattr(refused, "LONGEST", 100)
    _refuse({"id": 4, "name": "x" * 100})
    monkeypatch.setattr(refused, "__version__", "99.0")
    assert [each.key for each in to_try_again(SERVER)] == ["2", "3"]
