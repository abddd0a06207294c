"""`/agencies/` and `/agencies/{id}`: agencies, their records, and what they build."""

from __future__ import annotations

import json
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.shapes import SHAPES
from tests.support.bodies import VOSTOK_1, agency, launch
from tests.support.page_text import text_of
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import AT, take_in, uuid, whole

pytestmark = pytest.mark.django_db

NOW = "1962-01-01T00:00:00Z"
COUNTS = {
    "total_launch_count": 721,
    "successful_launches": 706,
    "failed_launches": 15,
    "consecutive_successful_launches": 206,
    "pending_launches": 129,
    "attempted_landings": 692,
    "successful_landings": 664,
    "failed_landings": 29,
    "consecutive_successful_landings": 13,
}
LIST_QUERIES = (
    "the state of the catalogue, for the countries",
    "its newest serial, for the cached count of the list",
    "the keys of the page, with its count",
    "the stored documents of these keys",
)
QUERIES = (
    "the stored document of the agency",
    "the observations of its row",
    "its overrides",
    "its programs",
    "the keys of the last launches",
    "the keys of the next launches",
    "the stored documents of these",
    "the newest serial of the journal",
    "the serials of its last entries",
    "these entries with their changes",
    "the names in them",
)


def _cells(page: str, of: str) -> list[str]:
    """The numbers of a row of the record, without the marks of their sources."""
    row = page.partition(f'<th scope="row">{of}</th>')[2].partition("</tr>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [re.sub(r"<a .*?</a>|&NoBreak;", "", cell, flags=re.DOTALL).strip() for cell in cells]


def test_the_record_has_totals_and_shares(client: Client) -> None:
    """Launches and landings: all, successful, failed, in a row, and the share."""
    take_in("Agency", [agency(121, **COUNTS)])
    page = client.get("/agencies/121").content.decode()
    assert _cells(page, "Launches") == ["721", "706", "15", "206", "97.9%"]
    assert _cells(page, "Landings") == ["692", "664", "29", "13", "96.0%"]
    assert "129 launches to come" in text_of(page.encode())


def test_a_record_that_nobody_reported_is_unknown(client: Client) -> None:
    """Nothing is made up, and no launch is no share."""
    take_in("Agency", [agency(1, **dict.fromkeys(COUNTS)), agency(2, **dict.fromkeys(COUNTS, 0))])
    assert _cells(client.get("/agencies/1").content.decode(), "Launches") == ["unknown"] * 4 + [""]
    assert _cells(client.get("/agencies/2").content.decode(), "Launches") == ["0", "0", "0", "0", ""]


def test_its_launches_are_those_it_provided(client: Client) -> None:
    """With a link to all of them by the wire's filter."""
    take_in("Launch", [launch(VOSTOK_1)])
    with time_machine.travel(NOW, tick=False):
        page = client.get("/agencies/66").content.decode()
    assert '<a href="/launches/vostok-k-vostok-1">Vostok-K | Vostok 1</a>' in page
    assert 'href="/launches/?when=all&amp;lsp__id=66">' in page
    assert "This catalogue has none with a known net." not in page
    assert '<a href="/statistics?by=status&amp;provider=66">its launches by year</a>' in page
    assert client.get("/statistics?by=status&provider=66").status_code == 200


def test_the_list_takes_the_filters_of_the_wire(client: Client) -> None:
    """In the form the countries are those of the rows."""
    take_in("Agency", [agency(1, name="A", country_code="USA"), agency(2, name="B", country_code="FRA,DEU")])
    page = client.get("/agencies/?country_code=USA").content.decode()
    assert re.findall(r'<th scope="row"><a href="([^"]*)">([^<]*)<', page) == [("/agencies/1", "A")]
    assert '<option value="FRA,DEU">FRA,DEU</option>' in page
    assert '<option value="USA" selected>' in page
    assert 'href="/2.2.0/agencies/?country_code=USA"' in page


def test_odd_values_break_nothing(client: Client) -> None:
    """An agency that was only named, one where everything has a value, and a hostile one."""
    evil = "<script>alert(1)</script>" + "x" * 400
    take_in("Agency", [{"id": 1}, whole(SHAPES["AgencySerializerDetailed"], 2)])
    take_in("Agency", [agency(4, country_code=None, abbrev=None)])
    take_in("Agency", [agency(3, name=evil, country_code=evil, info_url="javascript:alert(1)", founding_year=None)])
    for path in ("/agencies/1", "/agencies/2", "/agencies/3", "/agencies/"):
        response = client.get(path)
        assert response.status_code == 200
        assert not re.search("<script>|javascript:", response.content.decode()), path


def test_what_it_builds_is_bounded(client: Client) -> None:
    """Sixty launchers, and a link to the rest."""
    body = whole(SHAPES["AgencySerializerDetailed"], 2)
    launcher = body["launcher_list"][0]
    body["launcher_list"] = [{**launcher, "id": n, "full_name": f"Launcher {n}"} for n in range(1, 71)]
    take_in("Agency", [body])
    page = client.get("/agencies/2").content.decode()
    assert len(re.findall(r"<th scope=\"row\">(?:<a [^>]*>)?Launcher \d+", page)) == 60
    assert 'And 10 more: <a href="/2.2.0/agencies/2/">' in page


@pytest.mark.parametrize(("path", "reasons"), [("/agencies/", LIST_QUERIES), ("/agencies/66", QUERIES)])
def test_pages_cost_a_fixed_number_of_queries(client: Client, path: str, reasons: tuple[str, ...]) -> None:
    """However many agencies and launches."""
    take_in("Agency", [agency(n) for n in range(100, 140)])
    take_in("Launch", [launch(uuid(n), slug=f"l-{n}") for n in range(20)])
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) <= len(reasons), [query["sql"][:150] for query in queries.captured_queries]


@needs_upstream
def test_a_real_agency_is_whole(client: Client) -> None:
    """NASA, as upstream replied: 41 launches of which 38 succeeded, twelve launchers, six spacecraft."""
    file = REPLIES / "2.2.0" / "agencies__44__1.json"
    observe([Observation(WIRE.reader.read("Agency", json.loads(file.read_text(encoding="utf-8"))), "file:nasa.json", AT)])
    page = client.get("/agencies/44").content.decode()
    assert _cells(page, "Launches") == ["41", "38", "3", "37", "92.7%"]
    assert page.count("<tr>", page.index('id="launchers"'), page.index('id="spacecraft"')) == 1 + 12
    assert page.count("<li>", page.index('id="spacecraft"'), page.index('id="history"')) == 6
    assert "Head Administrator: Jim Bridenstine" in text_of(page.encode())
