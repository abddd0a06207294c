"""`/stations/{id}`: the docking chart, what is docked, who is aboard: facts of real stations."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

NOW = datetime(2026, 8, 1, tzinfo=UTC)
ISS = "/stations/4"
QUERIES = (
    "the stored document of the station",
    *("its tables, because a document with durations that run is not stored" for _ in range(12)),
    *("the sources of its values: the row's observations, and its overrides" for _ in range(2)),
    *("the state of the catalogue, for what is kept until something is written" for _ in range(2)),
    *("the history: the newest serial, its entries, and the names of what they name" for _ in range(4)),
)


def _page(client: Client, path: str = ISS, now: datetime = NOW) -> str:
    with time_machine.travel(now, tick=False):
        response = client.get(path)
    assert response.status_code == 200, response.content
    return response.content.decode()


def _words(page: str) -> str:
    """The words of a page, each run of white space as one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def _lanes(page: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r'class="lane"[^>]*>([^<]*)<', page)]


def _vehicles(page: str) -> list[str]:
    """The vehicles of the table behind the chart."""
    table = page.partition("Dockings by port: table")[2].partition("</table>")[0]
    return [_words(name) for name in re.findall(r'<th scope="row">(.*?)</th>', table)]


def test_the_last_year_comes_first(client: Client) -> None:
    """What was docked in it, and what still is; older dockings are a link away."""
    page = _page(client)
    assert _lanes(page) == ["Poisk zenith", "Prichal nadir"]
    assert _vehicles(page) == ["Soyuz MS-29", "Progress MS-33"]
    assert '<a href="?years=1#dockings" aria-current="true">Last year</a>' in page
    assert "Soyuz MS-29, Prichal nadir: 2026-07-14 17:52 UTC to now (17 d)" in page


def test_a_span_is_chosen(client: Client) -> None:
    """The last five years and all of them, newest first; a docking that began before the span counts if it ended in it."""
    five = _vehicles(_page(client, f"{ISS}?years=5"))
    assert five[:3] == ["Soyuz MS-29", "Progress MS-33", "Crew Dragon Grace"]
    assert "Crew Dragon Resilience" not in five
    assert "Crew Dragon Resilience" in _vehicles(_page(client, f"{ISS}?years=5", datetime(2026, 4, 1, tzinfo=UTC)))
    every = _page(client, f"{ISS}?years=all")
    assert _vehicles(every)[-1] == "Space Shuttle Endeavour"
    assert "1998-12-07 02:07 UTC</td><td>1998-12-13 20:24 UTC</td><td>7 d</td>" in every
    assert len(_vehicles(every)) == client.get("/2.2.0/docking_event/?space_station__id=4").json()["count"]


@pytest.mark.parametrize("years", ["2", "x", "-1", "1e9", "%00"])
def test_no_other_span_is_read(client: Client, years: str) -> None:
    """The page says what it may be."""
    response = client.get(f"{ISS}?years={years}")
    assert response.status_code == 400
    assert "<code>years</code>: It is 1, 5 or all." in response.content.decode()


def test_a_station_that_came_down_ends_there(client: Client) -> None:
    """Its chart has all dockings at once, or those of its last year; nothing is docked, nobody is aboard."""
    page = _page(client, "/stations/14")
    assert _vehicles(page) == ["Progress 3", "Soyuz 28"]
    assert '<a href="?years=all#dockings" aria-current="true">All</a>' in page
    assert "1978-03-03 to 1982-07-29." in page
    assert ">now</text>" not in page
    words = _words(page)
    assert "1977-09-29 to 1982-07-29" in words
    assert "Nobody is known to be aboard." in words
    assert "Empty ports Salyut-6 aft, Salyut-6 forward" in words
    assert "No docking in this span is known." in _page(client, "/stations/14?years=1")


def test_what_is_docked_is_listed_by_port(client: Client) -> None:
    """With the launch and for how long; empty ports are named too."""
    page = _page(client)
    table = _words(page.partition('id="docked"')[2].partition("</table>")[0])
    assert "Prichal nadir Soyuz MS-29 Launch: " in table
    assert "2026-07-14 17:52 UTC 17 d" in table
    assert "Empty ports Destiny forward, Harmony forward, " in table
    assert '<a href="/launches/' in page


def test_who_is_aboard_is_listed_with_roles(client: Client) -> None:
    """The crews of the expeditions that are going on, as in the JSON twin."""
    table = _words(_page(client).partition('id="aboard"')[2].partition("</table>")[0])
    assert "Sergey Kud-Sverchkov Commander, Expedition 74" in table
    active = client.get("/2.2.0/spacestation/4/").json()["active_expeditions"]
    for member in active[0]["crew"]:
        assert member["astronaut"]["name"] in table


def test_expeditions_have_their_crews(client: Client) -> None:
    """The latest first, with links; all are a link away."""
    page = _page(client)
    table = page.partition('id="expeditions"')[2].partition("</table>")[0]
    assert '<a href="/expeditions/165">Expedition 74</a>' in table
    assert "Sergei Krikalev" in table
    assert '<a href="/expeditions/?space_station=4">' in page


def test_facts_have_their_sources(client: Client) -> None:
    """Measures with units, owners, and where each value comes from."""
    words = _words(_page(client))
    for fact in ("Mass 419.7 t", "Height 72.8 m", "Width 108.5 m", "Volume 931 m³", "Founded 1998-11-20"):
        assert fact in words
    assert "European Space Agency" in words
    assert "the starter catalogue" in words.partition(" Sources ")[2]


def test_it_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many dockings and expeditions."""
    counts = []
    for path in ("/stations/14", f"{ISS}?years=all", ISS):
        with time_machine.travel(NOW, tick=False):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
        counts.append(len(queries))
    assert max(counts) <= len(QUERIES), [q["sql"][:200] for q in queries.captured_queries]
