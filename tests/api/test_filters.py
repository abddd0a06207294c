"""Filters: a value that parses narrows the list, one that does not is a 400, and nothing is nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.whole import take_in
from tests.bodies import flight

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _flights(db: None) -> None:
    other = flight(2)
    other["spacecraft"] = {"id": 200, "name": "Vostok 2"}
    take_in("SpacecraftFlight", [flight(1), other, {"id": 3}])


def _ids(client: Client, query: str) -> list[int]:
    return [item["id"] for item in client.get(f"/2.2.0/spacecraft/flight/{query}").json()["results"]]


def test_flights_of_a_spacecraft(client: Client) -> None:
    """`spacecraft` names the spacecraft whose flights are wanted, and the links keep it."""
    assert _ids(client, "?spacecraft=100") == [1]
    assert _ids(client, "?spacecraft=200") == [2]
    assert client.get("/2.2.0/spacecraft/flight/?limit=1").json()["count"] == 3


@pytest.mark.parametrize(
    "query", ["?spacecraft=", "?nonsense=1", "?SPACECRAFT=100", "?id=1&", "?%00=%00", "?order=name", "?&&=&"]
)
def test_what_is_empty_or_unknown_is_ignored(client: Client, query: str) -> None:
    """Empty values and unknown names, whatever bytes they hold, filter nothing."""
    assert _ids(client, query) == [1, 2, 3]


@pytest.mark.parametrize("value", ["999", "x", "-1", "1.5", "100,200", "9" * 30, "9" * 5000])
def test_a_value_that_names_nothing_is_refused(client: Client, value: str) -> None:
    """What does not parse, names no spacecraft or is larger than any id is a 400 in the framework's words."""
    response = client.get(f"/2.2.0/spacecraft/flight/?spacecraft={value}")
    assert response.status_code == 400
    assert response.json() == {"spacecraft": ["Select a valid choice. That choice is not one of the available choices."]}


@pytest.mark.parametrize("value", ["%00", "100%00", "%00100"])
def test_a_nul_byte_is_refused(client: Client, value: str) -> None:
    """No database is asked for text that it cannot hold."""
    response = client.get(f"/2.2.0/spacecraft/flight/?spacecraft={value}")
    assert (response.status_code, response.json()) == (400, {"spacecraft": ["Null characters are not allowed."]})


def test_of_a_parameter_given_twice_the_last_counts(client: Client) -> None:
    """A repeated parameter is read as the framework reads it."""
    assert _ids(client, "?spacecraft=100&spacecraft=200") == [2]
