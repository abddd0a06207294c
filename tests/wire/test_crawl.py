"""Every address in the replies of the server answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from launchledger.wire.v2_2_0 import WIRE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("starter"),
    pytest.mark.sqlite_only("replies are the same bytes on both: test_same_bytes.py"),
]
HOST = "http://testserver/"


def _addresses(body: Any) -> Iterator[str]:
    """The addresses in a reply that are on our own host."""
    if isinstance(body, str) and body.startswith(HOST):
        yield body
    elif isinstance(body, list):
        for value in body:
            yield from _addresses(value)
    elif isinstance(body, dict):
        for value in body.values():
            yield from _addresses(value)


@pytest.mark.parametrize("query", ["", "?format=json"])
def test_every_address_from_the_root_answers(client: Client, query: str) -> None:
    """Following every address in every reply, pages included, from the root of the starter catalogue, all answer 200."""
    waiting = [f"{HOST}2.2.0/{query}"]
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, address
        if response["Content-Type"] == "image/png":  # the picture of the starter's rows
            continue
        for found in _addresses(json.loads(response.content)):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    assert {path for path in WIRE.resources if f"{HOST}2.2.0/{path}/{query}" in seen} == set(WIRE.resources)
    assert len(seen) > 500


def test_every_mode_of_every_list_holds_only_addresses_that_answer(client: Client) -> None:
    """The same for the modes, which no reply links to."""
    seen: set[str] = set()
    for path, resource in WIRE.resources.items():
        for mode in resource.modes:
            response = client.get(f"/2.2.0/{path}/", {"mode": mode, "limit": "100"})
            assert response.status_code == 200
            seen.update(_addresses(json.loads(response.content)["results"]))
    for address in seen:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address
