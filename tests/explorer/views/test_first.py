"""The first page: what it shows in each state of the catalogue, and how browsers and programs may treat it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, delete, observe, observe_starter
from launchledger.explorer.overview import CACHED_FOR, clear_cache
from launchledger.ingest.receiving import Received, receive
from launchledger.journal.models import Entry
from launchledger.sync.lease import Lease
from launchledger.sync.servers import source_of
from launchledger.sync.state import Known, Sweep
from launchledger.sync.store import Store
from launchledger.sync.targets import targets
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, agency, flight, launch
from tests.support.whole import least, take_in
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
STATE = ("the plan of the upstream, if there is one", "the journal's newest entry")
CONTENTS = (
    "the launches to come",
    "the last launch",
    "the people in space",
    "the spacecraft in space",
    "what is docked",
    "the rows of each resource",
    "the sources of the rows",
    "whose data was loaded",
    "the heads of the journal's last entries",
    "the changes of those shown in full",
    "the names of all objects shown",
)
GAGARIN = {
    "id": 1_000_001,
    "name": "Yuri Gagarin",
    "in_space": True,
    "last_flight": "1961-04-12T06:07:00Z",
    "agency": agency(abbrev="CCCP"),
}
SOYUZ = {"id": 1_000_002, "name": "Soyuz MS-99", "in_space": True, "spacecraft_config": {"id": 1_000_003, "name": "Soyuz"}}
STATION = {
    "id": 1_000_008,
    "name": "Salyut 8",
    "docking_location": [
        {
            "id": 1_000_004,
            "name": "Aft",
            "docked": {
                "id": 1_000_005,
                "docking": "2026-11-20T10:00:00Z",
                "departure": None,
                "flight_vehicle": {"id": 1_000_006, "spacecraft": SOYUZ},
            },
        }
    ],
}


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    clear_cache()
    yield
    clear_cache()


def _text(client: Client) -> str:
    """The words of the page, each run of white space as one space."""
    page = client.get("/").content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def _observe(model: str, body: dict[str, Any], at: datetime) -> None:
    observe([Observation(WIRE.reader.read(model, body), "file:a.json", at)])


def test_the_page_shows_the_contents(client: Client) -> None:
    """Each resource is there with its number of rows and a link to its list; the starter is called the starter."""
    observe_starter()
    page = client.get("/").content.decode()
    for path in ("launch", "spacecraft/flight", "astronaut", "event"):
        count = client.get(f"/2.2.0/{path}/").json()["count"]
        assert f'<a href="/2.2.0/{path}/"><strong>{count}</strong>' in page
    text = _text(client)
    assert "this is the starter catalogue that comes with Launchledger" in text
    assert "1957" not in text


def test_the_page_shows_the_age_of_the_catalogue(client: Client) -> None:
    """The newest observation, its source, and the journal's last entry, with their times."""
    with time_machine.travel(NOW, tick=False):
        _observe("Pad", {"id": 1, "name": "1/5"}, datetime(2026, 7, 14, 15, 20, tzinfo=UTC))
        text = _text(client)
    assert "The newest observation is of 2026-07-14 15:20 UTC." in text
    assert "is of 2026-11-22 12:00 UTC." in text
    assert "file a.json 2026-07-14 15:20 UTC 1" in text


def test_the_page_shows_the_next_launches(client: Client) -> None:
    """No more exactly than their nets are known, the soonest above all; where there is none, the page says so."""
    month = {"id": 7, "name": "Month", "abbrev": "M"}
    with time_machine.travel(NOW, tick=False):
        take_in("Launch", [launch(VOSTOK_1)])
        assert "The catalogue has no upcoming launch." in _text(client)
        soon = launch("00000000-0000-4000-8000-000000000001", name="Soon", slug="soon", net="2026-11-30T00:00:00Z")
        take_in("Launch", [soon | {"net_precision": month}])
        text = _text(client)
        assert "Next launch Soon Launch Successful November 2026 Soviet Space Program, 1/5, Baikonur Cosmodrome" in text
        assert "to-go" not in client.get("/").content.decode()
        later = launch("00000000-0000-4000-8000-000000000002", name="Later", slug="later", net="2027-02-03T00:00:00Z")
        take_in("Launch", [later | {"net_precision": month}])
        page = client.get("/").content.decode()
        text = _text(client)
    assert '<h1><span class="eyebrow">Next launch</span> <a href="/launches/soon">Soon</a></h1>' in page
    assert '<td class="when"><time datetime="2027-02-03T00:00:00Z">February 2027</time></td>' in page
    assert '<a href="/launches/later">Later</a>' in page
    assert "The last one was Vostok-K | Vostok 1, 1961-04-12 06:07 UTC: Launch Successful." in text
    assert "2026-11-30" not in text.partition("In space")[0].partition("Last changes")[0]


