"""Lists and details of every resource, in every mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.statistics.numbers import families_of
from launchledger.documents.listed import needed_relations
from launchledger.wire.fields import Field, Kind, Shape
from launchledger.wire.resources import Resource
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.resources import DASHBOARD
from tests.support.bodies import VOSTOK_1, VOSTOK_6, launch
from tests.support.whole import NOW, key, least, take_in, uuid, whole

pytestmark = pytest.mark.django_db

_MODES = [(path, mode) for path, resource in WIRE.resources.items() for mode in resource.modes]
_NEVER_SEEN: tuple[Any, ...] = (None, "", [], False, 0, "P0D")


@pytest.fixture(autouse=True)
def _while_everything_is_upcoming_and_previous() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _keys(shape: Shape) -> list[str]:
    return [field.key for field in shape.fields if field.sent]


def _listed_row(resource: Resource, number: int) -> dict[str, Any]:
    """A row with its id alone, and what gives it a place in every list of the resource."""
    moment = {resource.time_column: NOW.isoformat()} if resource.when else {}
    return {**least(resource.detail, number), **moment}


@pytest.mark.parametrize(("path", "mode"), _MODES)
def test_a_list_shows_each_mode_in_its_shape(client: Client, path: str, mode: str) -> None:
    """Every mode of a list answers a page of objects with the keys of its shape, in wire order."""
    resource = WIRE.resources[path]
    take_in(resource.model, [whole(resource.detail, 1)])
    page = client.get(f"/2.2.0/{path}/?mode={mode}").json()
    assert list(page) == ["count", "next", "previous", "results"]
    assert page["count"] == 1
    assert [list(item) for item in page["results"]] == [_keys(resource.modes[mode])]


@pytest.mark.parametrize("path", WIRE.resources)
def test_an_unknown_mode_is_the_normal_one(client: Client, path: str) -> None:
    """A word that is no mode of the resource, an empty one too, and none at all, mean normal."""
    resource = WIRE.resources[path]
    take_in(resource.model, [whole(resource.detail, 1)])
    normal = client.get(f"/2.2.0/{path}/?mode=normal").content
    for query in ("", "?mode=", "?mode=DETAILED", "?mode=everything", "?mode=list?limit=10"):
        if query.removeprefix("?mode=") not in resource.modes:
            assert client.get(f"/2.2.0/{path}/{query}").content == normal


@pytest.mark.parametrize("path", WIRE.resources)
def test_a_detail_is_the_largest_shape_whatever_the_mode(client: Client, path: str) -> None:
    """A detail shows the detailed shape, with or without a mode, and gives back what was seen."""
    resource = WIRE.resources[path]
    body = whole(resource.detail, 1)
    take_in(resource.model, [body])
    plain = client.get(f"/2.2.0/{path}/{body['id']}/")
    assert list(plain.json()) == _keys(resource.detail)
    assert client.get(f"/2.2.0/{path}/{body['id']}/?mode=list").content == plain.content


@pytest.mark.parametrize("path", WIRE.resources)
def test_unknown_values_are_empty_and_never_an_error(client: Client, path: str) -> None:
    """A row of which only the id is known has every key of its shape, each null, "", [] or the like, in every mode."""
    resource = WIRE.resources[path]
    take_in(resource.model, [_listed_row(resource, 1)])
    address = f"/2.2.0/{path}/{key(resource, 1)}/"
    _assert_empty(client.get(address).json(), resource.detail, resource)
    for mode, shape in resource.modes.items():
        (item,) = client.get(f"/2.2.0/{path}/?mode={mode}").json()["results"]
        _assert_empty(item, shape, resource)
    assert client.get(f"{address}?format=api").status_code == 200


def _assert_empty(body: dict[str, Any], shape: Shape, resource: Resource) -> None:
    assert list(body) == _keys(shape)
    told = {"id", resource.when and resource.time_column, *needed_relations(resource.detail)}
    if resource.when:  # then the time is told, and numbers follow from it
        told |= {column for family in families_of(model_of(resource.model)) for column in family.columns}
    for field in shape.fields:
        if field.sent and field.column not in told:
            _assert_empty_value(body[field.key], shape, field, resource)


def _assert_empty_value(value: Any, shape: Shape, field: Field, resource: Resource) -> None:
    if field.kind is Kind.PART and value is not None:
        _assert_empty(value, shape.nested(field), resource)
    elif field.value:
        assert value == field.value
    else:
        assert value in _NEVER_SEEN, field.key


@pytest.mark.parametrize("model", sorted(WIRE.reader.keyed_models))
def test_every_model_can_hold_a_row_with_its_id_alone(model: str) -> None:
    """Whatever a reply names by its id has a row, though nothing else is known of it."""
    take_in(model, [{"id": uuid(1) if model == "Launch" else 1}])
    assert model_of(model)._default_manager.count() == 1


@pytest.mark.parametrize("path", WIRE.resources)
def test_relations_to_rows_of_which_only_the_id_is_known(client: Client, path: str) -> None:
    """An object of which only the id is known is shown, where another names it, with its keys and without values."""
    resource = WIRE.resources[path]
    fields = [
        field for field in resource.detail.fields if field.kind in (Kind.ONE, Kind.MANY) and field.sent and field.loads_membership
    ]
    keyed = [field for field in fields if resource.detail.nested(field).has_key]
    body = _listed_row(resource, 1)
    for field in keyed:
        member = {"id": uuid(1) if resource.detail.nested(field).model == "Launch" else 1}
        body[field.key] = [member] if field.kind is Kind.MANY else member
    take_in(resource.model, [body])
    shown = client.get(f"/2.2.0/{path}/{body['id']}/").json()
    for field in keyed:
        value = shown[field.key]
        assert list(value[0] if field.kind is Kind.MANY else value) == _keys(resource.detail.nested(field))


def test_a_launch_that_others_only_named_has_a_detail_and_no_place_in_the_list(client: Client) -> None:
    """A launch known by id and name, as updates and events name it, can be asked for, and does not fill pages with emptiness."""
    take_in("Launch", [{"id": VOSTOK_6, "name": "Vostok-K | Vostok 6"}, launch(VOSTOK_1)])
    page = client.get("/2.2.0/launch/").json()
    assert (page["count"], [item["id"] for item in page["results"]]) == (1, [VOSTOK_1])
    assert client.get(f"/2.2.0/launch/{VOSTOK_6}/").json()["name"] == "Vostok-K | Vostok 6"


def test_a_default_order_is_completed_by_the_key(client: Client) -> None:
    """Rows that are equal in the resource's order stand in the order of their ids, those without a value last."""
    take_in("Agency", [{"id": 3, "name": "B"}, {"id": 2, "name": "A"}, {"id": 9, "name": "B"}, {"id": 1, "name": None}])
    assert [item["id"] for item in client.get("/2.2.0/agencies/").json()["results"]] == [2, 3, 9, 1]


