"""Identifying objects: by their address, else by the user, the request line or the file's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from launchledger.ingest.objects import identify, resource_named, resource_of_file, resource_of_request
from launchledger.wire.reader import Refusal
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import HOST, VOSTOK_1


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("launch", "launch"),
        ("spacecraft/flight", "spacecraft/flight"),
        ("spacecraft-flight", "spacecraft/flight"),
        ("spacecraft_flight", "spacecraft/flight"),
        ("/Spacecraft/Flight/", "spacecraft/flight"),
        ("docking_event", "docking_event"),
        ("docking-event", "docking_event"),
        ("config/launchstatus", "config/launchstatus"),
        ("launchstatus", "config/launchstatus"),
        ("dashboard-starship", "dashboard/starship"),
        ("launcher", "launcher"),
        ("rocket", ""),
        ("", ""),
    ],
)
def test_a_resource_has_more_than_one_name(name: str, resource: str) -> None:
    """Its path, however its words are joined, or the last word of a choice list's."""
    assert resource_named(name) == resource


def test_every_resource_is_called_by_its_path() -> None:
    """The path in an address can be given with --as."""
    assert {resource_named(path) for path in WIRE.model_of_path} == set(WIRE.model_of_path)


@pytest.mark.parametrize(
    ("file", "resource"),
    [
        ("updates__list__1.json", "updates"),
        ("config-launchstatus.json", "config/launchstatus"),
        ("dir/location.detail.json", "location"),
        ("spacecraft_flight__671__1.txt", "spacecraft/flight"),
        ("my replies.json", ""),
        (".json", ""),
    ],
)
def test_a_file_may_be_named_after_its_resource(file: str, resource: str) -> None:
    """The part before the first `__` or dot counts."""
    assert resource_of_file(Path(file)) == resource


@pytest.mark.parametrize(
    ("request_line", "resource"),
    [
        ("/2.2.0/spacecraft/flight/671/?format=api", "spacecraft/flight"),
        ("/2.2.0/config/launchstatus/", "config/launchstatus"),
        ("/api/2.0.0/location/12/", "location"),
        ("/mirror/ll/2.2.0/location/12/?format=api", "location"),
        (f"/2.2.0/launch/{VOSTOK_1}/", "launch"),
        ("/2.2.0/launch/upcoming/?limit=5", "launch"),
        ("/2.2.0/event/previous/", "event"),
        ("/2.2.0/", ""),
        ("/wiki/Salyut_6", ""),
        ("", ""),
    ],
)
def test_a_browsable_page_names_its_resource(request_line: str, resource: str) -> None:
    """Its request line gives the resource of objects without an address."""
    assert resource_of_request(request_line) == resource


@pytest.mark.parametrize(
    ("body", "fallback", "model"),
    [
        ({"id": 1, "url": f"{HOST}/agencies/1/"}, "", "Agency"),
        ({"id": 1, "url": f"{HOST}/agencies/1/"}, "pad", "Agency"),
        ({"id": 1, "url": "http://localhost/2.0.0/spacecraft/flight/1"}, "", "SpacecraftFlight"),
        ({"id": 1, "url": "/mirror/2.2.0/agencies/1/"}, "", "Agency"),
        ({"id": 1, "url": "agencies/1/"}, "", "Agency"),
        ({"id": 1, "name": "Success"}, "config/launchstatus", "LaunchStatus"),
        ({"id": 1, "url": "https://example.org/"}, "updates", "Update"),
        ({"id": 1, "url": 5}, "updates", "Update"),
    ],
)
def test_the_address_of_an_object_comes_first(body: dict[str, Any], fallback: str, model: str) -> None:
    """The fallback counts only for an object without an address."""
    assert identify(body, fallback) == (WIRE, model)


@pytest.mark.parametrize(
    ("body", "path", "reason"),
    [
        (None, "$", "is not an object"),
        ([], "$", "is not an object"),
        ({"id": 1}, "$", "name its resource with --as RESOURCE"),
        ({"id": 1, "url": "https://example.org/"}, "$", "name its resource with --as RESOURCE"),
        (
            {"id": 1, "url": "https://ll.thespacedevs.com/2.3.0/agencies/1/"},
            "$.url",
            "names version 2.3.0; this server reads 2.0.0, 2.1.0, 2.2.0",
        ),
        ({"id": 1, "url": f"{HOST}/moons/1/"}, "$.url", "names moons, which is not a resource"),
        ({"detail": "Request was throttled."}, "$", "is an error reply: 'Request was throttled.'"),
    ],
)
def test_an_object_that_cannot_be_identified_is_refused(body: Any, path: str, reason: str) -> None:
    """With the place and what to do; an error that was saved in place of a reply is named as such."""
    with pytest.raises(Refusal) as refused:
        identify(body, "")
    assert refused.value.path == path
    assert reason in refused.value.reason
