"""A fake cache in front: it records requests, and answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

TOKEN = "very-secret"


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Front:
    """The requests to the fake cache, and its answer."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[Asked] = []
        self.status = 200
        self.answer = b"{}"
        self.headers: dict[str, str] = {}


@contextmanager
def standing() -> Iterator[Front]:
    """A server that answers every method."""
    front = Front()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            front.asked.append(Asked(self.command, self.path, headers, body))
            self.send_response(front.status)
            for name, value in front.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(front.answer)

        do_GET = do_POST = do_PURGE = answer  # noqa: N815  (the names are the library's)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    front.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
