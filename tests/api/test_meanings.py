"""Filters that compare no column, held against bodies as real replies have them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.whole import take_in, uuid
from tests.bodies import launch

pytestmark = pytest.mark.django_db


def _ids(client: Client, path: str, query: str) -> list[Any]:
    response = client.get(f"/2.2.0/{path}/?{query}")
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["results"]]


def test_suborbital_is_an_orbit_and_not_its_name(client: Client) -> None:
    """Orbit 15 is suborbital, also as replies of version 2.0.0 called it; a launch without an orbit stays."""
    old = {"id": 15, "name": "Sub-Orbital", "abbrev": "Sub Orbital"}
    low = {"id": 8, "name": "Low Earth Orbit", "abbrev": "LEO"}
    missions = ({"id": 1, "name": "Hop", "orbit": old}, {"id": 2, "name": "Relay", "orbit": low}, None)
    take_in("Launch", [launch(uuid(number), mission=mission) for number, mission in enumerate(missions, 1)])
    assert _ids(client, "launch", "include_suborbital=false") == [uuid(2), uuid(3)]
    assert _ids(client, "launch", "include_suborbital=true") == [uuid(1), uuid(2), uuid(3)]


def test_not_human_is_a_type_and_not_its_name(client: Client) -> None:
    """Astronaut type 6 is that of animals and dummies; someone without a type is in no list."""
    types = ((1, {"id": 6, "name": "Animal or dummy"}), (2, {"id": 2, "name": "Government"}))
    take_in("Astronaut", [{"id": id, "name": f"Somebody {id}", "type": type} for id, type in types])
    assert _ids(client, "astronaut", "is_human=true") == [2]
    assert _ids(client, "astronaut", "is_human=false") == [1]
