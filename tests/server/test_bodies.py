"""Requests with a body: read beside the thread that answers, within bounds that stand before anything is read."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from launchledger.server import bodies
from launchledger.server.bodies import LARGEST, MOST, Bodies

ROOTS = ("/desk/",)


class Body:
    """A body that comes when `come` is called."""

    def __init__(self, content: bytes | None = None) -> None:
        self.content = content
        self.is_cancelled = False

    def come(self, content: bytes) -> None:
        self.content = content

    def done(self) -> bool:
        return self.content is not None

    def result(self) -> bytes:
        assert self.content is not None
        return self.content

    def cancel(self) -> None:
        self.is_cancelled = True


class Client:
    """The other side of a request; `replied` is set when it has its reply."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.was_read = False
        self.replied = threading.Event()
        self.status = 0

    def __call__(self) -> Body:
        self.was_read = True
        return self.body

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.replied.set()


def _scope(path: str = "/desk/login/", method: str = "POST", length: str | None = "3") -> Any:
    headers = {} if length is None else {"content-length": length}
    return SimpleNamespace(method=method, path=path, headers=headers)


def _answer(scope: Any, client: Any, body: bytes) -> None:
    client.response_bytes(200 if body == b"a=b" else 500, [], body)


@pytest.fixture(scope="module")
def taken() -> Bodies:
    return Bodies(_answer, ROOTS)


def test_a_request_is_answered_when_its_body_is_there(taken: Bodies) -> None:
    """One that waits for its body keeps no other waiting."""
    slow, fast = Client(Body()), Client(Body(b"a=b"))
    assert taken.take(_scope(), slow)
    assert taken.take(_scope(), fast)
    assert fast.replied.wait(10)
    assert (fast.status, slow.replied.is_set()) == (200, False)
    slow.body.come(b"a=b")
    assert slow.replied.wait(10)
    assert slow.status == 200


@pytest.mark.parametrize(("path", "method"), [("/2.2.0/launch/", "POST"), ("/desk/login/", "GET"), ("/", "POST")])
def test_other_requests_are_left_alone(taken: Bodies, path: str, method: str) -> None:
    """Nothing is read for them."""
    client = Client(Body(b"a=b"))
    assert not taken.take(_scope(path, method), client)
    assert not client.was_read


@pytest.mark.parametrize(
    ("length", "status"), [(None, 411), ("", 411), ("-1", 411), ("٣", 411), (str(LARGEST + 1), 413), ("9" * 400, 413)]
)
def test_a_body_without_a_length_or_with_a_large_one_is_not_read(taken: Bodies, length: str | None, status: int) -> None:
    """It is refused at once."""
    client = Client(Body(b"a=b"))
    assert taken.take(_scope(length=length), client)
    assert (client.status, client.was_read) == (status, False)


def test_no_more_than_so_many_wait() -> None:
    """The next is refused at once, and its body is not read."""
    taken = Bodies(_answer, ROOTS)
    waiting = [Client(Body()) for _ in range(MOST)]
    assert all(taken.take(_scope(), client) for client in waiting)
    refused = Client(Body())
    assert taken.take(_scope(), refused)
    assert (refused.status, refused.was_read) == (503, False)
    for client in waiting:
        client.body.come(b"a=b")
        assert client.replied.wait(10)


def test_a_body_that_does_not_come_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is answered with 408, and no more of it is read."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.01)
    client = Client(Body())
    Bodies(_answer, ROOTS).take(_scope(), client)
    assert client.replied.wait(10)
    assert (client.status, client.body.is_cancelled) == (408, True)