@pytest.mark.parametrize(
    ("precision", "net", "written"),
    [
        ("SEC", "2026-11-22T14:05:30Z", "in 2 h 6 min"),
        ("MIN", "2026-11-24T12:00:00Z", "in 2 d"),
        ("HR", "2026-11-22T14:00:00Z", "in about 2 h"),
        ("DAY", "2026-11-22T23:00:00Z", "today"),
        ("DAY", "2026-11-23T00:00:00Z", "tomorrow"),
        ("DAY", "2026-11-29T23:00:00Z", "in 7 days"),
        ("M", "2026-11-30T00:00:00Z", ""),
        ("MIN", "2027-11-24T12:00:00Z", ""),
    ],
)
def test_the_countdown_is_no_more_exact_than_the_net(client: Client, precision: str, net: str, written: str) -> None:
    """Hours and minutes for a net that is exact to the minute, days for one that is known to the day, else none."""
    with time_machine.travel(NOW, tick=False):
        take_in("Launch", [launch(VOSTOK_1, net=net, net_precision={"id": 1, "name": "P", "abbrev": precision})])
        found = re.findall(r'class="to-go" data-net="[^"]*" data-precision="([A-Z]+)">([^<]*)<', client.get("/").content.decode())
    assert found == ([(precision, written)] if written else [])


def test_a_launch_that_left_while_the_page_is_cached_is_not_next(client: Client) -> None:
    """The next one is, at the second of its net, though nothing was written."""
    with time_machine.travel(NOW, tick=False) as clock:
        for number, net in ((1, "2026-11-22T12:00:20Z"), (2, "2026-11-22T18:00:00Z")):
            take_in("Launch", [launch(f"00000000-0000-4000-8000-{number:012}", name=f"Number {number}", net=net)])
        assert "Next launch Number 1" in _text(client)
        clock.shift(30)
        assert "Next launch Number 2" in _text(client)


def test_the_page_shows_who_and_what_is_in_space(client: Client) -> None:
    """People with their agency and since when, spacecraft with their type, and what is docked by station and port."""
    observe([Observation(WIRE.reader.read("Astronaut", GAGARIN), "file:a.json", NOW)])
    _observe("Spacecraft", SOYUZ, NOW)
    _observe("SpaceStation", STATION, NOW)
    text = _text(client)
    assert "In space now 1 person Yuri Gagarin CCCP, since 1961-04-12" in text
    assert "1 spacecraft Soyuz MS-99 Soyuz" in text
    assert "Docked now Salyut 8" in text
    assert "Soyuz MS-99 Aft 2026-11-20 10:00 UTC" in text
    delete("SpaceStation", 1_000_008, NOW, "test")
    assert "Docked now" not in _text(client)


def test_the_page_shows_the_last_changes(client: Client) -> None:
    """A change has the object's name, the value before and the value now."""
    _observe("Pad", {"id": 1, "name": "1/5"}, datetime(2026, 7, 1, tzinfo=UTC))
    _observe("Pad", {"id": 1, "name": "Gagarin's Start"}, datetime(2026, 7, 2, tzinfo=UTC))
    text = _text(client)
    assert "pad Gagarin's Start changed: name from 1/5 to Gagarin's Start file a.json" in text


def _mirror(server: str, known: Known, answered: datetime) -> None:
    Store(server, source_of(server)).save(known, answered, answered=True)


def test_the_page_shows_how_far_the_first_sync_is(client: Client) -> None:
    """Which upstream, when it answered last, what is complete and what is left; also while the catalogue is empty."""
    with time_machine.travel(NOW, tick=False):
        _mirror("https://ll.thespacedevs.com", Known(), NOW - timedelta(minutes=3, seconds=59))
        text = _text(client)
        assert "This is a mirror of ll.thespacedevs.com, which answered last 3 min ago. Lists complete: 0 of 35." in text
        assert "Nobody syncs now, and of the first sync about 337 calls are left, 22 h." in text
        Lease().take()
        _observe("Pad", {"id": 1, "name": "1/5"}, NOW)
        assert "The first sync is running: about 337 calls are left, 22 h." in _text(client)


