"""A second version of the wire beside 2.2.0, over the same rows: it needs data, and no code.

Real replies of 2.3.0 are loaded and asked for again in both versions, as are replies of 2.2.0. The second version is a small part
of 2.3.0 (`tests.support.small_2_3_0`), so what is compared is what its shapes know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import Launch
from launchledger.documents.models import Document
from launchledger.ingest.receiving import Received, receive
from launchledger.wire.fields import Kind, Shape
from launchledger.wire.resources import Resource
from launchledger.wire.served import resolve
from launchledger.wire.v2_2_0 import WIRE as FIRST
from tests.support.asking import HOST
from tests.support.bodies import VOSTOK_1, agency, flight, launch
from tests.support.small_2_3_0 import WIRE as SECOND
from tests.support.small_2_3_0 import served
from tests.support.upstream import REPLIES, needs_upstream

pytestmark = pytest.mark.django_db

PHOTO = "https://example.org/photo.png"
RUSSIA = {"id": 5, "name": "Russia", "alpha_2_code": "RU", "alpha_3_code": "RUS"}
RUSSIA |= {"nationality_name": "Russian", "nationality_name_composed": "Russo"}
FRANCE = {"id": 1, "name": "France", "alpha_2_code": "FR", "alpha_3_code": "FRA"}
FRANCE |= {"nationality_name": "French", "nationality_name_composed": "Franco"}
PICTURE = {"id": 28, "name": "Photo", "image_url": PHOTO, "thumbnail_url": None, "credit": None, "single_use": True}
PICTURE["license"] = {"id": 1, "name": "Unknown", "priority": 9, "link": None}
PRECISE = {"id": 66, "url": f"https://{HOST}/2.3.0/agencies/66/", "name": "Soviet Space Program", "abbrev": "CCCP"}
PRECISE |= {"type": {"id": 1, "name": "Government"}, "country": [RUSSIA, FRANCE], "image": PICTURE}


@pytest.fixture(autouse=True)
def _both_versions() -> Iterator[None]:
    with served(), override_settings(ROOT_URLCONF="tests.support.small_2_3_0_urls"):
        yield


def _load(*bodies: Any, year: int = 2026) -> None:
    report = receive(Received(body, datetime(year, 1, 1, tzinfo=UTC), "test", "test") for body in bodies)
    assert report.refusals == 0


def _get(client: Client, path: str) -> Any:
    response = client.get(f"/{path}", headers={"host": HOST}, secure=True)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def _known(shape: Shape, body: Any) -> Any:
    """The part of an object that its shape knows, in the shape's order; addresses as this server writes them."""
    if body is None:
        return None
    shown = {}
    for field in shape.fields:
        value = body[field.key]
        match field.kind:
            case Kind.ONE | Kind.PART:
                value = _known(shape.nested(field), value)
            case Kind.MANY:
                value = [_known(shape.nested(field), member) for member in value]
            case Kind.URL:
                value = f"https://{HOST}/{shape.version}/{field.resource}/{body['id']}/"
        shown[field.key] = value
    return shown


def _replies(pattern: str) -> list[Any]:
    """The objects of the real replies of 2.3.0 with such names."""
    found: list[Any] = []
    for file in sorted((REPLIES / "2.3.0").glob(pattern)):
        body = json.loads(file.read_text(encoding="utf-8"))
        found += body["results"] if isinstance(body, dict) and "results" in body else body if isinstance(body, list) else [body]
    return found


def _as_items(resource: Resource, bodies: list[Any]) -> Iterator[tuple[Shape, Any]]:
    """Each body with the shape that its `response_mode` names."""
    for body in bodies:
        yield resource.modes.get(body["response_mode"], resource.detail), body


@needs_upstream
@pytest.mark.parametrize(
    ("path", "pattern", "least"),
    [("agencies", "agencies__44__1.json", 1), ("astronauts", "astronauts__*", 1), ("launches", "launches*", 12)],
)
def test_real_replies_of_the_second_version_come_back(client: Client, path: str, pattern: str, least: int) -> None:
    """Loaded and asked for again in their own mode, they are what upstream sent, as far as the small shapes know it."""
    resource = SECOND.resources[path]
    bodies = _replies(pattern)
    assert len(bodies) >= least
    for shape, body in _as_items(resource, bodies):
        _load(body)
        if shape is resource.detail:
            shown = _get(client, f"2.3.0/{path}/{body['id']}/")
        else:
            mode = next(mode for mode, each in resource.modes.items() if each is shape)
            page = _get(client, f"2.3.0/{path}/?mode={mode}&limit=100")
            (shown,) = (item for item in page["results"] if item["id"] == body["id"])
        assert json.dumps(shown) == json.dumps(_known(shape, body))


