"""Calling a WSGI application as a server does, checked by the standard library's WSGI validator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.core.handlers.wsgi import WSGIHandler

from launchledger.http_cache.edge import Edge, Environ, StartResponse
from launchledger.site.edge import compose


class Answer(NamedTuple):
    """A reply: names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(application: Any, address: str, method: str = "GET", headers: dict[str, str] | None = None, **environ: str) -> Answer:
    """Request a path with its query. `environ` may change the server's variables of the connection."""
    path, _, query = address.partition("?")
    request: Environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "ledger.example",
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "203.0.113.7",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
        **environ,
    }
    setup_testing_defaults(request)
    sent: list[tuple[int, dict[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        sent[:] = [(int(status[:3]), {name.lower(): value for name, value in headers})]
        return bytearray.extend

    content: Any = validator(application)(request, start_response)
    with closing(content):
        body = b"".join(content)
    return Answer(*sent[0], body)


class Clock:
    """A clock that goes on only with `go_on`."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def go_on(self, seconds: float = 0.1) -> None:
        self.seconds += seconds


class Watched:
    """Django's application, with a record of the requests that the cache passed on."""

    def __init__(self) -> None:
        self._django = WSGIHandler()
        self.calls: list[str] = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        self.calls.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return self._django(environ, start_response)

    @contextmanager
    def asked(self, times: int) -> Iterator[None]:
        """Assert that the block calls Django so many times."""
        before = len(self.calls)
        yield
        assert len(self.calls) - before == times, self.calls[before:]


class Served:
    """The server's own layers around a watched Django, with a clock that decides when the journal is read."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.django = Watched()
        self.edge: Edge = compose(self.django, self.clock, fast_path=None)  # Django answers what is not cached

    def ask(self, address: str, method: str = "GET", headers: dict[str, str] | None = None, **environ: str) -> Answer:
        return ask(self.edge, address, method, headers, **environ)
