"""HTTP of the sandbox, over real sockets: what its clients may send, and how replies arrive."""

from __future__ import annotations

import json
import socket
from email.utils import format_datetime
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest

from launchledger.pytest_plugin import LL2


def _ask(ll2: LL2, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(urlsplit(ll2.url).netloc, timeout=20)
    try:
        connection.request(method, f"/2.2.0/{path}", headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def _send(ll2: LL2, head: bytes) -> bytes:
    """Send bytes as they are, and return all that comes until the connection is closed."""
    place = urlsplit(ll2.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(head)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


def _page(body: bytes) -> Any:
    return json.loads(body)


def test_upstreams_refusal_for_too_many_calls(ll2: LL2) -> None:
    """429 with the text and `Retry-After` that clients look for."""
    ll2.fail("launch/upcoming", status=429, times=2, seconds=723)
    for _ in range(2):
        status, headers, body = _ask(ll2, "launch/upcoming/")
        assert (status, headers["Retry-After"]) == (429, "723")
        assert _page(body) == {"detail": "Request was throttled. Expected available in 723 seconds."}
    assert _ask(ll2, "launch/upcoming/")[0] == 200


@pytest.mark.parametrize("status", [403, 500, 502, 503])
def test_failures_are_pages(ll2: LL2, status: int) -> None:
    """Failures of upstream and of what is in front of it come as HTML, whatever the client accepts."""
    ll2.fail(status=status)
    found, headers, body = _ask(ll2, "agencies/", Accept="application/json")
    assert (found, headers["Content-Type"].partition(";")[0], body[:15]) == (status, "text/html", b"<!DOCTYPE html>")


def test_a_reply_that_does_not_arrive(ll2: LL2) -> None:
    """Cut after half of its length, reset without a byte, and closed after a silence."""
    ll2.fail("agencies", fault="cut")
    with pytest.raises(IncompleteRead):
        _ask(ll2, "agencies/")
    ll2.fail("agencies", fault="reset")
    with pytest.raises(ConnectionResetError):
        _ask(ll2, "agencies/")
    ll2.fail("agencies", fault="timeout", seconds=0.2)
    began = monotonic()
    with pytest.raises(RemoteDisconnected):
        _ask(ll2, "agencies/")
    assert monotonic() - began >= 0.2


def test_a_slow_reply_is_whole(ll2: LL2) -> None:
    """It comes in pieces, each after a pause."""
    path = "launch/?limit=1&mode=list"
    right = _ask(ll2, path)[2]
    ll2.fail("launch", fault="slow", seconds=0.05)
    began = monotonic()
    assert _ask(ll2, path)[2] == right
    assert monotonic() - began >= 0.05 * (len(right) // 256)


def test_a_reply_that_is_no_json(ll2: LL2) -> None:
    """It arrives whole, with its own length."""
    ll2.fail("agencies", fault="invalid")
    status, headers, body = _ask(ll2, "agencies/")
    assert (status, headers["Content-Length"]) == (200, str(len(body)))
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(body)


def test_a_page_that_changes_while_it_is_read(ll2: LL2) -> None:
    """A row is on no page, or on two, and the links of the page do not show it."""
    path = "launch/?limit=5&offset=5&mode=list&ordering=id"
    around = [row["id"] for row in _page(_ask(ll2, "launch/?limit=20&mode=list&ordering=id")[2])["results"]]
    right = _page(_ask(ll2, path)[2])
    for fault, first in (("moved", 6), ("repeated", 4)):
        ll2.fail("launch", fault=fault)
        page = _page(_ask(ll2, path)[2])
        assert [row["id"] for row in page["results"]] == around[first : first + 5]
        assert {**page, "results": []} == {**right, "results": []}
    assert _page(_ask(ll2, path)[2]) == right


def test_a_page_that_contradicts_itself(ll2: LL2) -> None:
    """A count that is too high, and a page without rows; a reply that is not a page stays as it is."""
    right = _page(_ask(ll2, "agencies/?limit=2")[2])
    ll2.fail("agencies", fault="count", times=2)
    assert _page(_ask(ll2, "agencies/?limit=2")[2]) == {**right, "count": right["count"] + 7}
    assert _page(_ask(ll2, "agencies/44/")[2])["id"] == 44
    ll2.fail("agencies", fault="empty")
    assert _page(_ask(ll2, "agencies/?limit=2")[2]) == {**right, "results": []}


def test_faults_hit_the_calls_that_they_name(ll2: LL2) -> None:
    """By the beginning of the path, in whole words; a share hits the same calls each time."""
    ll2.fail("launch", status=500, times=1)
    assert [_ask(ll2, path)[0] for path in ("launcher/", "agencies/", "launch/upcoming/", "launch/")] == [200, 200, 500, 200]

    def statuses() -> list[int]:
        ll2.fail("agencies", status=503, share=0.3, seed=7)
        found = [_ask(ll2, "agencies/?limit=1")[0] for _ in range(40)]
        ll2.reset()
        return found

    first = statuses()
    assert first == statuses()
    assert 4 <= first.count(503) <= 20


def test_replies_have_the_time_of_the_sandbox(ll2: LL2) -> None:
    """In `Date`, to the second; a second request on the same connection is answered, too."""
    ll2.at("2026-07-20T14:00:00Z")
    connection = HTTPConnection(urlsplit(ll2.url).netloc, timeout=20)
    for _ in range(2):
        connection.request("GET", "/2.2.0/agencies/44/")
        response = connection.getresponse()
        response.read()
        assert response.headers["Date"] == format_datetime(ll2.now, usegmt=True) == "Mon, 20 Jul 2026 14:00:00 GMT"
    connection.close()


def test_conditional_requests_and_head(ll2: LL2) -> None:
    """As any server of ours: 304 without a body for a known ETag, and no body for HEAD."""
    status, headers, body = _ask(ll2, "agencies/44/")
    assert (status, body[:9]) == (200, b'{"id":44,')
    assert _ask(ll2, "agencies/44/", **{"If-None-Match": headers["ETag"]})[::2] == (304, b"")
    assert _ask(ll2, "agencies/44/", "HEAD")[::2] == (200, b"")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nX-A: " + b"b" * 70_000 + b"\r\n\r\n", b"431"),
        (b"POST /sandbox/change/ HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", b"413"),
        (b"POST /sandbox/change/ HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"413"),
        (b"POST /sandbox/change/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"BREW / HTTP/1.1\r\n\r\n", b"501"),
    ],
)
def test_requests_that_are_refused_unread(ll2: LL2, head: bytes, status: bytes) -> None:
    """Too long, of unknown length, or no HTTP at all: the connection is closed, and the next one is served."""
    assert _send(ll2, head).split()[1] == status
    assert _ask(ll2, "agencies/44/")[0] == 200
