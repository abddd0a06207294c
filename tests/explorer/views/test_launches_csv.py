"""`/launches/list.csv`: the list of launches as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.explorer import downloads
from tests.support.bodies import VOSTOK_1, VOSTOK_6, agency_mini, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

NOW = "1962-01-01T00:00:00Z"  # between both launches
LATER: dict[str, Any] = {"name": "Vostok-K | Vostok 6", "slug": "vostok-6", "net": "1963-06-16T09:29:52Z"}


def _rows(client: Client, query: str = "") -> list[dict[str, str]]:
    with time_machine.travel(NOW, tick=False):
        response = client.get(f"/launches/list.csv{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/csv; charset=utf-8; header=present")
    assert response.headers["Content-Disposition"] == 'attachment; filename="launches.csv"'
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def test_a_row_has_what_the_launch_has(client: Client) -> None:
    """Times as on the wire, with the precision of net beside it, names of what belongs to it, and the address of its page."""
    take_in("Launch", [launch(VOSTOK_1, net_precision={"id": 1, "name": "Minute", "abbrev": "MIN"})])
    (row,) = _rows(client, "?when=past")
    assert row == {
        "id": VOSTOK_1,
        "name": "Vostok-K | Vostok 1",
        "net": "1961-04-12T06:07:00Z",
        "net_precision": "Minute",
        "window_start": "1961-04-12T06:07:00Z",
        "window_end": "1961-04-12T06:07:00Z",
        "status": "Launch Successful",
        "provider": "Soviet Space Program",
        "vehicle": "Vostok-K 8K72K",
        "mission": "",
        "mission_type": "",
        "orbit": "",
        "pad": "1/5",
        "site": "Baikonur Cosmodrome, Republic of Kazakhstan",
        "last_updated": "2024-01-01T00:00:00Z",
        "address": "http://testserver/launches/vostok-k-vostok-1",
    }


@pytest.mark.parametrize(
    "query", ["", "?when=past", "?when=all", "?when=all&search=vostok+6", "?when=all&lsp__id=7", "?when=all&ordering=-net"]
)
def test_it_has_the_launches_of_the_page(client: Client, query: str) -> None:
    """With the same parameters, in the same order; the page links to it with them."""
    take_in("Launch", [launch(VOSTOK_1), launch(VOSTOK_6, launch_service_provider=agency_mini(7, "A"), **LATER)])
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/launches/{query}").content.decode()
    addresses = [row["address"].removeprefix("http://testserver") for row in _rows(client, query)]
    assert addresses
    places = [page.index(f'<th scope="row"><a href="{address}">') for address in addresses]
    assert places == sorted(places)
    assert page.count('<th scope="row">') == len(addresses)
    assert f'<a href="/launches/list.csv{query.replace("&", "&amp;") or "?"}">as a table (CSV)</a>' in page


def test_what_cannot_be_read_is_refused(client: Client) -> None:
    """By the same page."""
    response = client.get("/launches/list.csv?lsp__id=abc")
    assert response.status_code == 400
    assert "<code>lsp__id</code>: " in response.content.decode()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_is_a_formula(client: Client, sign: str) -> None:
    """A name that a spreadsheet would compute has an apostrophe before it; one with commas, quotes and lines stays one cell."""
    take_in("Launch", [launch(VOSTOK_1, name=f'{sign}HYPERLINK("https://x.example")'), launch(VOSTOK_6, name='A "b",\nc = 1')])
    names = {row["id"]: row["name"] for row in _rows(client, "?when=past")}
    assert names == {VOSTOK_1: f'\'{sign}HYPERLINK("https://x.example")', VOSTOK_6: 'A "b",\nc = 1'}


def test_a_long_list_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table has so many launches, and leads to the rest with the same parameters; it costs one query."""
    monkeypatch.setattr(downloads, "MOST", 2)
    take_in("Launch", [launch(f"00000000-0000-4000-8000-{number:012}", name=f"Kosmos {number}", slug="") for number in range(5)])
    query, seen = "?when=past&search=kosmos", list[str]()
    while query:
        seen += [row["name"] for row in _rows(client, query)]
        with CaptureQueriesContext(connection) as queries:
            link = client.get(f"/launches/list.csv{query}").headers.get("Link", "")
        assert len(queries) == 1
        query = link.partition("<")[2].partition(">")[0]
    assert sorted(seen) == [f"Kosmos {number}" for number in range(5)]
