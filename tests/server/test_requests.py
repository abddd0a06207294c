"""Which parts of a request reach the application: sent byte by byte to a real server that trusts this machine as a proxy."""

from __future__ import annotations

import pytest

from tests.server.talking import Address, Reply, ask

pytestmark = pytest.mark.sqlite_only("connections are those of the server, which asks the database nothing here")

INDEX = "/2.2.0/"


def _pads(reply: Reply) -> str:
    assert reply.status == 200
    address: str = reply.json["pad"]
    return address


@pytest.mark.parametrize("name", ["X_Forwarded_Host", "X-Forwarded_Host", "x_forwarded-host"])
def test_a_host_header_with_an_underscore_is_ignored(server: Address, name: str) -> None:
    """Alone, before or after the header that a proxy sets, a name that WSGI would write like it changes nothing."""
    evil, good = f"{name}: evil.example", "X-Forwarded-Host: ledger.example"
    assert _pads(ask(server, INDEX, "Host: inner", evil)) == "http://inner/2.2.0/pad/"
    assert _pads(ask(server, INDEX, "Host: inner", evil, good)) == "http://ledger.example/2.2.0/pad/"
    assert _pads(ask(server, INDEX, "Host: inner", good, evil)) == "http://ledger.example/2.2.0/pad/"


@pytest.mark.parametrize("first", [True, False])
def test_an_address_header_with_an_underscore_is_ignored(server: Address, first: bool) -> None:
    """A second spelling of X-Forwarded-For does not give a client another's allowance."""
    lines = ["X-Forwarded-For: 203.0.113.7", "X_Forwarded_For: 198.51.100.9"]
    reply = ask(server, "/2.2.0/api-throttle/", "Host: a", *(lines if first else reversed(lines)))
    assert reply.json["ident"] == "203.0.113.7"


def test_no_header_with_an_underscore_is_read(server: Address) -> None:
    """Coding, tag, key and form of a reply are decided by the headers that have hyphens."""
    plain = ask(server, INDEX, "Host: a")
    tag = plain.headers["etag"]
    others = ("Accept_Encoding: gzip", f"If_None_Match: {tag}", "Accept_: text/html", "_Authorization: Token none")
    assert ask(server, INDEX, "Host: a", *others) == plain._replace(headers=plain.headers)
    assert ask(server, INDEX, "Host: a", f"If-None-Match: {tag}").status == 304


def test_lines_of_one_header_are_one(server: Address) -> None:
    """Several lines count as one with commas (RFC 9110, 5.3): the address that the last proxy wrote is the last line's."""
    lines = ("X-Forwarded-For: 198.51.100.9", "X-Forwarded-For: 203.0.113.7")
    assert ask(server, "/2.2.0/api-throttle/", "Host: a", *lines).json["ident"] == "203.0.113.7"
    hosts = ("X-Forwarded-Host: evil.example", "X-Forwarded-Host: ledger.example")
    assert _pads(ask(server, INDEX, "Host: inner", *hosts)) == "http://ledger.example/2.2.0/pad/"
    assert ask(server, INDEX, "Host: a", "Host: b").status == 400


def test_the_target_decides_the_host(server: Address) -> None:
    """A target in absolute form has the host that counts, and `Host` is ignored (RFC 9112, 3.2.2)."""
    assert _pads(ask(server, "http://ledger.example/2.2.0/", "Host: other.example")) == "http://ledger.example/2.2.0/pad/"


def test_a_request_without_a_host(server: Address) -> None:
    """HTTP/1.0 may leave it out, and is answered with the server's own address; HTTP/1.1 may not (RFC 9112, 3.2)."""
    assert _pads(ask(server, INDEX, version="1.0")) == f"http://{server.host}:{server.port}/2.2.0/pad/"
    assert ask(server, INDEX).status == 400


def test_letters_beyond_ascii_arrive(server: Address) -> None:
    """In UTF-8, raw or percent-encoded, the request is the same; bytes that are not UTF-8 are no failure."""
    raw = "caf\u00e9".encode().decode("latin-1")
    for query in (f"search={raw}", "search=caf%C3%A9"):
        reply = ask(server, f"/2.2.0/launch/?{query}&limit=1&offset=1", "Host: a")
        assert reply.json["previous"] == "http://a/2.2.0/launch/?limit=1&search=caf%C3%A9", query
    assert ask(server, "/2.2.0/%FF/", "Host: a").status == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [('search="a"', 400), ("search=<a", 400), ("search=a>", 400), ("search=a b", 400), (f"search={'a' * 66_000}", 414)],
)
def test_invalid_http_is_refused_as_documented(server: Address, query: str, status: int) -> None:
    """granian itself answers it: without a body, and closes the connection (docs/limits.md)."""
    refused = ask(server, f"/2.2.0/launch/?{query}", "Host: a")
    assert (refused.status, refused.body, refused.headers["connection"]) == (status, b"", "close")
    encoded = query.replace('"', "%22").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    assert ask(server, f"/2.2.0/launch/?{encoded[:100]}", "Host: a").status == 200


@pytest.mark.parametrize("lines", [[f"A: {'a' * 600_000}"], [f"A{number}: a" for number in range(100)]])
def test_a_large_head_is_refused_as_documented(server: Address, lines: list[str]) -> None:
    """Each connection may take some 128 kB for the head of its request, twice that if it all comes at once, and 100 headers."""
    try:
        refused = ask(server, "/healthz", "Host: a", *lines)
    except ConnectionResetError:
        return  # the end of the connection overtook the reply, because the request was not read to its end
    assert (refused.status, refused.body) == (431, b"")


def test_a_body_is_left_unread(server: Address) -> None:
    """A request with a body is answered like any other; nothing here takes one."""
    assert ask(server, INDEX, "Host: a", "Content-Length: 5", "", "hello", method="POST").status == 405


@pytest.mark.parametrize("key", ["\xff", "abc\xfe", "\xc3\xa9"])
def test_a_key_that_is_not_text_is_refused(server: Address, key: str) -> None:
    """It does not count as none, as in the framework."""
    reply = ask(server, INDEX, "Host: a", f"Authorization: Token {key}")
    assert reply.status == 401
    assert reply.json == {"detail": "Invalid token header. Token string should not contain invalid characters."}
