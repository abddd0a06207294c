"""Converting a request to a WSGI environment, and the application's reply back.

Promises: a header with an underscore in its name is dropped. WSGI writes `X-Forwarded-Host` and `X_Forwarded_Host` alike, and a
proxy that sets or removes the first lets the second through (docs/adr/0026). Several lines of one header are joined with commas,
in their order. The host of a request target in absolute form takes the place of `Host` (RFC 9112, 3.2.2). Characters beyond ASCII
in a query are percent-encoded. A request has the body that `bodies` read; the API takes none, and none is read for it. No
exception of the application leaves this module: it is logged, and the reply is 500.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any, Protocol

from launchledger.conf.cors import EXPOSED
from launchledger.formats.encoding import encode
from launchledger.server.holding import HOLD, Holding, Ticket

Header = tuple[str, str]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_log = logging.getLogger(__name__)

_FAILURE = encode({"detail": "A server error occurred."})
_FAILURE_HEADERS = [
    ("Content-Type", "application/json"),
    ("Content-Length", str(len(_FAILURE))),
    ("Access-Control-Allow-Origin", "*"),
    EXPOSED,
    ("X-Content-Type-Options", "nosniff"),
]
_UNREADABLE_KEY = "Token \xff"  # replaces a value that is not visible ASCII, so that it is refused and does not count as none
_BASE: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}


class Headers(Protocol):
    """A request's headers, with names in lower case. `items` omits values that are not visible ASCII."""

    def items(self) -> list[Header]: ...

    def __contains__(self, name: str) -> bool: ...


class Scope(Protocol):
    """A request as granian's interface RSGI describes it: `path` is decoded, `client` and `server` are address and port."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Headers


class Responder(Protocol):
    """Where the reply to a request goes."""

    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None: ...


# The names of known headers in a WSGI environment, by those on the wire. Unknown names are not cached.
_NAMES = {
    name: f"HTTP_{name.replace('-', '_').upper()}"
    for name in (
        *("accept", "accept-encoding", "accept-language", "authorization", "cache-control", "connection", "cookie", "dnt"),
        *("access-control-request-headers", "access-control-request-method", "forwarded", "host", "if-modified-since"),
        *("if-none-match", "origin", "pragma", "referer", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"),
        *("sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "upgrade-insecure-requests", "user-agent"),
        *("via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-proto"),
    )
}


class Handler(Protocol):
    """Handles one request, with its body, on the thread that calls it."""

    def __call__(self, scope: Scope, responder: Responder, body: bytes = b"", /) -> None: ...


def request_handler(application: Application, holding: Holding | None = None) -> Handler:
    """A function that handles one request with a WSGI application, on the thread that calls it.

    With `holding`, the application may ask that a reply of status 200 is held, if the query has the parameter `wait`.
    """

    def answer(scope: Scope, responder: Responder, received: bytes = b"", /) -> None:
        status, headers = 500, _FAILURE_HEADERS

        def start_response(line: str, fields: list[Header], _exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line[:3]), fields

        try:
            environ, ticket = environment(scope), None
            if received:
                environ["wsgi.input"] = BytesIO(received)
                environ["CONTENT_LENGTH"] = str(len(received))
                environ["CONTENT_TYPE"] = environ.get("HTTP_CONTENT_TYPE", "")
            if holding is not None and "wait=" in scope.query_string:  # others are spared the ticket
                ticket = Ticket()
                environ[HOLD] = ticket.hold
            content = application(environ, start_response)
            if isinstance(content, list):
                body = b"".join(content)
            else:
                # All at once: a client that reads slowly must not block the only thread.
                try:
                    body = b"".join(content)
                finally:
                    content.close()  # type: ignore[attr-defined]
            if ticket is not None and ticket.again is not None and status == 200:
                assert holding is not None  # noqa: S101 - it made the ticket
                if holding.take(ticket, environ["REMOTE_ADDR"], responder, headers, body):
                    return
        except Exception:
            _log.exception("A request failed.")
            status, headers, body = 500, _FAILURE_HEADERS, _FAILURE
        responder.response_bytes(status, headers, body)

    return answer


def environment(scope: Scope) -> dict[str, Any]:
    """The WSGI environment of a request."""
    path, query = scope.path, scope.query_string
    server, port = _own_address_and_port(scope.server)
    environ = {
        **_BASE,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": path if path.isascii() else _as_latin_1(path),
        "QUERY_STRING": query if query.isascii() else _percent_encoded(query),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": _address_and_port(scope.client)[0],
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
    }
    for name, value in scope.headers.items():
        key = _NAMES.get(name)
        if key is None:
            if "_" in name:
                continue
            key = f"HTTP_{name.replace('-', '_').upper()}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if "HTTP_AUTHORIZATION" not in environ and "authorization" in scope.headers:
        environ["HTTP_AUTHORIZATION"] = _UNREADABLE_KEY
    authority = scope.authority
    if authority is not None:
        environ["HTTP_HOST"] = authority
    elif "HTTP_HOST" not in environ and environ["SERVER_PROTOCOL"] != "HTTP/1":
        environ["HTTP_HOST"] = ""  # an invalid host: only HTTP/1.0 lets a client omit it (RFC 9112, 3.2)
    return environ


def _percent_encoded(query: str) -> str:
    """Encode a query that a client sent in raw UTF-8; Django would encode it twice in `next`."""
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in query.encode())


def _as_latin_1(text: str) -> str:
    """Text as WSGI requires it: a character for each byte of its UTF-8."""
    return text.encode().decode("latin-1")


def _address_and_port(place: str) -> tuple[str, str]:
    """Both parts of `192.0.2.1:80` or `[2001:db8::1]:80`."""
    address, _, port = place.rpartition(":")
    return (address[1:-1] if address.startswith("[") else address), port


_own_address_and_port = lru_cache(maxsize=64)(_address_and_port)  # a server has few of them
