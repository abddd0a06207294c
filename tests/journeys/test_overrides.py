"""Law 1 with overrides: exactly the overridden values differ in replies, and none is left when they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import end_overrides, override
from launchledger.catalogue.models.overrides import Override
from launchledger.curation.columns import column_named, subject_named, value_in, wanted
from launchledger.wire.resources import Resource
from launchledger.wire.v2_2_0 import WIRE
from tests.support.whole import NOW, key, take_in, uuid, whole

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only("replies are rendered alike on both databases")]

# What is overridden, and what replies show then instead. All numbers were observed, so none follows.
CORRECTIONS: dict[str, tuple[str, str, Any]] = {
    "a text": ("launch", "name=Ours", {"name": "Ours"}),
    "a time": ("launch", "net=1961-04-12T06:08:00Z", {"net": "1961-04-12T06:08:00Z"}),
    "a relation": ("launch", "status=2", {"status": {"id": 2}}),
    "a relation of a part": ("launch", "rocket.configuration=2", {"configuration": {"id": 2}}),
    "a list": ("launch", "program=2,1", {"program": [{"id": 2}, {"id": 1}]}),
    "no list": ("launch", "program=", {"program": []}),
    "a list without ids": ("launch", 'vidURLs=[{"url": "https://x"}]', {"vidURLs": [{"url": "https://x"}]}),
    "nothing": ("launch", "image=null", {"image": None}),
    "a derived number": ("launch", "pad_launch_attempt_count=77", {"pad_launch_attempt_count": 77}),
    "a nested object": ("landing", "success=false", {"success": False}),
    "an agency": ("agencies", "abbrev=OURS", {"abbrev": "OURS"}),
    "a duration": ("spacecraft/flight", "mission_end=null", {"mission_end": None}),
}


@pytest.fixture
def _two_of_everything() -> None:
    for resource in WIRE.resources.values():
        take_in(resource.model, [whole(resource.detail, number) for number in (1, 2)])


def _replies() -> dict[str, bytes]:
    """Every detail of the first object, and every list in every mode, without what names the time of the reply."""
    client = Client()
    found = {}
    for resource in WIRE.resources.values():
        for path in _paths(resource):
            response = client.get(path)
            assert response.status_code == 200, path
            found[path] = response.content
    return found


def _paths(resource: Resource) -> Iterator[str]:
    yield f"/2.2.0/{resource.path}/{key(resource, 1)}/"
    yield from (f"/2.2.0/{resource.path}/?mode={mode}" for mode in resource.modes)


def _differences(before: Any, now: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The keys at which two replies differ, each with its value now."""
    if path == "results" and isinstance(before, list):  # their order follows from their values
        before, now = sorted(before, key=_order), sorted(now, key=_order)
    if before == now:
        return
    if isinstance(before, dict) and isinstance(now, dict) and before.keys() == now.keys() and before.get("id") == now.get("id"):
        for each in before:
            yield from _differences(before[each], now[each], each)
    elif isinstance(before, list) and isinstance(now, list) and [_id(each) for each in before] == [_id(each) for each in now]:
        for each, other in zip(before, now, strict=True):
            yield from _differences(each, other, path)
    else:
        yield path, now


def _order(member: Any) -> str:
    return str(member["id"])


def _id(member: Any) -> Any:
    return member.get("id", member) if isinstance(member, dict) else member


def _contains(shown: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return all(_contains(shown[each], expected[each]) for each in expected)
    if isinstance(expected, list):
        return len(shown) == len(expected) and all(map(_contains, shown, expected))
    return bool(shown == expected)


@pytest.mark.usefixtures("_two_of_everything")
def test_exactly_the_overridden_values_differ() -> None:
    """In every reply that shows the object, in its details, in lists of each mode and within others; afterwards in none."""
    with time_machine.travel(NOW, tick=False):
        before = _replies()
        for name, (resource, correction, expected) in CORRECTIONS.items():
            subject = subject_named(resource)
            column, _, text = correction.partition("=")
            found = column_named(subject, column)
            override([wanted(found, uuid(1) if resource == "launch" else 1, value_in(found, text), "Why")])
            now = _replies()
            seen = [each for path in before for each in _differences(json.loads(before[path]), json.loads(now[path]), path)]
            assert seen, name
            for path, value in seen:
                assert path in expected, (name, path, value)
                assert _contains(value, expected[path]), (name, path, value)
            end_overrides({(each.kind, each.key, each.column) for each in Override.objects.all()})
            assert _replies() == before, name
