"""Asking a WSGI application as a server does, held to the rules of WSGI by the standard library's validator."""

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
    """A reply: names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(application: Any, address: str, method: str = "GET", headers: dict[str, str] | None = None, **environ: str) -> Answer:
    """Ask for a path with its query. `environ` may change what a server says of the connection."""
    path, _, query = address.partition("?")
    asked: Environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "ledger.example",
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "203.0.113.7",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
        **environ,
    }
    setup_testing_defaults(asked)
    told: list[tuple[int, dict[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        told[:] = [(int(status[:3]), {name.lower(): value for name, value in headers})]
        return bytearray.extend

    content: Any = validator(application)(asked, start_response)
    with closing(content):
        body = b"".join(content)
    return Answer(*told[0], body)


class Clock:
    """Seconds that go on only when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def go_on(self, seconds: float = 0.1) -> None:
        self.seconds += seconds


class Watched:
    """Django's application, with what came through to it: a reply that is kept does not."""

    def __init__(self) -> None:
        self._django = WSGIHandler()
        self.calls: list[str] = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        self.calls.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return self._django(environ, start_response)

    @contextmanager
    def asked(self, times: int) -> Iterator[None]:
        """What happens inside asks Django so often."""
        before = len(self.calls)
        yield
        assert len(self.calls) - before == times, self.calls[before:]


class Served:
    """The server's own composition around a Django that is watched, with a clock that tells when the journal is asked."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.django = Watched()
        self.edge: Edge = compose(self.django, self.clock, fast_path=None)  # so that Django is asked for whatever is not kept

    def ask(self, address: str, method: str = "GET", headers: dict[str, str] | None = None, **environ: str) -> Answer:
        return ask(self.edge, address, method, headers, **environ)
