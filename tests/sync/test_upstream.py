"""One call to an upstream, over real connections: each outcome, and what is refused."""

from __future__ import annotations

import gzip
import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from launchledger import __version__
from launchledger.sync.budget import Throttle
from launchledger.sync.upstream import (
    THE_SPACE_DEVS,
    UNKNOWN_WAIT,
    ChangesReply,
    FailedReply,
    GoneReply,
    JournalEntry,
    ObjectReply,
    PageReply,
    ThrottledReply,
    ThrottleReply,
    Upstream,
)
from launchledger.web.client import Bounds
from tests.support.sockets import Answer, Peer, answering, reply, reset, silent

SHORT = Bounds(100_000, connect=10, read=0.3, whole=10, redirects=2)
PAGE = {"count": 3, "next": "https://x/?offset=2", "previous": None, "results": [{"id": 1}, {"id": 2}]}


def _json(body: Any, status: str = "200 OK", **headers: str) -> bytes:
    return reply(
        body if isinstance(body, bytes) else json.dumps(body).encode(), status, Content_Type="application/json", **headers
    )


def _upstream(peer: Peer, **more: Any) -> Upstream:
    return Upstream(f"{peer.address}/2.2.0/", bounds=SHORT, **more)


def test_a_page() -> None:
    """Its count, whether there is another, the objects, and the bytes as they came."""
    with answering(_json(PAGE), _json({**PAGE, "next": None})) as peer:
        upstream = _upstream(peer, key="k" * 40, contact="me@example.org")
        first = upstream.list(upstream.request("launch/upcoming", (("mode", "detailed"), ("limit", "100"))))
        last = upstream.list(upstream.request("launch/upcoming"))
    assert first == PageReply(3, True, PAGE["results"], json.dumps(PAGE).encode())  # type: ignore[arg-type]
    assert isinstance(last, PageReply)
    assert not last.more
    request = peer.requests[0].decode()
    assert request.startswith("GET /2.2.0/launch/upcoming/?mode=detailed&limit=100 HTTP/1.1\r\n")
    assert f"User-Agent: Launchledger/{__version__} (+me@example.org)\r\n" in request
    assert f"Authorization: Token {'k' * 40}\r\n" in request
    assert "Accept: application/json\r\n" in request


def test_one_object_and_one_that_is_gone() -> None:
    """A 404 counts only if the API itself answers it: a page of a proxy says nothing about the object."""
    with answering(
        _json({"id": 7}),
        _json({"detail": "Not found."}, "404 Not Found"),
        reply(b"<html>", "404 Not Found", Content_Type="text/html"),
    ) as peer:
        upstream = _upstream(peer)
        request = upstream.request("agencies", key="7")
        assert request == "/2.2.0/agencies/7/"
        assert upstream.one(request) == ObjectReply({"id": 7}, b'{"id": 7}')
        assert upstream.one(request) == GoneReply()
        assert upstream.one(request) == FailedReply("answered 404 Not Found")
    assert b"Authorization" not in peer.requests[0]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (_json({"detail": "Request was throttled. Expected available in 1743 seconds."}, "429 Too Many"), 1744),
        (_json({"detail": "Request was throttled. Expected available in 1 second."}, "429 Too Many", Retry_After="90"), 90),
        (_json({}, "429 Too Many", Retry_After="17"), 17),
        (_json({}, "429 Too Many", Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), UNKNOWN_WAIT),
        (reply(b"<html>busy", "429 Too Many", Content_Length="99"), UNKNOWN_WAIT),
    ],
)
def test_throttled(answer: bytes, seconds: float) -> None:
    """The text, the header, the longer of both, or neither."""
    with answering(answer) as peer:
        assert _upstream(peer).list("/2.2.0/launch/") == ThrottledReply(seconds)


