"""Requests to servers that misbehave, over real connections: each ends within its bounds and gives its reason."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from launchledger.web.client import ERROR_BYTES, Bounds, Client, RequestFailed
from tests.support.sockets import Answer, answering, dripping, reply, reset, silent

CERTIFICATE = Path(__file__).parent / "localhost.pem"  # for localhost, made for these tests, valid until 2126
BOUNDS = Bounds(1_000_000, connect=0.5, read=0.5, whole=5, redirects=2)
SHORT = Bounds(1_000_000, connect=5, read=5, whole=0.3)


def _chunks(body: bytes, *, end: bool = True) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%s\r\n" % (len(body), body) + (b"0\r\n\r\n" if end else b"")


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def test_a_reply() -> None:
    """Status, phrase, headers of any case, those that come twice joined, and the body; sent is what was given."""
    answer = b"HTTP/1.1 203 Fine\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\n{}"
    with answering(answer) as peer:
        got = Client(BOUNDS).request("POST", f"{peer.address}/a?b=1", {"X-Key": "k"}, b"body")
    assert (got.status, got.title, got.headers["x-a"], got.body) == (203, "203 Fine", "1, 2", b"{}")
    (request,) = peer.requests
    assert request.startswith(b"POST /a?b=1 HTTP/1.1\r\n")
    assert b"X-Key: k\r\n" in request
    assert b"Accept-Encoding: gzip\r\n" in request


@pytest.mark.parametrize("body", [b"", b"x" * 1_000_000])
def test_bodies_may_be_compressed(body: bytes) -> None:
    """With gzip and without, up to the bound itself, with a length, in chunks, or until the connection ends."""
    zipped = gzip.compress(body, mtime=0)
    answers = [
        reply(body),
        reply(zipped, Content_Encoding="gzip"),
        _chunks(body) if body else reply(b""),
        b"HTTP/1.1 200 OK\r\n\r\n" + body,
    ]
    with answering(*answers) as peer:
        for _ in answers:
            assert Client(BOUNDS).request("GET", peer.address).body == body


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b"x" * 1_000_001), "longer than 1,000,000 bytes"),
        (_endless, "longer than 1,000,000 bytes"),
        (reply(gzip.compress(bytes(1_000_001), mtime=0), Content_Encoding="gzip"), "longer than 1,000,000 bytes"),
        (reply(gzip.compress(bytes(50_000_000), mtime=0), Content_Encoding="gzip"), "longer than 1,000,000 bytes"),
        (reply(b"x" * 20, Content_Encoding="gzip"), "is not valid gzip"),
        (reply(gzip.compress(b"x" * 99, mtime=0)[:-9], Content_Encoding="gzip"), "was cut"),
        (reply(gzip.compress(b"x", mtime=0) + b"more", Content_Encoding="gzip"), "goes on after the end"),
        (reply(b"x", Content_Encoding="br"), "encoded as 'br'"),
        (reply(b"x", Content_Length="2"), "was cut"),
        (_chunks(b"x", end=False), "was cut"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "was cut"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "is not valid HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", "is not valid HTTP"),
        (b"", "was cut"),
        (reset, "reset"),
        (silent, "timed out: nothing came for 0.5 seconds"),
        (
            reply(b"", "302 Found", Location="http://elsewhere.example/"),
            "redirected to another server, http://'elsewhere.example'",
        ),
        (reply(b"", "302 Found", Location="http://127.0.0.1:1/"), "redirected to another server"),
        (reply(b"", "302 Found", Location="//elsewhere.example/"), "redirected to another server"),
        (reply(b"", "302 Found", Location="file:///etc/passwd"), "an address that is not valid"),
        (reply(b"", "302 Found", Location="http://a:b@127.0.0.1/"), "an address that is not valid"),
        (reply(b"", "302 Found", Location="/again"), "redirected more than 2 times"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # bytes would be names of any length
)
def test_what_is_refused(answer: Answer | bytes, reason: str) -> None:
    """Each has its reason, names the host, and is over at once."""
    with answering(answer) as peer, pytest.raises(RequestFailed, match=reason) as failure:
        Client(BOUNDS).request("GET", f"{peer.address}/?secret")
    assert str(failure.value).startswith("127.0.0.1: ")
    assert "secret" not in str(failure.value)
    assert str(failure.value).isprintable()


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"]
)
def test_a_drip_is_over_after_the_whole_time(start: bytes) -> None:
    """Something comes all the time, in the head or in the body, so that no single read takes too long."""
    begin = time.monotonic()
    with answering(dripping(start)) as peer, pytest.raises(RequestFailed, match=r"not complete after 0\.3 seconds"):
        Client(SHORT).request("GET", peer.address)
    assert 0.3 <= time.monotonic() - begin < 3


def test_redirects_share_one_time() -> None:
    """Each hop of a slow chain gets what the ones before left."""

    def slow(connection: socket.socket) -> None:
        dripped = dripping(b"HTTP/1.1 302 Found\r\nLocation: /next\r\nConnection: close\r\nContent-Length: 10\r\n\r\n")
        dripped(connection)

    bounds = Bounds(1000, connect=5, read=5, whole=0.5, redirects=100)
    with answering(slow) as peer, pytest.raises(RequestFailed, match=r"not complete after 0\.5 seconds"):
        Client(bounds).request("GET", peer.address)
    assert len(peer.requests) > 1


def test_redirects_to_the_same_server_are_followed() -> None:
    """Relative or whole, within the bound; the headers go along."""
    with answering(reply(b"", "301 Moved Permanently", Location="b/?c=1"), reply(b"here")) as peer:
        assert Client(BOUNDS).request("GET", f"{peer.address}/a/", {"Authorization": "Token t"}).body == b"here"
    assert [each.split(b"\r\n")[0] for each in peer.requests] == [b"GET /a/ HTTP/1.1", b"GET /a/b/?c=1 HTTP/1.1"]
    assert all(b"Authorization: Token t" in each for each in peer.requests)


def test_without_redirects_one_is_a_reply() -> None:
    """Nothing is asked again, also where a method other than GET is redirected."""
    moved = reply(b"", "302 Found", Location="/b")
    with answering(moved) as peer:
        assert Client(SHORT).request("GET", peer.address).status == 302
        assert Client(BOUNDS).request("POST", peer.address, body=b"").status == 302
    assert len(peer.requests) == 2


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (reply(b"x" * 200_000, "503 Busy", Retry_After="7"), b"x" * ERROR_BYTES),
        (reply(b"half", "503 Busy", Content_Length="9", Retry_After="7"), b"half"),
        (
            reply(gzip.compress(bytes(9_000_000), mtime=0), "503 Busy", Content_Encoding="gzip", Retry_After="7"),
            bytes(ERROR_BYTES),
        ),
        (reply(b"zipped?", "503 Busy", Content_Encoding="gzip", Retry_After="7"), b""),
    ],
    ids=["long", "cut", "bomb", "not gzip"],
)
def test_an_error_counts_even_if_its_body_is_bad(answer: bytes, body: bytes) -> None:
    """Its status and headers are there; of the body there is what came, up to a bound."""
    with answering(answer) as peer:
        got = Client(BOUNDS).request("GET", peer.address)
    assert (got.status, got.headers["retry-after"], got.body) == (503, "7", body)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (_endless, b"x" * 1_000),
        (dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"y"), None),
        (reply(b"half", Content_Length="9"), b"half"),
        (reply(b"zipped?", Content_Encoding="gzip"), b""),
    ],
    ids=["endless", "dripping", "cut", "not gzip"],
)
def test_bodies_may_be_cut(answer: Answer | bytes, body: bytes | None) -> None:
    """For who needs the status alone: it counts whatever follows it, within the same bounds."""
    begin = time.monotonic()
    with answering(answer) as peer:
        got = Client(Bounds(1_000, cut=True, connect=5, read=5, whole=0.5)).request("GET", peer.address)
    assert got.status == 200
    assert set(got.body) == {ord("y")} if body is None else got.body == body
    assert time.monotonic() - begin < 4


def test_nobody_there() -> None:
    """A port that is closed, and a name that does not exist."""
    with answering(b"") as peer:
        pass
    with pytest.raises(RequestFailed, match=r"^127\.0\.0\.1: Connection refused$"):
        Client(BOUNDS).request("GET", peer.address)
    with pytest.raises(RequestFailed, match=r"^nobody\.invalid: "):
        Client(BOUNDS).request("GET", "http://nobody.invalid/")


@pytest.fixture
def tls() -> ssl.SSLContext:
    """What a server needs to speak TLS as localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def test_certificates_are_checked(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of an unknown authority and one for another name are refused; one that the system was told to trust is good."""
    with answering(reply(b"safe"), tls=tls) as peer:
        with pytest.raises(RequestFailed, match="localhost: its certificate is not valid: self-signed certificate"):
            Client(BOUNDS).request("GET", f"https://localhost:{peer.port}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with pytest.raises(RequestFailed, match=r"127\.0\.0\.1: its certificate is not valid: IP address mismatch"):
            Client(BOUNDS).request("GET", f"https://127.0.0.1:{peer.port}/")
        assert peer.requests == []
        assert Client(BOUNDS).request("GET", f"https://localhost:{peer.port}/").body == b"safe"
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as peer, pytest.raises(RequestFailed, match=r"TLS failed|cut|reset|timed out"):
        Client(BOUNDS).request("GET", f"https://localhost:{peer.port}/")


def test_https_never_becomes_http(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect to the same host and port without TLS is refused, and the request with its token is not sent there."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with answering(b"unused") as plain:
        moved = reply(b"", "302 Found", Location=f"http://localhost:{plain.port}/")
        with answering(moved, tls=tls) as peer, pytest.raises(RequestFailed, match="redirected to another server"):
            Client(BOUNDS).request("GET", f"https://localhost:{peer.port}/", {"Authorization": "Token t"})
    assert plain.requests == []


def test_a_token_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Also where the request itself is not valid because of it, and at the level DEBUG."""
    caplog.set_level(logging.DEBUG)
    with answering(reset) as peer:
        for token in ("very-secret", "very-secret\r\nX: y"):
            with pytest.raises(RequestFailed) as failure:
                Client(BOUNDS).request("GET", peer.address, {"Authorization": token})
            assert "secret" not in repr(failure.value)
    assert "secret" not in caplog.text


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor passwords that other programs keep."""
    with answering(b"") as nobody, answering(reply(b"direct")) as peer:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, nobody.address)
        assert Client(BOUNDS).request("GET", peer.address).body == b"direct"
    assert nobody.requests == []


def test_a_connection_is_used_again() -> None:
    """If the server keeps it open; a server that closed it costs nothing but a new one."""

    def twice(connection: socket.socket) -> None:
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        connection.sendall(whole)
        assert b"/second" in connection.recv(65_536)
        connection.sendall(whole)
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    client, closed = Client(BOUNDS), threading.Event()
    with answering(twice, reply(b"{}")) as peer:
        for path in ("/first", "/second"):
            assert client.request("GET", peer.address + path).body == b"{}"
        assert closed.wait(10)  # else the third request may meet the connection before its end
        assert client.request("GET", peer.address + "/third").body == b"{}"
        client.close()
    assert [each.split()[1] for each in peer.requests] == [b"/first", b"/third"]
