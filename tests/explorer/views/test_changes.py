"""`/changes`: the journal for people."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import Observation, delete, observe
from launchledger.explorer import journal
from launchledger.explorer.journal import FACTS, ITEMS, LINES, NAMED
from launchledger.history import changes as history
from launchledger.history import changes as history_changes
from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import EARLY, LATE, MIDDLE, VOSTOK_1, launch

pytestmark = pytest.mark.django_db

QUERIES = (
    "the heads of the entries",
    "the entries that are told in full",
    "the names of all that these name",
    "the abbreviations of precisions",
    "the launches' precisions now",
    "the changes of these precisions",
    "the names of the other objects",
)


def _page(client: Client, query: str = "") -> str:
    response = client.get(f"/changes{query}")
    assert response.status_code == 200
    return response.content.decode()


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def _observe(model: str, bodies: Iterable[dict[str, Any]], at: datetime = LATE, source: str = "file:new.json") -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at) for body in bodies])


def _enter(*entries: tuple[str, str, str, dict[str, Any]], at: datetime = LATE, source: str = "file:made.json") -> None:
    with writing():
        write(
            Entry(at=at, source=source, kind=kind, key=key, action=action, changes=changes)
            for kind, key, action, changes in entries
        )


def test_a_change_is_told_in_words(client: Client) -> None:
    """An object with a link to its page, what moved from what to what, and the source with a link to its changes."""
    _observe("Launch", [launch(status={"id": 8, "name": "To Be Confirmed"}, net="2026-11-30T00:00:00Z")], EARLY)
    _observe("Launch", [launch(status={"id": 1, "name": "Go for Launch"}, net="2026-12-02T13:05:00Z")])
    page = _page(client)
    assert '<a href="/launches/' + VOSTOK_1 + '">Vostok-K | Vostok 1</a>: net moved from 2026-11-30 00:00 UTC to' in page
    assert "(+2 d 13 h); status changed from To Be Confirmed to Go for Launch" in page
    assert '<small><a href="?source=file%3Anew.json">file new.json</a></small>' in page
    assert "launch Vostok-K | Vostok 1 added" in _text(page)


def test_a_transaction_is_one_item_of_a_day(client: Client) -> None:
    """Days and items newest first, each item with its time; what is of one transaction stays together."""
    _enter(("Pad", "1", "created", {}), ("Pad", "2", "created", {}), at=datetime(2026, 7, 1, 10, 30, tzinfo=UTC))
    _enter(("Pad", "3", "created", {}), at=datetime(2026, 7, 1, 11, 30, tzinfo=UTC))
    _enter(("Agency", "3", "created", {}), at=datetime(2026, 7, 2, 9, 5, tzinfo=UTC))
    page = _page(client)
    assert re.findall(r">(\d{4}-\d\d-\d\d)</h2>", page) == ["2026-07-02", "2026-07-01"]
    assert re.findall(r">(\d\d:\d\d) UTC</time>", page) == ["09:05", "11:30", "10:30"]
    assert "pad no. 2 , no. 1 added" in _text(page)


def test_a_large_transaction_is_summed_up(client: Client) -> None:
    """Of many objects of a kind the newest are named, of many kinds the first told, and the others are counted."""
    kinds = ("Launch", "Pad", "Agency", "Astronaut", "Event", "Expedition", "Program", "Location")
    many: list[tuple[str, str, str, dict[str, Any]]] = [("Pad", str(number), "created", {}) for number in range(2, 41)]
    _enter(*[(kind, "1", "created", {}) for kind in kinds], *many)
    page, text = _page(client), _text(_page(client))
    assert page.count('<span class="kind">') == LINES - 1
    assert f"and {40 - NAMED} others added" in text
    assert f"and {len(kinds) - (LINES - 1)} others of other kinds" in text


def test_many_columns_are_counted(client: Client) -> None:
    """A change of more columns than a line has room for says how many more there are."""
    _enter(("Pad", "1", "changed", {f"column_{number}": [None, number] for number in range(FACTS + 3)}))
    assert "and 3 more" in _text(_page(client))


def test_what_is_deleted_has_no_link(client: Client) -> None:
    """Its page is gone, and so are the links of its earlier changes."""
    _observe("Pad", [{"id": 1, "name": "1/5"}], EARLY)
    assert '<a href="/2.2.0/pad/1/">1/5</a>' in _page(client) or 'pad/1">1/5</a>' in _page(client)
    delete("Pad", 1, MIDDLE, "command:delete")
    page = _page(client)
    assert page.count("<b>1/5</b>") == 2
    assert "1/5</a>" not in page


FILTERED = {
    "resource=launch": {"net changed", "status changed"},
    "resource=pad": {"pad 1"},
    "action=created": {"pad 1"},
    "column=net": {"net changed"},
    "column=status": {"status changed"},
    "source=file:b.json": {"status changed"},
    f"resource=launch&id={VOSTOK_1}": {"net changed"},
    f"resource=launch&id={VOSTOK_1.replace('-', '')}": {"net changed"},
    "source=nobody": set(),
}


@pytest.mark.parametrize("query", FILTERED)
def test_filters_are_those_of_the_ledger(client: Client, query: str) -> None:
    """A page shows what the JSON and the feed with the same parameters have, and links to both."""
    _enter(("Launch", VOSTOK_1, "changed", {"net": [None, "2026-11-30T00:00:00Z"]}))
    _enter(("Launch", "00000000-0000-4000-8000-000000000001", "changed", {"status": [1, 2]}), source="file:b.json")
    _enter(("Pad", "1", "created", {}))
    page, text = _page(client, f"?{query}"), _text(_page(client, f"?{query}")).partition("feed")[2]
    told = {"net changed": "net changed from", "status changed": "status changed from", "pad 1": "no. 1 added"}
    assert {name for name, sentence in told.items() if sentence in text} == FILTERED[query]
    for path in ("/ledger/changes/", "/ledger/changes.atom"):
        (address,) = {html.unescape(each) for each in re.findall(rf'href="({re.escape(path)}\?[^"]*)"', page)}
        assert client.get(address).status_code == 200
    (twin,) = {html.unescape(each) for each in re.findall(r'href="(/ledger/changes/\?[^"]*)"', page)}
    assert len(client.get(twin).json()["results"]) == len(FILTERED[query])


def test_a_filter_can_be_removed(client: Client) -> None:
    """Each is shown with a link to the page without it; without its resource an id means nothing."""
    page = _page(client, f"?resource=launch&id={VOSTOK_1}&column=net")
    assert '<li>Of: Launches <a href="?column=net" aria-label="Remove the filter Of">' in page
    assert '<li>Column: net <a href="?resource=launch&amp;id=' in page
    assert '<option value="launch" selected>Launches</option>' in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *[("resource=nothing", "resource"), ("id=1", "id"), ("resource=pad&id=x", "id"), ("action=eaten", "action")],
        *[("column=nothing", "column"), ("source=%00", "source"), (f"source={'x' * 501}", "source"), ("before=soon", "before")],
        *[
            ("before=-1", "before"),
            (f"before={'9' * 19}", "before"),
            ("before=½", "before"),
            ("resource=launch/upcoming", "resource"),
        ],
    ],
)
def test_what_cannot_be_read_is_refused(client: Client, query: str, name: str) -> None:
    """By the parameter's name."""
    response = client.get(f"/changes?{query}")
    assert response.status_code == 400
    assert f"<code>{name}</code>: " in response.content.decode()