@needs_upstream
def test_the_first_version_shows_the_rows_of_the_second(client: Client) -> None:
    """A launch, its provider and an astronaut that were seen in 2.3.0 alone, with the texts that 2.2.0 has for them."""
    (person,) = _replies("astronauts__*")
    (body,) = _replies("launches__e3df2ecd*")
    _load(body, person)
    shown = _get(client, f"2.2.0/launch/{body['id']}/")
    assert (shown["name"], shown["image"]) == (body["name"], body["image"]["image_url"])
    provider = shown["launch_service_provider"]
    assert (provider["type"], provider["country_code"]) == ("Government", "RUS")
    assert provider["image_url"] == body["launch_service_provider"]["image"]["image_url"]
    assert _get(client, "2.2.0/launch/")["count"] == 1
    astronaut = _get(client, f"2.2.0/astronaut/{person['id']}/")
    assert astronaut["nationality"] == "Canadian"
    assert astronaut["profile_image"] == person["image"]["image_url"]
    assert astronaut["profile_image_thumbnail"] == person["image"]["thumbnail_url"]


def test_a_reply_of_the_first_version_is_served_in_both(client: Client) -> None:
    """What 2.2.0 said comes back in 2.2.0; 2.3.0 shows the same row, without the objects that were never observed."""
    _load(launch(), flight())
    assert _get(client, f"2.2.0/launch/{VOSTOK_1}/")["launch_service_provider"]["id"] == 66
    (item,) = _get(client, "2.3.0/launches/?mode=detailed")["results"]
    assert (item["id"], item["launch_service_provider"]["type"]) == (VOSTOK_1, None)
    assert [each["id"] for each in item["rocket"]["spacecraft_stage"]] == [1]
    assert _get(client, "2.3.0/spacecraft_flights/1/")["launch"]["id"] == VOSTOK_1


def test_several_spacecraft_of_a_launch_are_a_list(client: Client) -> None:
    """2.3.0 shows every flight of a launch; 2.2.0, which has room for one, the first."""
    body = _get_after(client, launch())
    stages = [{"id": number, "spacecraft": {"id": number, "name": f"Craft {number}"}} for number in (7, 4)]
    body["rocket"]["spacecraft_stage"] = stages
    _load(body, year=2027)
    assert [each["id"] for each in _get(client, f"2.3.0/launches/{VOSTOK_1}/")["rocket"]["spacecraft_stage"]] == [7, 4]
    assert _get(client, f"2.2.0/launch/{VOSTOK_1}/")["rocket"]["spacecraft_stage"]["id"] == 7


def _get_after(client: Client, body: Any) -> Any:
    _load(body)
    return _get(client, f"2.3.0/launches/{body['id']}/")


def test_facts_in_two_precisions_agree(client: Client) -> None:
    """An object that was seen later than the text is shown, and gives the text; a later text hides the object that it is not."""
    _load(agency(66, type="Commercial", country_code="USA"), year=2025)
    _load(PRECISE)
    first, second = _get(client, "2.2.0/agencies/66/"), _get(client, "2.3.0/agencies/66/")
    assert (first["type"], first["country_code"], first["image_url"]) == ("Government", "RUS,FRA", PHOTO)
    assert (second["type"]["id"], [each["id"] for each in second["country"]], second["image"]["id"]) == (1, [5, 1], 28)
    _load(agency(66, type="Commercial", country_code="RUS,FRA", image_url="https://example.org/other.png"), year=2027)
    first, second = _get(client, "2.2.0/agencies/66/"), _get(client, "2.3.0/agencies/66/")
    assert (first["type"], first["image_url"]) == ("Commercial", "https://example.org/other.png")
    assert (second["type"], [each["id"] for each in second["country"]], second["image"]) == (None, [5, 1], None)


