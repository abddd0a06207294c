"""Every declared filter, search and order: it answers any value, and means what the contract says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from launchledger.api.ordering import ordering_fields
from launchledger.api.searching import search_fields
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.filters import FILTERS

DEMO_2 = "SpX-DM2 (Demonstration Mission 2)"
GOOD = {
    "integer": "1",
    "number": "1",
    "text": "a",
    "boolean": "true",
    "date": "1961-04-12",
    "date-time": "1961-04-12T06:07:00.5Z",
    "uuid": "e71d3b58-dede-43f3-ac73-cc2de9a307ad",
}
HOSTILE = (
    "x",
    "\x00",
    "-1",
    "9" * 40,
    "1e999",
    "nan",
    "'",
    "%",
    "1,,2",
    ",",
    " , ",
    "(",
    "\\",
    "0000-00-00",
    "true,false",
    "\ud7ff",
    "a" * 3000,
)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


def get(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    """All results: of one page if a limit is asked for, else of all pages."""
    found: list[dict[str, Any]] = []
    address, asked = f"/2.2.0/{path}/", {"limit": "100", **query}
    while True:
        response = client.get(address, asked)
        assert response.status_code == 200, (response.status_code, response.content)
        page = response.json()
        found += page["results"]
        if "limit" in query or not page["next"]:
            return found
        address, asked = page["next"].removeprefix("http://testserver"), {}


def names(client: Client, path: str, **query: str) -> set[str]:
    return {item["name"] for item in get(client, path, **query)}


@pytest.mark.parametrize("path", FILTERS)
def test_every_filter_answers_any_value(path: str, client: Client) -> None:
    """A value that parses narrows the list; any other is a 400 or means nothing; none is a failure."""
    for declared in FILTERS[path]:
        assert client.get(f"/2.2.0/{path}/", {declared.name: GOOD[declared.kind]}).status_code in (200, 400), declared
        assert client.get(f"/2.2.0/{path}/", {declared.name: ""}).status_code == 200, declared
        for value in HOSTILE:
            answer = client.get(f"/2.2.0/{path}/", {declared.name: value})
            assert answer.status_code in (200, 400), (declared, value, answer.content)
            if answer.status_code == 400:
                assert list(answer.json()) == [declared.name]


@pytest.mark.parametrize("path", WIRE.resources)
def test_search_and_ordering_answer_any_value(path: str, client: Client) -> None:
    """Unknown orders are ignored, and no word that is searched for breaks anything but a NUL, which is a 400."""
    everything = [item["id"] for item in get(client, path)]
    assert [item["id"] for item in get(client, path, ordering="nonsense")] == everything
    assert [item["id"] for item in get(client, path, search="  ")] == everything
    for value in HOSTILE:
        assert client.get(f"/2.2.0/{path}/", {"search": value}).status_code in (200, 400)
        assert client.get(f"/2.2.0/{path}/", {"ordering": value}).status_code == 200
    if search_fields(WIRE.resources[path]):
        assert get(client, path, search="no such word anywhere") == []


@pytest.mark.parametrize("path", WIRE.resources)
def test_orders_are_complete(path: str, client: Client) -> None:
    """By every column, up and down, the pages of one row each hold every row once: equal values are ordered by the key."""
    expected = sorted(str(item["id"]) for item in get(client, path))
    for name in ordering_fields(WIRE.resources[path]):
        for order in (name, f"-{name}"):
            rows = get(client, path, ordering=order)
            assert sorted(str(row["id"]) for row in rows) == expected
            pages = [
                get(client, path, ordering=order, limit="1", offset=str(place))[0]["id"] for place in range(min(5, len(rows)))
            ]
            assert pages == [row["id"] for row in rows[:5]]


def test_orders_go_up_and_down(client: Client) -> None:
    """`-` reverses; what has no value comes last both ways; several columns are taken in turn."""
    nets = [launch["net"] for launch in get(client, "launch", ordering="net")]
    assert nets == sorted(nets)
    assert [launch["net"] for launch in get(client, "launch", ordering="-net")] == sorted(nets, reverse=True)
    featured = [(agency["featured"], agency["name"]) for agency in get(client, "agencies", ordering="-featured,name")]
    assert featured == sorted(featured, key=lambda pair: (not pair[0], pair[1]))


def test_times_are_compared_as_times(client: Client) -> None:
    """`net__lt` and its kin take dates, and date-times with and without fraction and zone."""
    for early in ("1961-04-13", "1961-04-12T06:08:00Z", "1961-04-12T06:08:00.000Z", "1961-04-12T08:08:00+02:00"):
        assert names(client, "launch", net__lt=early) == {"Sputnik 8K74PS | Sputnik 1", "Vostok-K | Vostok 1"}
    assert names(client, "launch", net__gte="2020-05-30", net__lte="2020-05-31") == {f"Falcon 9 Block 5 | {DEMO_2}"}


def test_lists_of_ids_take_commas_and_repetition(client: Client) -> None:
    """`status__ids=3,4` and the same parameter twice ask for the same."""
    both = names(client, "launch", status__ids="3,4")
    assert names(client, "launch", status__ids="4") < both
    repeated = client.get("/2.2.0/launch/?limit=100&status__ids=3&status__ids=4").json()["results"]
    assert {launch["name"] for launch in repeated} == both


def test_providers_and_places_are_alternatives_unless_strict(client: Client) -> None:
    """`lsp__ids` with `location__ids` is OR; with `strict_filtering=true` it is AND."""
    providers, places = names(client, "launch", lsp__ids="44"), names(client, "launch", location__ids="27")
    assert providers - places
    assert places - providers
    assert names(client, "launch", lsp__ids="44", location__ids="27") == providers | places
    assert names(client, "launch", lsp__ids="44", location__ids="27", strict_filtering="true") == providers & places


def test_crewed_is_a_launch_crew(client: Client) -> None:
    """`is_crewed` divides all launches by whether their spacecraft has a launch crew."""
    crewed, uncrewed = names(client, "launch", is_crewed="true"), names(client, "launch", is_crewed="false")
    assert "Vostok-K | Vostok 1" in crewed
    assert "Soyuz U | Progress 3" in uncrewed
    assert not crewed & uncrewed
    assert crewed | uncrewed == names(client, "launch")


def test_suborbital_launches_can_be_left_out(client: Client) -> None:
    """They are in by default; `include_suborbital=false` drops them, and keeps what has no mission."""
    dropped = names(client, "launch") - names(client, "launch", include_suborbital="false")
    assert dropped
    orbits = {launch["name"]: ((launch["mission"] or {}).get("orbit") or {}).get("id") for launch in get(client, "launch")}
    assert dropped == {name for name, orbit in orbits.items() if orbit == 15}
    assert "Soyuz U | Progress 3" in names(client, "launch", include_suborbital="false")


def test_contains_is_case_sensitive_and_icontains_is_not(client: Client) -> None:
    """On both databases alike."""
    assert get(client, "agencies", name__contains="spacex") == []
    assert names(client, "agencies", name__contains="SpaceX") == {"SpaceX"}
    upper, lower = (names(client, "launch", rocket__configuration__full_name__icontains=word) for word in ("FALCON", "falcon"))
    assert upper == lower != set()


def test_relations_by_name_are_filtered_by_id(client: Client) -> None:
    """`agency_type` and `orbit` take ids, though the catalogue stores these relations by name."""
    assert {agency["type"] for agency in get(client, "agencies", agency_type="3")} == {"Commercial"}
    assert {station["orbit"] for station in get(client, "spacestation", orbit="8")} == {"Low Earth Orbit"}


def test_astronauts_by_their_flights(client: Client) -> None:
    """`has_flown` is to have any flight; `status_ids` and `agency_ids` take lists."""
    flown, grounded = names(client, "astronaut", has_flown="true"), names(client, "astronaut", has_flown="false")
    assert "Yuri Gagarin" in flown
    assert not flown & grounded
    assert {person["status"]["id"] for person in get(client, "astronaut", status_ids="11,4")} <= {11, 4}


def test_every_word_of_a_search_must_be_found(client: Client) -> None:
    """Words may be in different columns; a `^` column matches from its beginning."""
    assert names(client, "launch", search="falcon demonstration") == {f"Falcon 9 Block 5 | {DEMO_2}"}
    assert get(client, "launch", search="falcon vostok") == []
    assert "SpaceX" in names(client, "agencies", search="spacex")
    assert get(client, "agencies", search="pacex") == []


def test_launches_of_a_program_come_once(client: Client) -> None:
    """A filter through a list does not repeat rows; several programs are alternatives."""
    programs = [program["id"] for program in get(client, "program")]
    response = client.get("/2.2.0/launch/", {"limit": "100", "program": programs[:3]})
    ids = [launch["id"] for launch in response.json()["results"]]
    assert len(ids) == len(set(ids)) == response.json()["count"]