def test_the_page_shows_how_fresh_a_mirror_is(client: Client) -> None:
    """Whole, it is as old as the last answer, to the minute, however often the page is cached; the link is that of the server."""
    sweeps = {path: Sweep(path, 1, count=1, last_began=1.0, last_ended=2.0) for path in targets()}
    with time_machine.travel(NOW, tick=False) as clock:
        _observe("Pad", {"id": 1, "name": "1/5"}, NOW)
        _mirror("http://127.0.0.1:8000", Known(sweeps=sweeps), NOW)
        page = client.get("/").content.decode()
        assert '<a href="http://127.0.0.1:8000/">127.0.0.1:8000</a>' in page
        text = _text(client)
        assert "which answered last less than a minute ago. Lists complete: 35 of 35. Programs read its status as JSON." in text
        clock.shift(timedelta(hours=2, minutes=40))
        assert "which answered last 2 h 40 min ago." in _text(client)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
    assert len(queries) == len(STATE) + 1, "who syncs costs one more"


def test_the_page_gives_credit(client: Client) -> None:
    """To The Space Devs for what came from them, through a sync or in files, and to other upstreams; none for the starter."""
    observe_starter()
    assert "Data:" not in _text(client)
    url = "https://ll.thespacedevs.com/2.2.0/agencies/1/"
    receive([Received({"id": 1, "name": "A", "url": url}, NOW, "file:a.json", "a.json")])
    credit = '<p>Data: <a href="https://thespacedevs.com/">The Space Devs</a></p>'
    assert credit in client.get("/").content.decode()
    for server in ("https://ll.thespacedevs.com", "http://127.0.0.1:8000", "https://never.example"):
        _mirror(server, Known(), NOW)
    for number, host in ((2, "ll.thespacedevs.com"), (3, "127.0.0.1:8000")):
        observe([Observation(WIRE.reader.read("Pad", {"id": number, "name": "B"}), f"upstream:{host}", NOW)])
    page = client.get("/").content.decode()
    other = '<a href="http://127.0.0.1:8000/">127.0.0.1:8000</a>'
    assert credit.replace("</p>", f", {other}</p>") in page
    assert "never.example" not in page.partition("Data:")[2]


def test_an_empty_catalogue_says_how_to_fill_it(client: Client) -> None:
    """Without anything written the page answers, names the command, and shows no table of nothing."""
    response = client.get("/")
    assert response.status_code == 200
    text = _text(client)
    assert "The catalogue is empty" in text
    assert "launchledger load replies/" in text
    assert "What it holds" not in text