def test_pages_go_on_by_serial(client: Client) -> None:
    """Walking to older pages shows every transaction once, newest first, and ends; with a filter as well."""
    for day in range(ITEMS * 2 + 3):
        _enter(("Pad", str(1000 + day), "created", {}), at=LATE + timedelta(days=day))
    for query in ("", "?resource=pad"):
        pages: list[str] = []
        following = query
        while not pages or following:
            pages.append(_page(client, following))
            older = re.search(r'rel="next" href="([^"]*)"', pages[-1])
            following = html.unescape(older[1]) if older else ""
        seen = [number for page in pages for number in re.findall(r"no\. (\d+)", page)]
        assert seen == [str(1000 + day) for day in reversed(range(ITEMS * 2 + 3))]
        assert len(pages) == 3


def test_a_journal_that_does_not_begin_with_1_ends_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a compaction: no page leads to an older one that is empty."""
    for day in range(10):
        _enter(("Pad", str(1000 + day), "created", {}), at=LATE + timedelta(days=day))
    newest = Entry.objects.order_by("-serial").values_list("serial", flat=True)[0]
    Entry.objects.filter(serial__lt=newest - 3).delete()
    monkeypatch.setattr(history, "EXAMINED", 5)
    page = _page(client, "?resource=pad")
    assert re.findall(r"no\. (\d+)", page) == ["1009", "1008", "1007", "1006"]
    assert 'rel="next"' not in page


def test_a_transaction_longer_than_a_page_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and the next page has the rest of it."""
    monkeypatch.setattr(journal, "READ", 10)
    _enter(*[("Pad", str(1000 + number), "changed", {"name": ["a", "b"]}) for number in range(12)])
    first = _page(client)
    assert "this transaction goes on with the older changes" in first
    (older,) = set(re.findall(r'rel="next" href="([^"]*)"', first))
    rest = _page(client, html.unescape(older))
    assert "no. 1001" in rest
    assert "no. 1000" in rest
    assert "goes on" not in rest


def test_a_filter_that_matches_little_ends_somewhere(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page examines a part of the journal; where nothing in it matches, the page says so and leads to older entries."""
    monkeypatch.setattr(history_changes, "EXAMINED", 5)
    _enter(("Agency", "7", "created", {}))
    _enter(*[("Pad", str(number), "created", {}) for number in range(8)])
    page = _page(client, "?resource=agencies")
    assert "changes before this one matches; there are older ones" in page
    (older,) = set(re.findall(r'rel="next" href="([^"]*)"', page))
    assert "agency no. 7 added" in _text(_page(client, html.unescape(older)))


@pytest.mark.parametrize("harm", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</li></ul><h1>Owned</h1>"])
def test_names_and_sources_are_text(client: Client, harm: str) -> None:
    """Whatever objects, sources and values are called."""
    _observe("Pad", [{"id": 1, "name": "1/5"}], EARLY, f"file:{harm}")
    _observe("Pad", [{"id": 1, "name": harm}], LATE, f"file:{harm}")
    page = client.get("/changes", {"source": f"file:{harm}"}).content.decode()
    assert html.escape(harm) in page
    for found in ("<script>alert", "<img src=x", "<h1>Owned"):
        assert found not in page


def test_the_page_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many transactions, objects and kinds."""
    _observe("Launch", [launch(net="2026-11-30T00:00:00Z")], EARLY)
    for day in range(1, 25):
        net = f"2026-12-{day:02}T00:00:00Z"
        _observe("Launch", [launch(net=net, last_updated=net)], LATE + timedelta(days=day))
    with CaptureQueriesContext(connection) as queries:
        client.get("/changes")
    assert len(queries) <= len(QUERIES), queries.captured_queries


def test_an_empty_journal(client: Client) -> None:
    """Nothing was written yet, and the page says so."""
    assert "Nothing was written yet." in _page(client)
