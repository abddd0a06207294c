"""Servers made of plain sockets, which answer as no real server should."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import field as default

Answer = Callable[[socket.socket], None]


@dataclass(slots=True)
class Peer:
    """A server on this machine: its port, and the requests that it got, each as its bytes without a body."""

    port: int
    requests: list[bytes] = default(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def answering(*answers: Answer | bytes, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """A server whose first request gets the first answer, and so on; the last answers all others. Each has a connection.

    An answer is bytes, or is called with the connection and may end by whatever error the client causes.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        peer = Peer(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=[listening, answers, peer, tls])
        thread.start()
        try:
            yield peer
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listening: socket.socket, answers: tuple[Answer | bytes, ...], peer: Peer, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with suppress(OSError), connection:
            opened = tls.wrap_socket(connection, server_side=True) if tls else connection
            with opened:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = opened.recv(65_536)
                    if not piece:
                        raise ConnectionResetError
                    head += piece
                _read_body(opened, head)
                answer = answers[min(len(peer.requests), len(answers) - 1)]
                peer.requests.append(head)
                if isinstance(answer, bytes):
                    opened.sendall(answer)
                else:
                    answer(opened)


def _read_body(opened: socket.socket, head: bytes) -> None:
    """Read what is left of a request's body: a connection that is closed before that is reset, and the answer may be lost."""
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    left = int(length[1]) - len(head.partition(b"\r\n\r\n")[2]) if length else 0
    while left > 0 and (piece := opened.recv(left)):
        left -= len(piece)


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of a whole reply; names of headers are given with underscores."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {"Content_Length": str(len(body)), **headers}.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode() + body


def reset(connection: socket.socket) -> None:
    """Close the connection so that the other side gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def silent(connection: socket.socket) -> None:
    """Send nothing until the other side gives up."""
    connection.recv(1)


def dripping(start: bytes, drop: bytes = b"x") -> Answer:
    """Send `start`, and then a drop every hundredth of a second until the other side gives up."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        connection.settimeout(0.01)
        while True:
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                connection.sendall(drop)

    return answer
