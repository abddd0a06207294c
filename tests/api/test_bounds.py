"""Bounds of a query: as much as any client needs, and beyond it a 400 that names the bound."""

from __future__ import annotations

import re
from typing import Any, cast
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.filters import search_smart_split

from launchledger.api.fast_path import answer
from launchledger.api.ids import MOST_VALUES
from launchledger.api.searching import LONGEST_WORD, MOST_WORDS, words_of
from launchledger.http_cache.responses import RequestKey
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.filters import FILTERS
from tests.support.bodies import agency, launch
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db

SEVERAL = [(path, each) for path, declared in FILTERS.items() for each in declared if each.several == "commas"]


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    take_in("Launch", [launch(), launch(uuid(2), slug="another")])
    take_in("Agency", [agency(number, name=f"Agency {number} of aerospace") for number in (1, 2, 3)])


def _ask(client: Client, path: str, query: str) -> tuple[int, Any]:
    """What the views answer. What the fast path answers, if anything, must be the same."""
    response = client.get(f"/2.2.0/{path}/?{query}")
    made = answer(RequestKey("http", "testserver", f"/2.2.0/{path}/", query, None))
    assert made is None or (response.status_code, response.content) == (200, made.body)
    return response.status_code, response.json()


def test_commas_alone_filter_nothing(client: Client) -> None:
    """Empty values are ignored, as in the framework, also with a filter that changes their meaning."""
    for path, declared in SEVERAL:
        everything = _ask(client, path, "limit=1")[1]["count"]
        for value in (",", "%20,%20", "%20,%20&related=true", ",&strict_filtering=true&pad__ids=,"):
            assert _ask(client, path, f"limit=1&{declared.name}={value}")[1]["count"] == everything, (path, declared, value)


def test_a_condition_that_no_row_meets_costs_no_query(client: Client) -> None:
    """Where a relation cannot match, no query with an empty IN runs."""
    none = str(UUID(int=0))
    assert _ask(client, "spacewalks", f"launch__ids={none}&owner__ids=999")[1]["count"] == 0


@pytest.mark.parametrize(
    ("path", "name"),
    [("launch", "status__ids"), ("launch", "location__ids"), ("launch", "program"), ("spacewalks", "owner__ids")],
)
def test_values_of_one_filter_are_bounded(client: Client, path: str, name: str) -> None:
    """As many ids of launches as fit into an address are taken; more are a 400 that names the bound."""
    is_repeated = name == "program"
    numbers = ["1"] * MOST_VALUES
    if not is_repeated:
        assert _ask(client, path, f"{name}={','.join(numbers)}")[0] == 200
    more = [*numbers, "1"]
    query = "&".join(f"{name}={each}" for each in more) if is_repeated else f"{name}={','.join(more)}"
    detail = f"At most {MOST_VALUES} values are allowed; these are {MOST_VALUES + 1}."
    assert _ask(client, path, query) == (400, {name: [detail]})


def test_words_of_a_search_are_bounded(client: Client) -> None:
    """Ten different words of a hundred characters are looked for, on either database; more or longer ones are a 400."""
    words = [f"{number}{'x' * (LONGEST_WORD - 1)}" for number in range(MOST_WORDS)]
    many, long = (
        (400, {"search": [detail]})
        for detail in (
            "A search has at most 10 different words; this one has 11.",
            "A word has at most 100 characters; one of these has 101.",
        )
    )
    nothing: dict[str, Any] = {"count": 0, "next": None, "previous": None, "results": []}
    for path, resource in WIRE.resources.items():
        if resource.search is not None:
            assert _ask(client, path, f"search={'+'.join(words)}") in [(200, nothing), (200, _ask(client, path, "")[1])]
            assert _ask(client, path, f"search={'+'.join([*words, 'y'])}") == many
            assert _ask(client, path, f"search=a+{'y' * 101}") == long


def test_equal_words_are_one(client: Client) -> None:
    """A repeated word, in any case, is searched once, and finds what it finds alone."""
    alone = _ask(client, "agencies", "search=agency")[1]["results"]
    assert len(alone) == 3
    assert _ask(client, "agencies", "search=" + "+".join(["agency", "AGENCY"] * 400))[1]["results"] == alone
    assert _ask(client, "launch", "limit=1&search=" + "+".join(["a"] * 497))[0] == 200


def test_a_word_within_another_is_not_searched(client: Client) -> None:
    """A row with a word has each of its parts, so only words that are in no other word are searched."""
    with CaptureQueriesContext(connection) as queries:
        client.get("/2.2.0/launch/?search=a+ae+aero+aerospace+space")
    searched = [query["sql"] for query in queries if "searchedtext" in query["sql"]]
    assert searched
    looked_for = [each for sql in searched for each in re.findall(r"'[%\"]*([a-z]+)[%\"]*'", sql)]
    assert set(looked_for) == {"aerospace"}, searched


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Falcon 9", ["falcon", "9"]),
        ('"Falcon 9" falcon', ["falcon 9", "falcon"]),
        ("'a b' ,c", ["a b", "c"]),
        ("a,b,,c ,", ["a", "b", "c"]),
        (",", []),
        ("  ", []),
        ('"a" a A "A"', ["a"]),
    ],
)
def test_a_search_is_split_as_the_framework_splits_it(text: str, words: list[str]) -> None:
    """Quotes keep words together, spaces and commas part them."""
    assert words_of(text) == words
    assert set(words) == {word.lower() for word in search_smart_split(cast(Any, text))}


def test_a_repeated_column_orders_once(client: Client) -> None:
    """A repeated column changes nothing, and is not compared again."""
    once = _ask(client, "launch", "ordering=-name,id")[1]
    with CaptureQueriesContext(connection) as queries:
        often = client.get("/2.2.0/launch/?ordering=" + ",".join(["-name", "id", "name", "-id"] * 400)).json()
    assert often["results"] == once["results"]
    assert max(query["sql"].count("NULLS LAST") for query in queries) <= 2
