"""`/programs/` and `/programs/{id}`: programs with their agencies, launches, events and patches."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.wire.v2_2_0.shapes import SHAPES
from tests.support.bodies import HOST, VOSTOK_1, agency_mini, launch
from tests.support.page_text import text_of
from tests.support.whole import NOW, take_in, uuid, whole

pytestmark = pytest.mark.django_db

LIST_QUERIES = (
    "its newest serial, for the cached count of the list",
    "the keys of the page, with its count",
    "the stored documents of these keys",
)
QUERIES = (
    "the stored document of the program",
    "the observations of its row",
    "its overrides",
    *("the keys of the last and the next launches, and their stored documents" for _ in range(3)),
    *("the same of its events" for _ in range(3)),
    "the newest serial of the journal",
    "the serials of its last entries",
    "these entries with their changes",
    "the names in them",
)


def _program(id: int = 9, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "url": f"{HOST}/program/{id}/",
        "name": "Vostok",
        "description": "Six flights, each with one person.",
        "agencies": [agency_mini()],
        "image_url": None,
        "start_date": "1961-04-12T06:07:00Z",
        "end_date": "1963-06-19T08:20:00Z",
        "info_url": None,
        "wiki_url": "https://en.wikipedia.org/wiki/Vostok_programme",
        "mission_patches": [],
        "type": {"id": 2, "name": "Human Spaceflight"},
        **changes,
    }


def test_a_program_has_its_agencies_launches_and_patches(client: Client) -> None:
    """Each with a link to its page; all launches by the wire's filter."""
    patch = {
        "id": 4,
        "name": "Vostok 1 patch",
        "priority": 1,
        "image_url": "https://example.org/p.png",
        "agency": agency_mini(7, "Maker"),
    }
    take_in("Launch", [launch(VOSTOK_1, program=[_program(mission_patches=[patch])])])
    page = client.get("/programs/9").content.decode()
    assert '<a href="/agencies/66">Soviet Space Program</a>' in page
    assert '<a href="/launches/vostok-k-vostok-1">' in page
    assert 'href="/launches/?when=all&amp;program=9">' in page
    assert (
        '<a href="https://example.org/p.png" rel="nofollow noreferrer">Vostok 1 patch</a> <small><a href="/agencies/7">' in page
    )
    assert "From 1961-04-12 Source 1 Until 1963-06-19 Source 1" in text_of(page.encode()).replace("\u2060", " ").replace(
        "  ", " "
    )


def test_its_events_are_last_or_next(client: Client) -> None:
    """By the clock."""
    take_in("Program", [_program()])
    event = whole(SHAPES["Events"], 5)
    for number, year in ((1, 1960), (2, 1970)):
        take_in(
            "Event", [{**event, "id": number, "name": f"Of {year}", "date": f"{year}-01-01T00:00:00Z", "program": [_program()]}]
        )
    with time_machine.travel(NOW, tick=False):
        page = client.get("/programs/9").content.decode()
    last, _, rest = page.partition("The last events</caption>")
    assert "Of 1970" in last
    assert "Of 1960" in rest
    assert 'href="/events/?when=all&amp;ordering=-date&amp;program=9">' in page


def test_the_list_links_to_programs_and_agencies(client: Client) -> None:
    """With at most four agencies of each, and how many more there are."""
    take_in("Program", [_program(agencies=[agency_mini(n, f"Agency {n}") for n in range(1, 8)])])
    page = client.get("/programs/").content.decode()
    assert '<a href="/programs/9">Vostok</a>' in page
    assert "Agency 1, Agency 2, Agency 3, Agency 4 and 3 more" in text_of(page.encode())
    assert "Nothing matches" in client.get("/programs/?search=zzz").content.decode()


def test_odd_values_break_nothing(client: Client) -> None:
    """A program that was only named, one where everything has a value, a hostile one, and one of the last year that there is."""
    evil = "<script>alert(1)</script>" + "ש" * 400
    take_in("Program", [{"id": 1}, whole(SHAPES["Program"], 2), _program(3, name=evil, wiki_url="javascript:x")])
    take_in("Program", [_program(4, start_date="0001-01-01T00:00:00Z", end_date="9999-12-31T23:59:59Z")])
    for path in ("/programs/1", "/programs/2", "/programs/3", "/programs/4", "/programs/"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert not re.search("<script>|javascript:", response.content.decode()), path


@pytest.mark.parametrize(("path", "reasons"), [("/programs/", LIST_QUERIES), ("/programs/9", QUERIES)])
def test_pages_cost_a_fixed_number_of_queries(client: Client, path: str, reasons: tuple[str, ...]) -> None:
    """However many programs and launches."""
    take_in("Launch", [launch(uuid(n), slug=f"l-{n}", program=[_program(), _program(10 + n)]) for n in range(12)])
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) <= len(reasons), [query["sql"][:150] for query in queries.captured_queries]