@pytest.mark.parametrize(
    "id",
    ["0", "x", "-1", "1.5", "1 ", "٣", "²", "9223372036854775808", "9" * 400, "%00", "1%00", "%ff", "1%2F2", "null", "{id}"],
)
def test_an_id_that_no_object_can_have_is_not_found(client: Client, id: str) -> None:
    """Text, negative and fractional numbers, digits of other scripts, numbers that no database holds and NUL bytes are 404."""
    take_in("Pad", [{"id": 1}, {"id": 3}])
    response = client.get(f"/2.2.0/pad/{id}/")
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize(
    "id", ["1", "x" * 36, "%00" * 36, VOSTOK_6, VOSTOK_1[:-1], VOSTOK_1[:-1] + "%00", VOSTOK_1.replace("e", "g")]
)
def test_a_launch_is_found_by_a_uuid_only(client: Client, id: str) -> None:
    """What is no UUID, or the UUID of no launch, is 404, NUL bytes too."""
    take_in("Launch", [launch(VOSTOK_1)])
    response = client.get(f"/2.2.0/launch/{id}/")
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize("write", [str.upper, lambda id: id.replace("-", "")])
def test_a_uuid_may_be_written_differently(client: Client, write: Any) -> None:
    """Capitals, and no hyphens, name the same launch, whose own id is as ever."""
    take_in("Launch", [launch(VOSTOK_1)])
    assert client.get(f"/2.2.0/launch/{write(VOSTOK_1)}/").json()["id"] == VOSTOK_1


def test_the_index_leads_to_every_list(client: Client) -> None:
    """The root names every resource by its path, with the absolute address of its list."""
    index = client.get("/2.2.0/").json()
    assert index == {path: f"http://testserver/2.2.0/{path}/" for path in (*WIRE.resources, DASHBOARD, "api-throttle")}
    assert list(index) == sorted(index)
    for address in index.values():
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_an_astronauts_flights_can_be_asked_for_as_in_a_list(client: Client) -> None:
    """`mode=launchlist`, which a client sends, shows the flights in the shape of `launch/?mode=list`, all else as ever."""
    take_in("Astronaut", [whole(WIRE.shapes["AstronautDetailed"], 1)])
    plain = client.get("/2.2.0/astronaut/1/").json()
    asked = client.get("/2.2.0/astronaut/1/?mode=launchlist").json()
    (flight,) = asked["flights"]
    assert list(flight) == _keys(WIRE.shapes["LaunchList"])
    assert list(plain["flights"][0]) == _keys(WIRE.shapes["LaunchSerializerCommon"])
    assert {**asked, "flights": plain["flights"]} == plain
    assert list(asked) == list(plain)
