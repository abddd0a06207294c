"""Talking to a server byte by byte, to send what no HTTP library would send."""

from __future__ import annotations

import json
import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PATIENCE = 20.0  # seconds


class Address(NamedTuple):
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Address:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        return cls(parts.hostname, parts.port)


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def connect(server: Address) -> socket.socket:
    return socket.create_connection(server, timeout=PATIENCE)


def until_closed(client: socket.socket) -> bytes:
    """Everything that the server sends until it closes the connection; a timeout is an error."""
    parts = []
    while part := client.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def request(target: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    """A request with these header lines, after which the server shall close the connection."""
    return "\r\n".join([f"{method} {target} HTTP/{version}", *lines, "Connection: close", "", ""]).encode("latin-1")


def ask(server: Address, target: str, *lines: str, method: str = "GET", version: str = "1.1") -> Reply:
    """Send a request with these header lines and read the reply to the end of the connection."""
    with connect(server) as client:
        client.sendall(request(target, *lines, method=method, version=version))
        head, _, body = until_closed(client).partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    return Reply(int(first.split(" ")[1]), headers, body)