@pytest.mark.django_db(transaction=True)
def test_a_database_without_tables_is_a_503_with_a_page(client: Client) -> None:
    """Where tables are missing the page says so and what to do, and no cache may store it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry RENAME TO elsewhere")
    try:
        response = client.get("/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO journal_entry")
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")
    assert "launchledger serve" in response.content.decode()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ settings.SECRET_KEY }}{% now 'Y' %}",
        "</small></td></tr></table><h1>Owned</h1>",
        "javascript:alert(1)",
    ],
)
def test_names_are_text(client: Client, name: str) -> None:
    """Whatever objects, sources and values are called, they are shown as they are, and never become part of the page."""
    body = launch(VOSTOK_1, name=name, net="2099-01-01T00:00:00Z", status={"id": 1, "name": name})
    observe([Observation(WIRE.reader.read("Launch", body), f"file:{name}", NOW)])
    observe([Observation(WIRE.reader.read("Launch", body | {"hashtag": name}), f"file:{name}", datetime(2027, 1, 1, tzinfo=UTC))])
    page = client.get("/").content.decode()
    assert page.count(html.escape(name)) >= 4
    for harm in ("<script>", "<img src=x", "<h1>Owned", 'href="javascript'):
        assert harm not in page


def test_the_host_is_text_too(client: Client) -> None:
    """The address to point a client at is the one that was asked."""
    page = client.get("/", headers={"host": "ledger.example:8080"}).content.decode()
    assert "<code>http://ledger.example:8080/2.2.0/</code>" in page


def test_the_page_costs_a_fixed_number_of_queries(client: Client) -> None:
    """One look at the catalogue costs a query for each thing it asks; until something is written, most of them are cached."""
    observe_starter()
    with time_machine.travel(NOW, tick=False):
        _observe("Agency", {"id": 66, "name": "Another"}, NOW)
        with CaptureQueriesContext(connection) as first:
            client.get("/")
        with CaptureQueriesContext(connection) as second:
            client.get("/")
    assert len(first) == len(STATE + CONTENTS), first.captured_queries
    assert len(second) == len(STATE)


def test_cached_data_is_never_older_than_the_journal(client: Client) -> None:
    """A row that is written is counted by the next page, at once."""
    with time_machine.travel(NOW, tick=False):
        take_in("Pad", [least(WIRE.shapes["Pad"], 1)])
        assert "1 Launch pads" in _text(client)
        take_in("Pad", [least(WIRE.shapes["Pad"], 2)])
        assert "2 Launch pads" in _text(client)


def test_an_observation_without_a_change_updates_the_age(client: Client) -> None:
    """It writes no entry, and is shown when the cached data expires."""
    with time_machine.travel(NOW, tick=False) as clock:
        _observe("Pad", {"id": 1, "name": "1/5"}, datetime(2026, 7, 1, tzinfo=UTC))
        assert "The newest observation is of 2026-07-01 00:00 UTC." in _text(client)
        _observe("Pad", {"id": 1, "name": "1/5"}, datetime(2026, 8, 2, tzinfo=UTC))
        clock.shift(CACHED_FOR)
        assert "The newest observation is of 2026-08-02 00:00 UTC." in _text(client)
    assert Entry.objects.count() == 1


def test_caches_revalidate_and_get_few_bytes(served: Served) -> None:
    """The page may be stored, must be revalidated, and comes from the cache of replies while it is the same."""
    take_in("SpacecraftFlight", [flight(1)])
    response = served.ask("/")
    assert response.headers["cache-control"] == "no-cache"
    known = {"if-none-match": response.headers["etag"]}
    with served.django.asked(times=0):
        again = served.ask("/", headers=known)
    assert (again.status, again.body) == (304, b"")
    take_in("Pad", [{"id": 7, "name": "Another"}])
    served.clock.go_on()
    assert served.ask("/", headers=known).status == 200


def test_head_has_the_headers_of_get(client: Client) -> None:
    """HEAD answers as GET, without a body."""
    asked, shown = client.head("/"), client.get("/")
    assert (asked.status_code, asked.content) == (200, b"")
    assert dict(asked.headers) == dict(shown.headers)


def test_options_is_answered(client: Client) -> None:
    """OPTIONS, which some load balancers send, is a 200; methods that would write are refused."""
    assert (client.options("/").status_code, client.options("/").headers["Allow"]) == (200, "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.generic(method, "/").status_code == 405


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html", "image/png"])
def test_the_page_is_html_for_everyone(client: Client, accept: str) -> None:
    """There is one form of it; programs are led to the API's document by its links."""
    response = client.get("/", headers={"accept": accept})
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Link"] == '</2.2.0/schema/>; rel="service-desc", </docs/>; rel="service-doc"'
    assert '<link rel="service-desc" href="/2.2.0/schema/">' in response.content.decode()


def test_every_link_leads_somewhere(client: Client) -> None:
    """Whatever the page links to on our host answers, and nothing is loaded from another."""
    observe_starter()
    page = client.get("/").content.decode()
    links = {html.unescape(link) for link in re.findall(r'(?:href|src)="([^"#]+)"', page)}
    elsewhere = {link for link in links if not link.startswith("/")}
    assert elsewhere == {"https://thespacedevs.com/"}
    for link in links - elsewhere:
        answer = client.get(link)
        answer.getvalue()
        assert answer.status_code == 200, link
    assert len(links) > 30


def test_the_page_works_without_javascript(client: Client) -> None:
    """Its only script is in a file, which runs after the page is there, and no style is written into it."""
    observe_starter()
    page = client.get("/").content.decode()
    assert re.findall(r"<script[^>]*>", page) == [
        '<script src="/static/launchledger/pages.js" defer>',
        '<script src="/static/launchledger/search.js" type="module">',
    ]
    assert "style=" not in page
    assert "<style" not in page
