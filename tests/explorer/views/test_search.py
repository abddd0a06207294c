"""`/search`: one box over everything."""

from __future__ import annotations

import html
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.api.searching import LONGEST_WORD, MOST_WORDS
from launchledger.explorer.finding import SHOWN
from tests.support.bodies import VOSTOK_1, agency, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

QUERIES = ("the objects of all kinds that have the words, in one statement",)


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def test_what_is_found_is_grouped_by_kind(client: Client) -> None:
    """Each object with a link to its page, or to its JSON where it has none, and its time as exactly as it is known."""
    take_in("Launch", [launch(VOSTOK_1, net_precision={"id": 7, "name": "Month", "abbrev": "M"})])
    page = client.get("/search?q=vostok+1").content.decode()
    assert '<li><a href="/launches/vostok-k-vostok-1">Vostok-K | Vostok 1</a> <small>April 1961</small></li>' in page
    page = client.get("/search?q=vostok").content.decode()
    assert re.search(
        r'<h2 id="found-2">Launcher configurations</h2>\s*<ul class="hits"><li><a href="[^"]*451[^"]*">Vostok-K 8K72K<', page
    )
    assert '<input id="q" type="search" name="q" value="vostok"' in page


def test_a_kind_with_an_object_that_begins_with_the_text_comes_first(client: Client) -> None:
    """Whoever looks for an agency by its name finds it above the launches of its vehicles."""
    take_in("Launch", [launch(VOSTOK_1, name="The Soviet launch")])
    take_in("Agency", [agency(66, name="Soviet Space Program"), agency(7, name="Launch Services")])
    page = client.get("/search?q=launch").content.decode()
    groups = re.findall(r'<h2 id="found-\d+">([^<]*)<', page)
    assert groups == ["Agencies", "Launches"]


def test_of_many_the_first_are_shown(client: Client) -> None:
    """The list with the same search has the others."""
    bodies = [launch(f"00000000-0000-4000-8000-{number:012}", name=f"Kosmos {number}", slug="") for number in range(SHOWN)]
    take_in("Launch", bodies)
    whole = "/launches/?when=all&amp;search=kosmos"
    assert whole not in client.get("/search?q=kosmos").content.decode()
    take_in("Launch", [launch(VOSTOK_1, name="Kosmos 99")])
    page = client.get("/search?q=kosmos").content.decode()
    assert page.count("<li><a href=") - page.count('<li><a href="/2.2.0/"') >= SHOWN
    assert f'<a href="{whole}">More in the list of launches</a>' in page
    assert _text(client.get(html.unescape(whole)).content.decode()).count("Kosmos") >= SHOWN + 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+".join(map(str, range(MOST_WORDS + 1))), f"at most {MOST_WORDS} different words"),
        ("x" * (LONGEST_WORD + 1), f"at most {LONGEST_WORD} characters"),
        ("%00", "Null characters are not allowed"),
    ],
)
def test_words_have_the_bounds_of_the_wire(client: Client, text: str, reason: str) -> None:
    """More, longer and impossible ones are refused, by the parameter's name."""
    response = client.get(f"/search?q={text}")
    assert response.status_code == 400
    assert "<code>q</code>: " in response.content.decode()
    assert reason in _text(response.content.decode())


def test_nothing_to_look_for_and_nothing_found(client: Client) -> None:
    """The page says so, and shows what was asked for as text."""
    assert client.get("/search").status_code == client.get("/search?q=+").status_code == 200
    page = client.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "Nothing in this catalogue has all these words: &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_search_costs_one_statement(client: Client) -> None:
    """Whatever is looked for, and however much is found."""
    take_in("Launch", [launch(VOSTOK_1)])
    with time_machine.travel("1962-01-01T00:00:00Z", tick=False):
        client.get("/search?q=vostok")
        for text in ("vostok", "o", "nothing", "vostok+baikonur"):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/search?q={text}")
            assert len(queries) == len(QUERIES), queries.captured_queries


def test_every_page_has_the_box(client: Client) -> None:
    """It leads to the search without a script."""
    for path in ("/", "/launches/", "/changes", "/docs/"):
        page = client.get(path).content.decode()
        assert '<form class="search" action="/search" method="get" role="search"' in page
        assert '<input id="band-q" type="search" name="q"' in page
