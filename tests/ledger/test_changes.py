"""`/ledger/changes/` and the history of an object over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from launchledger import clock
from launchledger.access.keys import create_key
from launchledger.catalogue.actions import Observation, observe
from launchledger.conf.rates import Rate
from launchledger.journal.compacting import compact, span_before
from launchledger.journal.reading import latest_serial
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, VOSTOK_1, crew_member, flight, launch
from tests.support.calls import within_the_test
from tests.support.wsgi import Served

pytestmark = pytest.mark.django_db

FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
PATH = "/ledger/changes/"
HISTORY = f"/ledger/launch/{VOSTOK_1}/history/"


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    _take_in(launch())
    _take_in(launch(net="2026-03-01T00:00:00Z"), "file:later.json")


def _take_in(body: dict[str, Any], source: str = "file:first.json", model: str = "Launch") -> None:
    observe([Observation(WIRE.reader.read(model, body), source, LATE if "later" in source else EARLY)])


def _get(client: Client, path: str, **query: str) -> Any:
    response = client.get(path, query)
    assert response.status_code == 200, response.content
    return response.json()


def _walk(client: Client, path: str, **query: str) -> Iterator[dict[str, Any]]:
    """All entries, following `next` to the end."""
    body = _get(client, path, **query)
    while True:
        yield from body["results"]
        if f"since={body['newest']}" in body["next"]:
            return
        body = _get(client, urlsplit(body["next"])._replace(scheme="", netloc="").geturl())


def test_pages_lead_to_every_entry_once(client: Client) -> None:
    """Following `next` to the newest serial gives the journal in its order."""
    serials = [entry["serial"] for entry in _walk(client, PATH, limit="3")]
    assert serials == sorted(set(serials))
    assert (len(serials), serials[-1]) == (len(list(_walk(client, PATH, limit="100"))), latest_serial())


def test_an_entry_says_what_changed_and_where_it_is(client: Client) -> None:
    """From what to what, said by whom, and the address of the object on the wire."""
    (entry,) = _walk(client, PATH, resource="launch", column="net", action="changed")
    assert (entry["resource"], entry["id"], entry["source"]) == ("launch", VOSTOK_1, "file:later.json")
    assert entry["changes"]["net"] == [launch()["net"], "2026-03-01T00:00:00Z"]
    assert entry["url"] == f"http://testserver/2.2.0/launch/{VOSTOK_1}/"
    assert client.get(entry["url"]).status_code == 200
    assert [type(each["id"]) for each in _walk(client, PATH, resource="pad")] == [int]


def test_an_objects_history_is_its_entries(client: Client) -> None:
    """Those of others are not in it; an object that is not known has none."""
    assert {entry["id"] for entry in _walk(client, HISTORY)} == {VOSTOK_1}
    assert next(entry["action"] for entry in _walk(client, HISTORY)) == "created"
    for path in (f"/ledger/launch/{VOSTOK_1[:-1]}0/history/", "/ledger/launch/x/history/", "/ledger/rocket/1/history/"):
        assert client.get(path).status_code == 404
    assert client.get("/ledger/launch/upcoming/1/history/").status_code == 404


def test_a_nested_history_has_the_parts(client: Client) -> None:
    """Of a flight: its crew, who is in it and who left it; not its spacecraft, which has a history of its own."""
    body = flight()
    _take_in({**body, "launch_crew": [crew_member(1, 1, "A"), crew_member(2, 2, "B")]}, model="SpacecraftFlight")
    _take_in({**body, "launch_crew": [crew_member(1, 1, "A")]}, "file:later.json", model="SpacecraftFlight")
    path = f"/ledger/spacecraft/flight/{body['id']}/history/"
    nested = list(_walk(client, path, nested="true"))
    assert {(entry["kind"], entry["id"]) for entry in nested} >= {("AstronautFlight", 1), ("AstronautFlight", 2)}
    assert {entry["kind"] for entry in nested} <= {"AstronautFlight", "DockingEvent", "Landing", "Mission", "SpacecraftFlight"}
    assert {entry["kind"] for entry in _walk(client, path)} == {"SpacecraftFlight"}


LONG = "x" * 5_000


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("since", value) for value in ("-1", "9223372036854775808", "9" * 5_000, "1.5", "²", "one", "\0")),
        *(("wait", value) for value in ("-1", "soon")),
        *(("resource", value) for value in ("rocket", "launch/upcoming", LONG, "\0")),
        *(("column", value) for value in ("nat", LONG, "\0", "net__gte")),
        *(("action", value) for value in ("vanished", LONG, "\0")),
        *(("at__gte", value) for value in ("yesterday", "2026-02-30", "0001-01-01T00:00:00+23:00", "\0", LONG)),
        *(("at__lt", value) for value in ("now", "9999-12-31T23:59:59-23:00")),
        *(("id", value) for value in ("1", "\0")),
        ("source", "\0"),
    ],
)
def test_hostile_values_are_refused_by_name(client: Client, parameter: str, value: str) -> None:
    """A value that cannot be read is a 400 with a short text for its parameter, and costs no query of the journal."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(PATH, {parameter: value})
    assert (response.status_code, list(response.json())) == (400, [parameter])
    assert len(response.content) < 300
    assert not queries


