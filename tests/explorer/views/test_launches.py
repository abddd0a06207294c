"""`/launches/`: which launches it shows, and what its parameters mean."""

from __future__ import annotations

import html
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.explorer.lists import ROWS
from tests.support.bodies import VOSTOK_1, VOSTOK_6, agency_mini, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

NOW = "1962-01-01T00:00:00Z"  # between both launches
QUERIES = (
    "the keys of the page, with its count",
    "the stored documents of these keys",
    *("the state of the catalogue" for _ in range(4)),  # one for each field of the form that names rows of the catalogue
    *("the rows that a field chooses from, and their names" for _ in range(8)),
)


def _names(client: Client, query: str = "") -> list[str]:
    """The names of the launches that the list shows, in its order."""
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/launches/{query}").content.decode()
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a href="/launches/[^"]*">([^<]*)<', page)]


@pytest.fixture
def _two_launches() -> None:
    first = launch(VOSTOK_1)
    second = launch(
        VOSTOK_6,
        name="Vostok-K | Vostok 6",
        slug="vostok-6",
        net="1963-06-16T09:29:52Z",
        launch_service_provider=agency_mini(7, "A"),
    )
    take_in("Launch", [first, second])


@pytest.mark.usefixtures("_two_launches")
def test_upcoming_comes_first_and_past_is_a_link_away(client: Client) -> None:
    """As on the wire: upcoming are those to come, past the others, newest first."""
    assert _names(client) == _names(client, "?when=upcoming") == ["Vostok-K | Vostok 6"]
    assert _names(client, "?when=past") == ["Vostok-K | Vostok 1"]
    assert len(_names(client, "?when=all")) == 2


@pytest.mark.usefixtures("_two_launches")
def test_every_filter_of_the_wire_works(client: Client) -> None:
    """A page takes the parameters of its JSON twin, which it links to with the same ones."""
    for query, found in (("lsp__id=7", 1), ("lsp__id=66", 1), ("lsp__id=1", 0), ("search=vostok+6", 1), ("net__year=1961", 1)):
        assert len(_names(client, f"?when=all&{query}")) == found, query
        twin = f"/2.2.0/launch/?{query}"
        page = client.get(f"/launches/?when=all&{query}").content.decode()
        assert f'href="{html.escape(twin)}"' in page
        assert client.get(twin).json()["count"] == found


@pytest.mark.usefixtures("_two_launches")
def test_a_chosen_filter_can_be_removed(client: Client) -> None:
    """Each is shown by its name with a link to the list without it, and stays chosen in the form."""
    page = client.get("/launches/?when=all&lsp__id=7&search=vostok").content.decode()
    assert '<li>Provider: A <a href="?when=all&amp;search=vostok" aria-label="Remove the filter Provider">' in page
    assert '<option value="7" selected>A</option>' in page


@pytest.mark.parametrize("query", ["lsp__id=abc", "net__gte=soon", "pad__ids=1,x"])
def test_a_value_that_cannot_be_read_is_named(client: Client, query: str) -> None:
    """The page says which parameter, and why."""
    response = client.get(f"/launches/?{query}")
    assert response.status_code == 400
    assert f"<code>{query.partition('=')[0]}</code>: " in response.content.decode()


def test_a_long_list_has_pages(client: Client) -> None:
    """Each page has ROWS launches, says which, and leads to those beside it with the same filters."""
    take_in(
        "Launch",
        [launch(f"00000000-0000-4000-8000-{number:012}", name=f"Launch {number}", slug="") for number in range(ROWS + 1)],
    )
    first = client.get("/launches/?when=past").content.decode()
    assert f"1 to {ROWS} of {ROWS + 1}" in first
    assert f'<a rel="next" href="?when=past&amp;offset={ROWS}">' in first
    last = client.get(f"/launches/?when=past&offset={ROWS}").content.decode()
    assert f"{ROWS + 1} to {ROWS + 1} of {ROWS + 1}" in last
    assert '<a rel="prev" href="?when=past">' in last
    assert f"The list ends before, at {ROWS + 1}" in client.get("/launches/?when=past&offset=500").content.decode()
    assert "Nothing matches" in client.get("/launches/?when=past&search=zzz").content.decode()


@pytest.mark.usefixtures("_two_launches")
def test_the_list_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many launches; the fields of the form are cached until something is written."""
    with time_machine.travel(NOW, tick=False):
        client.get("/launches/?when=past")
        with CaptureQueriesContext(connection) as queries:
            client.get("/launches/?when=past")
    assert len(queries) <= len(QUERIES), queries.captured_queries
