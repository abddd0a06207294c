"""Finding objects of many kinds at once: what is found, in which order, and at which cost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from launchledger.catalogue.actions import delete
from launchledger.catalogue.queries.everywhere import Found, Place, find
from launchledger.catalogue.queries.texts import search_in
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, VOSTOK_6, agency, launch, location
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

NOW = datetime(1962, 1, 1, tzinfo=UTC)


def _place(path: str, **more: Any) -> Place:
    resource = WIRE.resources[path]
    search = search_in(resource.model, resource.search) if resource.search else None
    return Place(path, resource.model, search=search.name if search else "", **more)


PLACES = [_place("launch", time="net", precision="net_precision"), _place("agencies"), _place("location")]


def _find(text: str, limit: int = 10) -> dict[str, list[Found]]:
    return find(PLACES, text.split(), text, NOW, limit)


def _names(text: str) -> dict[str, list[str | None]]:
    return {place: [each.name for each in some] for place, some in _find(text).items()}


def test_all_words_are_anywhere(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """In any case, at the beginning of a word or within one, in any searched value; all kinds in one statement."""
    take_in("Launch", [launch(VOSTOK_1)])
    take_in("Agency", [agency(7, name="Baikonur Tours")])
    with django_assert_num_queries(1):
        found = _names("BAIKONUR")
    assert found == {
        "launch": ["Vostok-K | Vostok 1"],
        "agencies": ["Baikonur Tours"],
        "location": ["Baikonur Cosmodrome, Republic of Kazakhstan"],
    }
    assert _names("ostok baikonur") == {"launch": ["Vostok-K | Vostok 1"]}
    assert _names("vostok kourou") == {}
    assert _names("o 1") == {"launch": ["Vostok-K | Vostok 1"]}  # too short for the index


@pytest.mark.parametrize("text", ["%", "_", "\\", '"', "'", '" OR "', "vostok*", "-vostok", "\x02", "a\x02b", "½", "NEAR(a b)"])
def test_signs_mean_themselves(text: str) -> None:
    """What means something to a database means nothing here."""
    take_in("Launch", [launch(VOSTOK_1)])
    assert _find(text) == {}
    take_in("Launch", [launch(VOSTOK_6, name=f"A {text} B")])
    take_in("Location", [location(2, name=f"A {text} B")])
    if "\x02" not in text:
        assert [each.key for each in _find(text)["launch"]] == [VOSTOK_6]
        assert [each.key for each in _find(text)["location"]] == ["2"]


def test_the_best_come_first() -> None:
    """Launches with a value that begins with the text; then those to come, soonest first; then those past, newest first."""
    nets = {1: "1960-01-01T00:00:00Z", 2: "1961-01-01T00:00:00Z", 3: "1963-01-01T00:00:00Z", 4: "1962-06-01T00:00:00Z"}
    keys = {number: f"00000000-0000-4000-8000-{number:012}" for number in (*nets, 5)}
    take_in("Launch", [launch(keys[number], name=f"The Luna {number}", net=net) for number, net in nets.items()])
    take_in("Launch", [launch(keys[5], name="Luna 5", net="1959-01-01T00:00:00Z")])
    assert [each.name for each in _find("luna")["launch"]] == ["Luna 5", "The Luna 4", "The Luna 3", "The Luna 2", "The Luna 1"]
    assert [each.begins for each in _find("luna")["launch"]] == [True, False, False, False, False]
    assert [each.name for each in _find("luna", 2)["launch"]] == ["Luna 5", "The Luna 4"]
    take_in("Agency", [agency(number, name=name) for number, name in ((7, "B Moon"), (8, "A Moon"), (9, "Moon Z"))])
    assert _names("moon")["agencies"] == ["Moon Z", "A Moon", "B Moon"]


def test_a_launch_has_its_slug_its_net_and_the_precision_of_it() -> None:
    """So that it is linked to, and shown no more exactly than it is known."""
    take_in("Launch", [launch(VOSTOK_1, net_precision={"id": 7, "name": "Month", "abbrev": "M"})])
    (found,) = _find("vostok")["launch"]
    assert found == Found(
        "launch", VOSTOK_1, "Vostok-K | Vostok 1", "vostok-k-vostok-1", "1961-04-12T06:07:00Z", "M", found.begins
    )


def test_what_is_not_listed_is_not_found() -> None:
    """Neither what is deleted, nor a launch that others only name."""
    take_in("Launch", [launch(VOSTOK_1), {"id": VOSTOK_6, "name": "Vostok-K | Vostok 6"}])
    take_in("Location", [location(2, name="Vostochny")])
    assert _names("vost") == {"launch": ["Vostok-K | Vostok 1"], "location": ["Vostochny"]}
    delete("Launch", VOSTOK_1, datetime(2030, 1, 1, tzinfo=UTC), "test")
    delete("Location", 2, datetime(2030, 1, 1, tzinfo=UTC), "test")
    assert _names("vost") == {}