def test_harmless_values_are_ignored_as_on_the_wire(client: Client) -> None:
    """Unknown and empty parameters, unusable limits, and sources and ids that nothing has."""
    everything = _get(client, PATH)["results"]
    for query in ({"limit": "-5"}, {"limit": "many"}, {"since": ""}, {"colour": "red"}, {"offset": "3"}):
        assert _get(client, PATH, **query)["results"] == everything
    assert len(_get(client, PATH, limit="1000000")["results"]) <= 100
    for query in ({"source": LONG}, {"resource": "pad", "id": "999"}, {"since": str(2**63 - 1)}, {"at__lt": "1957-10-04"}):
        assert _get(client, PATH, **query)["results"] == []


def test_a_page_costs_few_queries(client: Client) -> None:
    """The newest serial, where to begin to examine, the entries, and from where on they are complete; of an object also whether
    it is there, in one snapshot."""
    for path, query, most in ((PATH, {}, 3), (PATH, {"resource": "pad"}, 4), (HISTORY, {}, 6)):
        with CaptureQueriesContext(connection) as queries:
            _get(client, path, **query)
        assert len(queries) <= most, queries.captured_queries


def test_the_habits_of_the_wire(client: Client) -> None:
    """Methods, CORS, unknown formats, and a browsable page whose addresses lead to browsable pages."""
    response = client.options(PATH)
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert client.post(PATH).status_code == 405
    assert client.get(PATH, {"format": "xml"}).status_code == 404
    assert client.get(PATH, headers={"authorization": "Token"}).status_code == 401
    response = client.get(PATH, {"format": "api", "limit": "1"})
    assert response.headers["Content-Type"].startswith("text/html")
    assert b"format=api&amp;limit=1&amp;since=" in response.content
    ours, wire = client.get(PATH).headers, client.get("/2.2.0/pad/").headers
    for name in ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary", "Allow", "X-Content-Type-Options"):
        assert ours[name] == wire[name]


def test_replies_are_revalidated_and_kept_until_the_next_commit(served: Served) -> None:
    """An ETag, a 304 for it, HEAD without a body, and no old reply after a commit; a status is never kept."""
    first = served.ask(PATH)
    assert (first.headers["cache-control"], served.ask(HISTORY).headers["cache-control"]) == ("no-cache", "public, max-age=60")
    with served.django.asked(0):
        assert served.ask(PATH, headers={"if-none-match": first.headers["etag"]}).status == 304
        assert served.ask(PATH, "HEAD")._replace(headers={}) == (200, {}, b"")
    _take_in(launch(net="2026-05-01T00:00:00Z"), "file:later and later.json")
    served.clock.go_on()
    assert json.loads(served.ask(PATH).body)["newest"] == latest_serial()
    assert served.ask("/ledger/status/").headers["cache-control"] == "no-store"


def test_a_compacted_journal_says_from_where_on_it_is_complete(served: Served) -> None:
    """Whoever asks for what was before learns that something may be missing; no reply of before the compaction is given."""
    before = [json.loads(served.ask(path).body) for path in (PATH, HISTORY)]
    assert [body["complete_since"] for body in before] == [0, 0]
    for _ in compact(span_before(FUTURE), {}):
        pass
    served.clock.go_on()
    after = [json.loads(served.ask(path).body) for path in (PATH, HISTORY)]
    assert [body["complete_since"] for body in after] == [latest_serial() - 1] * 2
    assert {entry["action"] for entry in after[0]["results"][:-1]} == {"created"}
    assert len(after[1]["results"]) <= len(before[1]["results"])


def test_a_reply_that_was_waited_for_is_not_kept(served: Served) -> None:
    """No cache may give it to the next request, which has to wait again; a server that cannot wait answers at once."""
    answer = served.ask(f"{PATH}?since={latest_serial()}&wait=30")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert json.loads(answer.body)["results"] == []


def test_calls_count_as_those_of_the_wire(client: Client, settings: Settings, counters_url: str) -> None:
    """By address or key; a path without its last slash, and the status, do not count."""
    settings.THROTTLE_ANONYMOUS = Rate(2, 3600)
    _, key = create_key("reader", clock.now())
    assert [client.get(path).status_code for path in ("/ledger/status/", "/ledger/changes", PATH, HISTORY, PATH)] == [
        *(200, 301),
        *(200, 200, 429),
    ]
    assert client.get(PATH, headers={"authorization": f"Token {key}"}).status_code == 200


@pytest.mark.parametrize("prefix", ["/ledger", "/space/ledger", "/space"])
def test_below_a_prefix(settings: Settings, prefix: str) -> None:
    """Every path is found with the prefix and without, also where the prefix is that of the ledger; addresses have it."""
    settings.PATH_PREFIX = prefix
    with within_the_test():
        served = Served()
        paths = {PATH, HISTORY, f"/ledger/launch/{VOSTOK_1}/slips/", "/ledger/slips/", "/ledger/schema/", "/ledger/status/"}
        for path in sorted(paths):
            for asked in (path, f"{prefix}{path}"):
                assert served.ask(asked).status == 200, asked
        body = json.loads(served.ask(f"{prefix}{PATH}?limit=1").body)
        assert body["next"].startswith(f"http://ledger.example{prefix}{PATH}?limit=1&since=")
        assert body["results"][0]["url"].startswith(f"http://ledger.example{prefix}/2.2.0/")
        assert served.ask(body["next"].removeprefix("http://ledger.example")).status == 200