DEEP = b'{"count":1,"next":null,"results":[' + b'{"id":' * 900 + b"1" + b"}" * 900 + b"]}"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_json({}, "500 Internal Server Error"), "answered 500 Internal Server Error"),
        (reply(b"<html>", "502 Bad Gateway", Content_Type="text/html"), "answered 502 Bad Gateway"),
        (_json({}, "503 Busy\x1b[31m"), r"answered 503 Busy\\x1b\[31m|not valid HTTP"),
        (reply(b"<html>", "403 Forbidden", Content_Type="text/html"), "answered 403 Forbidden"),
        (_json({}, "401 Unauthorized"), "answered 401 Unauthorized"),
        (_json({}, "204 No Content", Content_Length="0"), "answered 204 No Content"),
        (reply(b"<html>", Content_Type="text/html; charset=utf-8"), "answered 200 with 'text/html' and not JSON"),
        (reply(b"{}"), "answered 200 with no type and not JSON"),
        (_json(json.dumps(PAGE).encode()[:-1]), "invalid JSON, or cut"),
        (_json(b"\xff"), "invalid JSON, or cut"),
        (_json(b""), "invalid JSON, or cut"),
        (_json(DEEP), "invalid JSON, or cut"),
        (_json(b"[" * 50_000), "invalid JSON, or cut"),
        (_json([PAGE]), "JSON that is not an object"),
        (_json({"detail": "Hello."}), "not a page"),
        (_json({**PAGE, "count": "3"}), "not a page"),
        (_json({**PAGE, "count": True}), "not a page"),
        (_json({**PAGE, "count": -1}), "not a page"),
        (_json({**PAGE, "results": {}}), "not a page"),
        (_json({**PAGE, "results": [1]}), "something other than objects"),
        (_json({**PAGE, "next": 5}), "something other than objects"),
        (_json(gzip.compress(bytes(10_000_000), mtime=0), Content_Encoding="gzip"), "longer than 100,000 bytes"),
        (_json(PAGE, Content_Length="9999"), "cut"),
        (reset, "reset"),
        (silent, "timed out"),
        (reply(b"", "302 Found", Location="https://elsewhere.example/"), "redirected to another server"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # bytes would be names of any length
)
def test_failures(answer: Answer | bytes, reason: str) -> None:
    """Whatever comes instead of a page is a failure with its reason, without the key."""
    with answering(answer) as peer:
        outcome = _upstream(peer, key="very-secret").list("/2.2.0/launch/")
    assert isinstance(outcome, FailedReply)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(outcome.reason)
    assert "very-secret" not in outcome.reason
    assert outcome.reason.isprintable()


def test_an_object_without_an_id() -> None:
    """Is no object of the catalogue."""
    with answering(_json({"detail": "Hello."})) as peer:
        assert _upstream(peer).one("/") == FailedReply("answered with an object without an id")


_USE = {"your_request_limit": 15, "limit_frequency_secs": 3600, "current_use": 4, "next_use_secs": 0, "ident": "1.2.3.4"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (_json(_USE), ThrottleReply(Throttle(15, 3600, 4, 0))),
        (_json({**_USE, "next_use_secs": 11.5}), ThrottleReply(Throttle(15, 3600, 4, 12))),
        (_json({"detail": "Not found."}, "404 Not Found"), ThrottleReply(None)),
        (_json({}), ThrottleReply(None)),
        (_json({**_USE, "your_request_limit": 0}), ThrottleReply(None)),
        (_json({**_USE, "your_request_limit": None}), ThrottleReply(None)),
        (_json({**_USE, "your_request_limit": 2**31 - 1}), ThrottleReply(None)),
        (_json({**_USE, "your_request_limit": "15"}), FailedReply("answered with an object that is not an allowance")),
        (_json({**_USE, "limit_frequency_secs": -5}), FailedReply("answered with an object that is not an allowance")),
        (_json({**_USE, "current_use": True}), FailedReply("answered with an object that is not an allowance")),
        (_json({"hello": 1}), FailedReply("answered with an object that is not an allowance")),
        (_json({}, "502 Bad Gateway"), FailedReply("answered 502 Bad Gateway")),
    ],
)
def test_the_allowance(answer: bytes, outcome: object) -> None:
    """As upstream tells it; a limit of nothing, or beyond counting, is none, and everything unclear is a failure."""
    with answering(answer) as peer:
        assert _upstream(peer).throttle() == outcome
    assert peer.requests[0].startswith(b"GET /2.2.0/api-throttle/ HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://lldev.thespacedevs.com/2.2.0/", "Is a development host"),
        ("https://ll.thespacedevs.com/", "Is not the root of a version"),
        ("https://ll.thespacedevs.com/2.3.0/", "Is not the root of a version"),
        ("https://ll.thespacedevs.com/2.2.0/launch/", "Is not the root of a version"),
        ("https://ll.thespacedevs.com/2.2.0/?limit=5", "Is not the root of a version"),
        ("https://me:secret@ledger.example/2.2.0/", "Contains a user or a password"),
        ("ftp://ledger.example/2.2.0/", "Is not a valid address"),
        ("http://ledger.example/2.2.0/", "everyone on the way could read the token"),
    ],
)
def test_unusable_addresses(url: str, reason: str) -> None:
    """Each is refused with its reason; a key goes unencrypted to this machine alone."""
    with pytest.raises(ValueError, match=reason):
        Upstream(url, key="k")


