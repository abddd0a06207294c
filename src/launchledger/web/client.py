"""Requests to other servers: the one HTTP client of this project.

Promises: every request ends within its bounds. They are the bytes of the decoded body (a small compressed body cannot become a
large one), the seconds to connect, the seconds between two pieces, and the seconds of the whole, from the first look-up of the
host to the last byte, redirects included. TLS certificates are checked. A client for addresses that strangers chose connects to
public ones alone. Whatever goes wrong is a RequestFailed, with the host and
a reason in words, never a header or a query.
Refuses: redirects beyond those that are allowed, to another host or port, or from https to http; encodings other than gzip.
Takes nothing from the environment: no proxy, no password from a netrc file. OpenSSL itself reads SSL_CERT_FILE and SSL_CERT_DIR,
which is how an authority of one's own becomes trusted.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore2

from launchledger.formats.texts import printable, shorten
from launchledger.web.addresses import check_url
from launchledger.web.network import Deadline, Network

ERROR_BYTES = 65_536  # that are read of the body of an error; the rest says nothing that anyone needs
_GZIP = 16 + zlib.MAX_WBITS
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}


class RequestFailed(Exception):
    """No reply, or none within the bounds. The text names the host and the reason."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may cost: bytes of its decoded body, seconds, and redirects (followed with GET only).

    With `cut` a longer body is cut, and one that is not whole or not valid counts as far as it came: for who needs the status.
    """

    most_bytes: int
    cut: bool = False
    connect: float = 10.0
    read: float = 30.0
    whole: float = 60.0
    redirects: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of any status. Names of headers are lower case.

    From 400 on the body may be cut: after ERROR_BYTES, or where the connection ended. It is a text for people then.
    """

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def title(self) -> str:
        """The status and its phrase, in one line."""
        return f"{self.status} {printable(self.phrase)[:60]}".strip()


class Client:
    """Sends one request at a time, and keeps the connection for a few seconds for the next one."""

    def __init__(self, bounds: Bounds, *, public: bool = False) -> None:
        """With `public` it connects to public addresses alone (`look_up.is_public`)."""
        self._bounds = bounds
        self._deadline = Deadline()
        self._network = Network(self._deadline, public=public)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpcore2.default_ssl_context(),
            max_connections=1,
            keepalive_expiry=5.0,
            network_backend=self._network,
        )

    def request(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Reply:
        """Send a request; `url` passed `check_url`. Raises RequestFailed."""
        self._deadline.start(self._bounds.whole)
        host = urlsplit(url).hostname or ""
        for _ in range(self._bounds.redirects + 1):
            with self._failures(host):
                reply = self._send(method, url, headers or {}, body)
                if not self._bounds.redirects or method != "GET" or reply.status not in _REDIRECTS:
                    return reply
                url = _redirected(url, reply)
        raise RequestFailed(f"{host}: redirected more than {self._bounds.redirects} times")

    def interrupt(self) -> None:
        """Let the request that is on its way fail now; may be called by another thread, or by a handler of a signal."""
        self._network.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        timeouts = {"connect": self._bounds.connect, "read": self._bounds.read, "write": self._bounds.read}
        sent = [("Accept-Encoding", "gzip"), *headers.items()]
        with self._pool.stream(method, url, headers=sent, content=body, extensions={"timeout": timeouts}) as response:
            status = response.status
            received = _joined(response.headers)
            phrase = response.extensions.get("reason_phrase", b"").decode("latin-1")
            pieces = response.iter_stream()
            if status >= 400 or self._bounds.cut:
                most = self._bounds.most_bytes if self._bounds.cut else ERROR_BYTES
                return Reply(status, phrase, received, _read_beginning(pieces, received, most))
            return Reply(status, phrase, received, _read(pieces, received, self._bounds.most_bytes))

    @contextmanager
    def _failures(self, host: str) -> Iterator[None]:
        """Give every failure its reason. No text of the library's own errors about requests is shown: it may quote a header."""
        try:
            yield
        except (_Failed, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            if self._deadline.passed and not isinstance(error, _Failed):
                reason = f"timed out: not complete after {self._bounds.whole:g} seconds"
            else:
                reason = _reason(error, self._bounds)
            raise RequestFailed(f"{host}: {printable(reason)}") from None


class _Failed(Exception):
    """A reply that is refused; the text is the reason."""


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _read(pieces: Iterator[bytes], headers: Mapping[str, str], most: int) -> bytes:
    """The decoded body. Fails as soon as it is longer than `most`, before the rest is read or decoded."""
    found = bytearray()
    for piece in _decoded(pieces, headers, most):
        found += piece
        if len(found) > most:
            raise _Failed(f"the reply is longer than {most:,} bytes")
    return bytes(found)


def _read_beginning(pieces: Iterator[bytes], headers: Mapping[str, str], most: int) -> bytes:
    """The beginning of a body, as far as it comes: the status and the headers are worth more, and are there."""
    found = bytearray()
    try:
        for piece in _decoded(pieces, headers, most):
            found += piece
            if len(found) >= most:
                break
    except (_Failed, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        pass
    return bytes(found[:most])


def _decoded(pieces: Iterator[bytes], headers: Mapping[str, str], most: int) -> Iterator[bytes]:
    """The pieces of the body, decoded. One piece is at most some bytes longer than `most`."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise _Failed(f"the reply is encoded as {shorten(encoding)}, which was not asked for")
    decoder = zlib.decompressobj(_GZIP)
    for piece in pieces:
        try:
            yield decoder.decompress(piece, most + 1)
        except zlib.error:
            raise _Failed("the reply is not valid gzip") from None
        if decoder.unused_data:
            raise _Failed("the reply goes on after the end of its gzip")
        if decoder.unconsumed_tail:
            raise _Failed(f"the reply is longer than {most:,} bytes")
    if not decoder.eof:
        raise _Failed("the reply was cut")


def _redirected(url: str, reply: Reply) -> str:
    """Where a redirect leads; fails unless that is the same server."""
    try:
        target = urljoin(url, reply.headers.get("location", ""))
        check_url(target, with_token=False)
        old, new = urlsplit(url), urlsplit(target)
    except ValueError:
        raise _Failed(f"answered {reply.title} with an address that is not valid") from None
    upgraded = (old.scheme, new.scheme, new.port) == ("http", "https", None)
    if new.hostname != old.hostname or (_origin(new) != _origin(old) and not upgraded):
        raise _Failed(f"redirected to another server, {new.scheme}://{shorten(new.netloc)}")
    return target


def _origin(parts: SplitResult) -> tuple[str, int | None]:
    return parts.scheme, parts.port or _PORTS.get(parts.scheme)


def _reason(error: Exception, bounds: Bounds) -> str:
    match error:
        case _Failed():
            return str(error)
        case httpcore2.ConnectTimeout():
            return f"timed out: no connection within {bounds.connect:g} seconds"
        case httpcore2.TimeoutException():
            return f"timed out: nothing came for {bounds.read:g} seconds"
        case httpcore2.LocalProtocolError():
            return "the request is not valid HTTP"
        case httpcore2.RemoteProtocolError():
            return f"the reply was cut, or is not valid HTTP ({shorten(str(error))})"
    cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else error  # which the library wraps
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {cause.reason or cause}"
    if isinstance(cause, OSError):
        return cause.strerror or str(cause) or type(cause).__name__
    return str(error) or type(error).__name__
