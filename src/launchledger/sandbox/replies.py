"""Requests and replies of the sandbox, and the ways in which a reply can fail to arrive.

A request has what `server.requests` needs to build a WSGI environment, so the application sees it as it would see it behind
granian.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from launchledger.server.requests import Header


class Headers:
    """The headers of a request; names are in lower case."""

    def __init__(self, lines: list[Header]) -> None:
        self._lines = [(name.lower(), value) for name, value in lines]

    def items(self) -> list[Header]:
        """Those whose values are visible ASCII, as granian gives them."""
        return [(name, value) for name, value in self._lines if value.isascii() and value.isprintable()]

    def __contains__(self, name: str) -> bool:
        return any(name == each for each, _ in self._lines)

    def __iter__(self) -> Iterator[Header]:
        return iter(self._lines)

    def get(self, name: str) -> str:
        """The value of a header, "" if the request does not have it."""
        return next((value for each, value in self._lines if each == name), "")

    def without(self, name: str) -> Headers:
        return Headers([(each, value) for each, value in self._lines if each != name])


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `client` and `server` are address and port, `path` is decoded, `body` is empty for most methods."""

    method: str
    path: str
    query_string: str
    headers: Headers
    client: str
    server: str
    body: bytes = b""
    http_version: str = "1.1"
    scheme: str = "http"
    authority: str | None = None

    def with_query(self, query: str) -> Request:
        return replace(self, query_string=query)

    def as_plain_get(self) -> Request:
        """The same request by GET, for a whole body that is not compressed."""
        return replace(self, method="GET", headers=self.headers.without("accept-encoding").without("if-none-match"))


def split_target(target: str) -> tuple[str, str, str | None]:
    """The decoded path, the query and the authority of a request target; its form may be absolute (RFC 9112, 3.2.2)."""
    if target.startswith("/"):
        path, _, query = target.partition("?")
        return unquote(path, errors="replace"), query, None
    parts = urlsplit(target)
    return unquote(parts.path or "/", errors="replace"), parts.query, parts.netloc or None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a reply is sent.

    `cut`: only this share of the body, and then the connection is closed. `pause`: seconds between two pieces of PIECE bytes.
    `silence`: seconds without any byte, and then the connection is closed. `reset`: the connection is reset at once.
    """

    cut: float | None = None
    pause: float = 0.0
    silence: float = 0.0
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. `status` is 0 if the client gets none."""

    status: int
    headers: list[Header]
    body: bytes
    delivery: Delivery = field(default_factory=Delivery)


Answer = Callable[[Request], Reply]