def test_usable_addresses() -> None:
    """The default, one without its last slash, one below a prefix; The Space Devs are known to throttle."""
    assert Upstream().root == THE_SPACE_DEVS
    assert not Upstream().may_be_unlimited
    own = Upstream("http://ledger.example:8000/mirror/2.2.0")
    assert (own.server, own.may_be_unlimited) == ("http://ledger.example:8000", True)
    assert own.request("config/orbit") == "/mirror/2.2.0/config/orbit/"


ENTRY = {
    "serial": 7,
    "transaction": 3,
    "at": "2026-11-29T12:00:00.5Z",
    "observed_at": None,
    "source": "sandbox",
    "kind": "Agency",
    "resource": "agencies",
    "id": 121,
    "url": "https://x/2.2.0/agencies/121/",
    "action": "changed",
    "changes": {"name": ["A", "B"]},
}
CHANGES = {"next": "https://x/ledger/changes/?limit=100&since=7", "newest": 9, "complete_since": 2, "results": [ENTRY]}


def test_a_page_of_a_journal() -> None:
    """It is beside the versions of the API; where it goes on, the newest serial, and the entries with what changed."""
    with answering(
        _json(CHANGES), _json({**CHANGES, "complete_since": 0}), _json({"detail": "Not found."}, "404 Not Found")
    ) as peer:
        upstream = Upstream(f"{peer.address}/prefix/2.2.0/", bounds=SHORT)
        page = upstream.changes(upstream.journal_request((("since", "6"), ("wait", "28"))))
        assert isinstance(page, ChangesReply)
        assert (page.after, page.newest, page.complete_since) == (7, 9, 2)
        assert page.entries == [
            JournalEntry(
                serial=7,
                at=datetime(2026, 11, 29, 12, 0, 0, 500_000, tzinfo=UTC),
                written="2026-11-29T12:00:00.5Z",
                source="sandbox",
                kind="Agency",
                key=121,
                action="changed",
                changes={"name": ["A", "B"]},
            )
        ]
        assert (page.has_entries_after(6), page.has_entries_after(7)) == (True, False)
        assert isinstance(upstream.changes(upstream.journal_request(())), ChangesReply)
        assert upstream.changes(upstream.journal_request(())) == GoneReply()
    assert peer.requests[0].startswith(b"GET /prefix/ledger/changes/?since=6&wait=28 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        {**CHANGES, "next": None},
        {**CHANGES, "next": "https://x/ledger/changes/"},
        {**CHANGES, "newest": "9"},
        {**CHANGES, "newest": 2**80},
        {**CHANGES, "complete_since": -1},
        {**CHANGES, "results": {"0": ENTRY}},
        {**CHANGES, "results": [7]},
        {**CHANGES, "results": [ENTRY] * 101},
        {**CHANGES, "results": [{**ENTRY, "serial": True}]},
        {**CHANGES, "results": [{**ENTRY, "at": "yesterday"}]},
        {**CHANGES, "results": [{**ENTRY, "id": [1]}]},
        {**CHANGES, "results": [{**ENTRY, "kind": None}]},
        {**CHANGES, "results": [{**ENTRY, "changes": {"name": "B"}}]},
        {**CHANGES, "results": [{**ENTRY, "changes": {"name": ["A"]}}]},
        {**CHANGES, "results": [{**ENTRY, "changes": ["name"]}]},
    ],
)
def test_what_is_not_a_page_of_a_journal(body: Any) -> None:
    """It fails as a whole, with a reason in words."""
    with answering(_json(body)) as peer:
        upstream = _upstream(peer)
        found = upstream.changes(upstream.journal_request(()))
    assert isinstance(found, FailedReply)
    assert "journal" in found.reason or "entries" in found.reason


def test_a_call_that_is_held_can_be_interrupted() -> None:
    """A signal that stops a sync need not wait for the upstream."""
    with answering(silent) as peer:
        upstream = Upstream(f"{peer.address}/2.2.0/", bounds=Bounds(100_000, connect=1, read=10, whole=20))
        timer = threading.Timer(0.2, upstream.interrupt)
        timer.start()
        begin = time.monotonic()
        found = upstream.changes(upstream.journal_request(()))
        timer.join()
    assert isinstance(found, FailedReply)
    assert time.monotonic() - begin < 5