def test_the_order_of_loading_decides_nothing(client: Client) -> None:
    """Texts and objects of several times give the same replies in both versions, whichever is loaded first."""
    seen = {
        2024: agency(66, type="Commercial", country_code="USA"),
        2025: PRECISE,
        2026: agency(66, type="Other", country_code="FRA"),
        2027: agency(66, type="Government", country_code="RUS,FRA"),
    }
    found = []
    for order in permutations(seen):
        Agency.objects.all().delete()
        for year in order:
            _load(seen[year], year=year)
        found.append((_get(client, "2.2.0/agencies/66/"), _get(client, "2.3.0/agencies/66/")))
        assert found[-1] == found[0]
    assert found[0][1]["type"] == {"id": 1, "name": "Government"}


def test_documents_and_texts_of_two_versions_are_apart(client: Client) -> None:
    """One object has a document in each version, and each version searches in its own columns."""
    _load(PRECISE)
    for _ in range(2):
        assert _get(client, "2.2.0/agencies/66/")["type"] == "Government"
        assert _get(client, "2.3.0/agencies/66/")["type"]["name"] == "Government"
    labels = set(Document.objects.values_list("shape", flat=True))
    assert labels == {"2.2.0/AgencySerializerDetailed", "2.3.0/AgencyEndpointDetailed"}
    assert _get(client, "2.2.0/agencies/?search=cccp")["count"] == 0
    assert _get(client, "2.3.0/agencies/?search=cccp")["count"] == 1


def test_a_change_is_seen_in_both(client: Client) -> None:
    """Whichever version it comes in: no version shows an outdated document."""
    _load(PRECISE)
    assert {_get(client, path)["name"] for path in ("2.2.0/agencies/66/", "2.3.0/agencies/66/")} == {"Soviet Space Program"}
    _load(agency(66, name="Renamed"), year=2027)
    assert {_get(client, path)["name"] for path in ("2.2.0/agencies/66/", "2.3.0/agencies/66/")} == {"Renamed"}


def test_filters_orders_and_pages_of_the_second_version(client: Client) -> None:
    """They follow from its declarations, and every address in a reply is of the version that was asked."""
    _load(launch(), launch("00000000-0000-4000-8000-000000000001", net="1962-01-01T00:00:00Z", name="A"))
    page = _get(client, "2.3.0/launches/?lsp__id=66&ordering=-net&limit=1")
    assert (page["count"], page["results"][0]["name"]) == (2, "A")
    assert page["next"] == f"https://{HOST}/2.3.0/launches/?limit=1&lsp__id=66&offset=1&ordering=-net"
    assert "/2.2.0/" not in json.dumps(page)
    assert set(_get(client, "2.3.0/")) == {*SECOND.resources, "api-throttle"}


def test_a_page_costs_a_fixed_number_of_queries(client: Client) -> None:
    """A page of launches with all that is joined: keys, documents, launches and lists, whatever their number."""
    counts = []
    for number in (1, 9):
        for each in range(number):
            _load(launch(f"00000000-0000-4000-8000-{each:012}"))
        Document.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert len(_get(client, "2.3.0/launches/?mode=detailed")["results"]) == Launch.objects.count()
        counts.append(len([query for query in queries if query["sql"].startswith("SELECT")]))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("path", "version", "resource", "id"),
    [
        ("/2.2.0/launch/upcoming/", "2.2.0", "launch/upcoming", ""),
        ("/2.2.0/spacecraft/flight/12.json", "2.2.0", "spacecraft/flight", "12"),
        ("/2.3.0/launches/", "2.3.0", "launches", ""),
        ("/2.3.0/agencies/66/", "2.3.0", "agencies", "66"),
        ("/2.3.0/launch/", "2.3.0", "", "launch"),
        ("/2.2.0/", "2.2.0", "", ""),
        ("/2.2.0", "", "", ""),
        ("/2.4.0/launches/", "", "", ""),
        ("/", "", "", ""),
        ("x/2.2.0/launch/", "", "", ""),
    ],
)
def test_a_path_names_wire_resource_and_id(path: str, version: str, resource: str, id: str) -> None:
    """One function resolves paths for all code."""
    place = resolve(path)
    assert (place.wire.version if place else "") == version
    if place:
        assert (place.resource.path if place.resource else "", place.id) == (resource, id)


def test_the_versions_share_no_vocabulary() -> None:
    """The same key may mean something else in each: the type of an agency is a text in 2.2.0 and an object in 2.3.0."""
    assert FIRST.reader.vocabularies["Agency"]["type"].kind is Kind.NAME_OF
    assert SECOND.reader.vocabularies["Agency"]["type"].kind is Kind.ONE
    assert FIRST.path_of_model["Launch"] == "launch"
    assert SECOND.path_of_model["Launch"] == "launches"
