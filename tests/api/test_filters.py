"""Filters: a value that parses narrows the list, one that does not is a 400, an empty one is ignored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.filters import FILTERS
from tests.support.bodies import agency, flight
from tests.support.shared import shared_rows
from tests.support.whole import NOW, least, take_in, whole

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _flights(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with shared_rows(django_db_blocker, _take_in_flights):
        yield


def _take_in_flights() -> None:
    other = flight(2)
    other["spacecraft"] = {"id": 200, "name": "Vostok 2"}
    take_in("SpacecraftFlight", [flight(1), other, {key: flight(3)[key] for key in ("id", "launch")}])


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
def test_empty_values_and_unknown_names_are_ignored(client: Client, query: str) -> None:
    """Empty values and unknown names, whatever bytes they hold, filter nothing."""
    assert _ids(client, query) == [1, 2, 3]


@pytest.mark.parametrize("value", ["999", "0", "999999999999999999"])
def test_an_id_that_the_catalogue_lacks_finds_nothing(client: Client, value: str) -> None:
    """The catalogue may be incomplete: an empty page, and no 400."""
    assert _ids(client, f"?spacecraft={value}") == []


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "100,200", "9" * 30, "9" * 5000, "%D9%A1"])
def test_an_invalid_id_is_refused(client: Client, value: str) -> None:
    """A value that does not parse or is too large is a 400 in the framework's words."""
    response = client.get(f"/2.2.0/spacecraft/flight/?spacecraft={value}")
    assert response.status_code == 400
    assert response.json() == {"spacecraft": ["Select a valid choice. That choice is not one of the available choices."]}


@pytest.mark.parametrize("value", ["%00", "100%00", "%00100"])
def test_a_nul_byte_is_refused(client: Client, value: str) -> None:
    """Text that a database cannot store is not sent to it."""
    response = client.get(f"/2.2.0/spacecraft/flight/?spacecraft={value}")
    assert (response.status_code, response.json()) == (400, {"spacecraft": ["Null characters are not allowed."]})


def test_of_a_parameter_given_twice_the_last_counts(client: Client) -> None:
    """A repeated parameter is read as the framework reads it."""
    assert _ids(client, "?spacecraft=100&spacecraft=200") == [2]


CHOICES = [(path, each) for path, filters in FILTERS.items() for each in filters if each.choice_of]


@pytest.mark.parametrize(("path", "name"), [(path, each.name) for path, each in CHOICES])
def test_an_id_without_a_row_is_allowed(client: Client, path: str, name: str) -> None:
    """Each filter by id finds nothing for an id that no row has, and refuses an invalid id."""
    found = client.get(f"/2.2.0/{path}/?{name}=987654")
    assert (found.status_code, found.json()["count"]) == (200, 0)
    refused = client.get(f"/2.2.0/{path}/?{name}=x")
    assert (refused.status_code, list(refused.json())) == (400, [name])


@pytest.mark.parametrize(("path", "name"), [(path, each.name) for path, each in CHOICES if each.several])
def test_several_choices_with_commas_and_repeated(client: Client, path: str, name: str) -> None:
    """Ids with and without a row, in both forms and mixed; an invalid one refuses them all."""
    take_in(WIRE.resources[path].model, [whole(WIRE.resources[path].detail, number) for number in (1, 2, 3)])
    with time_machine.travel(NOW, tick=False):
        for query in (f"{name}=2,987654", f"{name}=987654&{name}=2", f"{name}=2,987654&{name}=&{name}=,"):
            assert client.get(f"/2.2.0/{path}/?{query}").json()["count"] == 1, query
    refused = client.get(f"/2.2.0/{path}/?{name}=2&{name}=x").json()
    assert refused == {name: ["“x” is not a valid value."]}


@pytest.mark.parametrize(
    ("path", "name"), [(path, each.name) for path, filters in FILTERS.items() for each in filters if each.declared_single]
)
def test_ids_take_commas_where_one_is_declared(client: Client, path: str, name: str) -> None:
    """Upstream's documents say that `id` takes lists, although each declares one number."""
    take_in(WIRE.resources[path].model, [whole(WIRE.resources[path].detail, number) for number in (1, 2, 3)])
    with time_machine.travel(NOW, tick=False):
        for query in (f"{name}=1,3", f"{name}=1&{name}=3", f"{name}=3,,1"):
            assert client.get(f"/2.2.0/{path}/?{query}").json()["count"] == 2, query
        assert client.get(f"/2.2.0/{path}/?{name}=2").json()["count"] == 1


def test_a_relation_stored_by_name_is_found_by_id(client: Client) -> None:
    """An agency's type is a name on the wire: its id finds agencies once the choice list was loaded, and nothing before."""
    take_in("Agency", [agency(1, name="One", type="Government"), agency(2, name="Two", type="Private")])
    assert client.get("/2.2.0/agencies/?agency_type=1").json()["count"] == 0
    take_in("AgencyType", [{"id": 1, "name": "Government"}])
    ids = [item["id"] for item in client.get("/2.2.0/agencies/?agency_type=1").json()["results"]]
    assert 1 in ids
    assert 2 not in ids


def test_filters_that_clients_send(client: Client) -> None:
    """Those of upstream's words for people, and those that only clients know, narrow their lists."""
    owners = [{"id": 1, "name": "Agency One", "abbrev": "AO"}, {"id": 2, "name": "Agency Two", "abbrev": "AT"}]
    take_in(
        "Agency",
        [agency(1, name="Agency One", abbrev="AO", country_code="USA"), agency(2, name="Agency Two", country_code="USA,CAN")],
    )
    stations = [{**least(WIRE.shapes["SpaceStationDetailed"], number), "owners": [owners[number - 1]]} for number in (1, 2)]
    take_in("SpaceStation", stations)
    configurations = [{"id": number, "name": f"Rocket {number}", "manufacturer": {"id": number}} for number in (1, 2)]
    take_in("LauncherConfiguration", configurations)
    take_in("Launcher", [{"id": number, "serial_number": "B", "launcher_config": {"id": number}} for number in (1, 2)])
    take_in("Pad", [{"id": number, "name": "Pad", "location": {"id": number, "name": "L"}} for number in (1, 2)])
    asked = {
        "agencies/?country_code=USA": [1],
        "pad/?location=2": [2],
        "spacestation/?owners__name=Agency Two": [2],
        "spacestation/?owners__abbrev=AO": [1],
        "launcher/?launcher_config__manufacturer=2": [2],
    }
    for query, ids in asked.items():
        assert [item["id"] for item in client.get(f"/2.2.0/{query}").json()["results"]] == ids, query
