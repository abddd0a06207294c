"""A server that gives fixed replies and counts requests."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.processes import Tree
from benchmarks.servers import Server


@contextmanager
def answering(bodies: Mapping[str, bytes], name: str = "fixed") -> Iterator[tuple[Server, Counter[str]]]:
    """Answers these paths, and all others with 404."""
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked[self.path] += 1
            body = bodies.get(self.path, b"")
            head = f"HTTP/1.1 {200 if body else 404} It\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Server(name, server.server_address[1], Tree(os.getpid())), asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
