"""Surrogate keys: which replies a change purges, and which it does not, and no header grows too long.

That every reply that changes is named stands in tests/properties.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from launchledger.documents.dependencies import MOST_OBJECTS, depends_only_on, is_tracked, tracking, uses_objects
from launchledger.http_cache.reply import REPLY_OVERHEAD, RawReply, Reply, size_of
from launchledger.http_cache.surrogate_keys import CATALOGUE, EVERYTHING, LONGEST, headers_for, keys_changed_by
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.wire.v2_2_0.resources import DASHBOARD
from tests.support.observed import NOW, launch, record, tell, uuid
from tests.support.wsgi import Answer, Served, ask

BOTH = ("Surrogate-Key", "Cache-Tag")
SPECIAL = ("/2.2.0/launch/?search=1", "/2.2.0/launch/?ordering=name", "/2.2.0/pad/?ordering=-id", f"/2.2.0/{DASHBOARD}/")
FILTERED = ("/2.2.0/launch/?lsp__id=1", "/2.2.0/launch/?status=1", "/2.2.0/launch/upcoming/?hide_recent_previous=true", "/2.2.0/")


@pytest.fixture
def keyed(served: Served, settings: Settings) -> Served:
    """The whole server with both headers."""
    settings.SURROGATE_KEYS = BOTH
    return Served()


def _keys(answer: Answer) -> set[str]:
    keys = set(answer.headers["surrogate-key"].split(" "))
    assert keys == set(answer.headers["cache-tag"].split(","))
    return keys


def _changed(since: int) -> set[str]:
    return keys_changed_by(list(Entry.objects.filter(serial__gt=since)))


@pytest.fixture
def launches(db: None) -> None:
    tell(
        record("Agency", 1, name="One"),
        record("Agency", 2, name="Other"),
        launch(1, "2024-01-01T00:00:00", launch_service_provider=1),
        launch(2, "2024-01-02T00:00:00", launch_service_provider=2),
    )


def _named(*records: Any, at: timedelta = timedelta(seconds=1)) -> set[str]:
    before = latest_serial()
    tell(*records, at=NOW + at)
    return _changed(before)


@pytest.mark.usefixtures("launches")
@pytest.mark.parametrize(
    "address", [f"/2.2.0/launch/{uuid(1)}/", f"/2.2.0/launch/{uuid(1)}.json", f"/2.2.0/launch/previous/{uuid(1)}/"]
)
def test_a_detail_outlives_changes_elsewhere(keyed: Served, address: str) -> None:
    """It is purged when its own row or one that it shows changes, and not when another launch and its agency do; from a
    document or freshly made, by the fast path or the views'."""
    first, second = _keys(keyed.ask(address)), _keys(Served().ask(address))
    assert first == second == _keys(ask(keyed.edge, address, headers={"accept": "text/html, */*"}))
    assert CATALOGUE not in first
    assert not first & _named(record("Agency", 2, name="Renamed"), launch(2, "2024-01-02T00:00:01"))
    assert first & _named(record("Agency", 1, name="Renamed"))
    assert first & _named(launch(1, "2024-01-01T00:00:01"))


@pytest.mark.usefixtures("launches")
def test_the_fast_path_gives_the_keys_of_the_views(keyed: Served, settings: Settings) -> None:
    """The same keys on either way, from stored documents."""
    from launchledger.site.edge import compose

    short = compose(keyed.django, keyed.clock)
    for address in (f"/2.2.0/launch/{uuid(1)}/", "/2.2.0/launch/?limit=1", "/2.2.0/agencies/", "/2.2.0/launch/previous/"):
        for _ in range(2):  # made, and then stored
            with keyed.django.asked(times=0):
                assert _keys(ask(short, address)) == _keys(ask(compose(Served().django, keyed.clock, fast_path=None), address))


@pytest.mark.usefixtures("launches")
def test_a_page_of_a_list_has_its_kind_as_a_key(keyed: Served) -> None:
    """A launch that comes, or changes anywhere, may move every page of launches; one of pads is none of their business."""
    page = _keys(keyed.ask("/2.2.0/launch/?limit=1&offset=0&mode=list&format=json"))
    assert {EVERYTHING, "Launch"} < page
    assert CATALOGUE not in page
    assert page & _named(launch(3, "2024-01-03T00:00:00"))
    assert not page & _named(record("Pad", 1, name="Site 1"))


@pytest.mark.usefixtures("launches")
@pytest.mark.parametrize("address", [*SPECIAL, *FILTERED])
def test_replies_with_unknown_dependencies_go_with_every_change(keyed: Served, address: str) -> None:
    """Filters, searches and orders look into other tables, as the dashboard does. Of the index nothing is known."""
    assert _keys(keyed.ask(address)) == {EVERYTHING, CATALOGUE}
    assert CATALOGUE in _named(record("Pad", 1, name="Site 1"))


