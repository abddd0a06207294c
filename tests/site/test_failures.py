"""A failure in any layer: an answer for the client, a line in the log, nothing for the HTTP server."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler

from launchledger.site import edge as composing
from launchledger.site.edge import compose
from launchledger.site.failures import Guarded
from tests.support.calls import within_the_test
from tests.support.wsgi import Answer, ask

pytestmark = pytest.mark.django_db

PAD = "/2.2.0/pad/"


class Injected(Exception):
    """The exception that tests raise."""


@pytest.fixture(autouse=True)
def _on_the_tests_database() -> Iterator[None]:
    with within_the_test():
        yield


def _fail(*_: Any, **__: Any) -> Any:
    raise Injected


def _whole_server() -> Guarded:
    return Guarded(compose(WSGIHandler()))


def _assert_answered(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    """The documented reply, and one line with the traceback."""
    assert (answer.status, answer.body) == (500, b'{"detail":"A server error occurred."}')
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert errors[0].exc_info is not None


@pytest.mark.parametrize(
    "where",
    [
        "launchledger.http_cache.revision.Revision.now",
        "launchledger.http_cache.responses.Responses.get",
        "launchledger.http_cache.responses.Responses.put",
        "launchledger.http_cache.edge.lifetime",
        "launchledger.http_cache.edge.choose",
        "launchledger.http_cache.reply.compressed",
        "launchledger.http_cache.edge.recording",
        "launchledger.site.hosts.HostMiddleware.__init__",
        "launchledger.api.cors.OpenCorsMiddleware.__call__",
        "launchledger.site.middleware.SafetyMiddleware.__call__",
        "django.middleware.common.CommonMiddleware.process_request",
        "django.core.handlers.wsgi.WSGIRequest.__init__",
        "launchledger.api.views.ListView.get",
        "launchledger.api.renderers.WireRenderer.render",
        "launchledger.api.throttling.Throttle.allow_request",
    ],
)
def test_a_failure_of_any_layer_is_answered(
    where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """From the cache to the last middleware, each with an exception of its own."""
    monkeypatch.setattr(composing, "answer", None)
    monkeypatch.setattr(where, _fail)
    served = Guarded(compose(WSGIHandler(), fast_path=None)) if "Middleware.__init__" not in where else Guarded(_fail)
    _assert_answered(ask(served, PAD, headers={"accept-encoding": "gzip;q=1, identity;q=0"}), caplog)


@pytest.mark.parametrize("error", [MemoryError, RecursionError, UnicodeError, OSError])
def test_exhausted_resources_are_answered(error: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    """Memory and the stack run out as exceptions too."""

    def exhausted(*_: Any) -> Any:
        raise error

    _assert_answered(ask(Guarded(exhausted), PAD), caplog)


def test_a_failure_while_a_failure_is_answered(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Where Django's own handler fails, the outermost layer answers."""
    monkeypatch.setattr("launchledger.api.views.ListView.get", _fail)
    monkeypatch.setattr("launchledger.api.errors.response_to", _fail)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)  # it has a line for each layer of Django
    _assert_answered(ask(Guarded(compose(WSGIHandler(), fast_path=None)), PAD), caplog)


def test_the_fast_path_leaves_every_failure_to_django(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it raises, Django answers; that the fast path failed is logged once, with its traceback."""
    answer = ask(Guarded(compose(WSGIHandler(), fast_path=_fail)), PAD)
    assert (answer.status, answer.body[:10]) == (200, b'{"count":0')
    assert [record.exc_info is not None for record in caplog.records if record.levelno >= logging.ERROR] == [True]


@pytest.mark.parametrize("parts", [[], [b""], [b"begun"]])
def test_a_failure_in_a_body(parts: list[bytes], caplog: pytest.LogCaptureFixture) -> None:
    """Before the first byte it is answered, although a 200 was announced; later the body ends there, short of its length."""
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield from parts
            raise Injected

        def close(self) -> None:
            closed.append(True)

    def begins(_: Any, start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "1000")])
        return Body()

    answer = ask(Guarded(begins), PAD)
    assert closed == [True]
    if any(parts):
        assert (answer.status, answer.body) == (200, b"begun")
        assert [record.exc_info is not None for record in caplog.records] == [True]
    else:
        _assert_answered(answer, caplog)


def test_a_failure_while_a_body_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    """The reply was sent; the failure to close it is logged."""

    class Body(io.BytesIO):
        def close(self) -> None:
            raise Injected

    def begins(_: Any, start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return Body(b"body")

    assert ask(Guarded(begins), PAD)[::2] == (200, b"body")
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_headers_that_the_server_refuses(caplog: pytest.LogCaptureFixture) -> None:
    """A server may refuse headers; then it gets some that it cannot refuse."""
    told = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        if not exc_info:
            raise Injected
        told.append((status, dict(headers)["Access-Control-Allow-Origin"]))

    content = _whole_server()({"REQUEST_METHOD": "GET", "PATH_INFO": PAD, "wsgi.url_scheme": "http", **_SENT}, start_response)
    assert (told, list(content)) == ([("500 Internal Server Error", "*")], [b'{"detail":"A server error occurred."}'])
    assert [record.exc_info is not None for record in caplog.records if record.levelno >= logging.ERROR] == [True]


_SENT = {"HTTP_HOST": "ledger.example", "QUERY_STRING": "", "SCRIPT_NAME": "", "wsgi.input": io.BytesIO()}


def test_an_empty_environment_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    """Not even a method and a path are needed for an answer."""
    told: list[str] = []
    content = _whole_server()({}, lambda status, *_: told.append(status))
    assert (told, list(content)) == (["500 Internal Server Error"], [b'{"detail":"A server error occurred."}'])


def test_an_interrupt_is_not_caught() -> None:
    """It ends the process."""

    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(Guarded(interrupted), PAD)


def test_a_path_is_logged_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """Control characters in a request do not reach a terminal, nor do they begin a line of the log."""
    ask(Guarded(_fail), "/2.2.0/%0A%1b[31m/")
    assert "\n" not in caplog.records[0].getMessage()
    assert "\x1b" not in caplog.records[0].getMessage()
