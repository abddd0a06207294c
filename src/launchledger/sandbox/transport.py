"""HTTP for the sandbox: a thread for each connection, and replies that can be late, cut, or missing.

Promises: `Date` is the time of the sandbox's clock. At most CONNECTIONS are open at once; others wait. A head is at most 64 kB a
line and 100 headers, a body LONGEST_BODY bytes; a connection that is silent for PATIENCE seconds is closed. `answer` is called by
several threads at once.
For tests only: it is slower than granian, and neither pipelines nor speaks TLS.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from launchledger import clock
from launchledger.formats.encoding import encode
from launchledger.sandbox.replies import Answer, Headers, Reply, Request, split_target

CONNECTIONS = 128
PATIENCE = 60.0  # seconds
LONGEST_BODY = 1024 * 1024  # bytes
PIECE = 256  # bytes, of a reply that is sent slowly
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_RESET = struct.pack("ii", 1, 0)  # the system sends RST when a socket with this option is closed


class Server(ThreadingHTTPServer):
    """Listens from the start; port 0 takes a free one. Raises OSError where it cannot listen."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, answer: Answer) -> None:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        self.address_family = family
        self.answer = answer
        self.stopping = threading.Event()
        self._room = threading.Semaphore(CONNECTIONS)
        super().__init__(place[:2], _Connection)  # type: ignore[arg-type]

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking for the name of this machine, which may take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._room.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection, and do not say goodbye on one that is to be reset."""
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that the client ended is no failure of ours; `answer` handles its own exceptions."""

    def stop(self) -> None:
        """End replies that are late, and the server. Call it from another thread than `serve_forever`, or after it."""
        self.stopping.set()
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server: Server
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def _answer(self) -> None:
        body = self._read_body()
        if body is None:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        path, query, authority = split_target(self.path)
        request = Request(
            self.command,
            path,
            query,
            Headers(list(self.headers.items())),
            _address(self.client_address),
            _address(self.server.server_address),
            body,
            self.request_version.removeprefix("HTTP/"),
            authority=authority,
        )
        with suppress(ConnectionError, TimeoutError):
            self._send(self.server.answer(request))

    def _read_body(self) -> bytes | None:
        """The body of the request; None if it is too long or of unknown length."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length[:10]) > LONGEST_BODY:
            return None
        return self.rfile.read(int(length))

    def _send(self, reply: Reply) -> None:
        delivery = reply.delivery
        if delivery.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        if delivery.silence:
            self.server.stopping.wait(delivery.silence)
        if delivery.reset or delivery.silence:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        self.send_header("Date", format_datetime(clock.now(), usegmt=True))
        named = {name.lower() for name, _ in reply.headers}
        for name, value in reply.headers:
            self.send_header(name, value)
        if "content-length" not in named and reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(reply)
        self.wfile.flush()

    def _send_body(self, reply: Reply) -> None:
        delivery = reply.delivery
        if delivery.cut is not None:
            self.wfile.write(reply.body[: int(len(reply.body) * delivery.cut)])
            self.close_connection = True
        elif delivery.pause:
            for start in range(0, len(reply.body), PIECE):
                self.wfile.write(reply.body[start : start + PIECE])
                self.wfile.flush()
                if self.server.stopping.wait(delivery.pause):
                    self.close_connection = True
                    return
        else:
            self.wfile.write(reply.body)

    def send_error(self, code: int, *_texts: str | None) -> None:
        """Refuse a request that is no HTTP, or too large, and close the connection."""
        self.close_connection = True
        self.request_version = self.protocol_version  # so that even a request without a version gets a head
        detail = {"detail": f"{HTTPStatus(code).phrase}."}
        with suppress(ConnectionError, TimeoutError):
            self._send(Reply(code, [("Content-Type", "application/json"), ("Connection", "close")], encode(detail)))

    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each request: the sandbox records them itself."""


for _method in _METHODS:
    setattr(_Connection, f"do_{_method}", _Connection._answer)


def _address(place: Any) -> str:
    """An address and a port as one text, as granian writes them."""
    host, port = place[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