def test_no_header_grows_too_long(keyed: Served) -> None:
    """As many objects as fit have a key each; with one more the reply has `catalogue`, and every change purges it."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(1, 101)))
    header = keyed.ask("/2.2.0/pad/?limit=100").headers["surrogate-key"]
    assert len(header.split(" ")) == 102
    for objects in (1, MOST_OBJECTS - 10, MOST_OBJECTS, MOST_OBJECTS + 1, 10_000):
        with tracking() as dependence:
            uses_objects(range(-objects, 0))
            depends_only_on("Launch")
        for name, header in headers_for(BOTH, dependence):
            assert len(f"{name}: {header}\r\n") < LONGEST + 20 < 4096
            assert (CATALOGUE in header) == (objects > MOST_OBJECTS - 3)
    assert EVERYTHING in header


def test_references_are_read_no_further_than_needed(keyed: Served) -> None:
    """The references of a page of stored documents cost one query more; of thousands only as many as fit a header are read."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(1, 12)))
    counts = []
    for server in (keyed, Served(), Served()):
        with CaptureQueriesContext(connection) as queries:
            server.ask("/2.2.0/pad/")
        counts.append(len(queries))
    assert "LIMIT" in " ".join(query["sql"] for query in queries if "serving_use" in query["sql"])
    assert counts[1] == counts[2]
    assert sum("serving_use" in query["sql"] for query in queries) == 1


def test_every_form_of_a_reply_has_the_keys(keyed: Served) -> None:
    """A cached reply, HEAD, each coding and 304: a cache takes over the latest headers."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(10)))
    first = keyed.ask("/2.2.0/pad/")
    told = {name: first.headers[name] for name in ("surrogate-key", "cache-tag")}
    for coding in ("identity", "gzip", "br", "zstd"):
        headers = {"accept-encoding": coding}
        answers = [keyed.ask("/2.2.0/pad/", method, headers=headers) for method in ("GET", "HEAD")]
        answers.append(keyed.ask("/2.2.0/pad/", headers={**headers, "if-none-match": answers[0].headers["etag"]}))
        assert [answer.status for answer in answers] == [200, 200, 304]
        for answer in answers:
            assert {name: answer.headers[name] for name in told} == told


@pytest.mark.parametrize("names", [(), ("Surrogate-Key",), ("Cache-Tag",)])
def test_only_the_configured_headers_are_there(served: Served, settings: Settings, names: tuple[str, ...]) -> None:
    """None by default; references are then not read."""
    settings.SURROGATE_KEYS = names
    tell(record("Pad", 1, name="Site 1"))
    for server in (Served(), Served()):
        with CaptureQueriesContext(connection) as queries:
            headers = server.ask("/2.2.0/pad/1/").headers
        assert {name for name in BOTH if name.lower() in headers} == set(names)
    assert any("serving_use" in query["sql"] for query in queries) == bool(names)


def test_errors_and_replies_to_keys_have_none(keyed: Served) -> None:
    """Replies that no cache may store have no keys."""
    for address, headers in (
        ("/2.2.0/pad/1/", {}),
        ("/2.2.0/pad/?limit=x&id=x", {}),
        ("/2.2.0/pad/", {"authorization": "Token x"}),
    ):
        answer = keyed.ask(address, headers=headers)
        if answer.status != 200 or headers:
            assert not {"surrogate-key", "cache-tag", "cache-control"} & answer.headers.keys()
    assert keyed.ask("/2.2.0/pad/1/").status == 404


def test_the_keys_count_in_what_a_reply_takes() -> None:
    """The bound of the memory includes headers."""
    plain, keyed = (
        Reply(RawReply([], b"{}"), 60, 0.0, 1.0),
        Reply(RawReply([], b"{}"), 60, 0.0, 1.0, (("Surrogate-Key", "x" * LONGEST),)),
    )
    assert plain.size == REPLY_OVERHEAD + size_of(plain.forms["identity"])
    assert keyed.size > plain.size + LONGEST


def test_an_object_has_one_safe_key_everywhere(keyed: Served) -> None:
    """Eleven characters that need no escape in headers, JSON and patterns, the same in every process."""
    tell(record("Pad", 1, name="Site 1"))
    keys = _keys(keyed.ask("/2.2.0/pad/1/")) - {EVERYTHING}
    assert keys == {"3YhVYVbdFNk"} or all(len(key) == 11 and key.replace("-", "").replace("_", "").isalnum() for key in keys)
    assert keys <= _named(record("Pad", 1, name="Renamed"))


def test_dependencies_are_tracked_inside_the_block_only() -> None:
    """Outside they are ignored; inside, only the innermost block is complete, and the outer one gets the objects too."""
    uses_objects([1])
    depends_only_on("Pad")
    assert not is_tracked()
    with tracking() as outer:
        uses_objects([2])
        with tracking() as inner:
            uses_objects([3])
            depends_only_on("Pad")
    assert (inner.objects, inner.kinds, inner.is_complete) == ({3}, {"Pad"}, True)
    assert (outer.objects, outer.kinds, outer.is_complete) == ({2, 3}, {"Pad"}, False)
    assert json.dumps(headers_for(["Surrogate-Key"], outer)) == '[["Surrogate-Key", "launchledger catalogue"]]'
