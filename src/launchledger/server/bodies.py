"""Requests with a body: those that the desk's forms send. No other request has one that is read.

Promises: a body that comes slowly blocks nothing but itself. It is read while the thread that answers the API goes on, and the
request is answered on a thread of its own, one after another. Bounds, before anything is read: LARGEST bytes (413), a length that
is said beforehand (411), PATIENCE seconds (408), MOST requests that wait (503).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from launchledger.server.requests import Scope

LARGEST = 2 * 1024 * 1024  # bytes
PATIENCE = 10.0  # seconds for a whole body
MOST = 32  # requests whose body is awaited
_EVERY = 0.005  # seconds between two looks at the bodies that are awaited

Header = tuple[str, str]


class Awaited(Protocol):
    """A body that granian reads."""

    def done(self) -> bool: ...

    def result(self) -> bytes: ...

    def cancel(self) -> object: ...


class Client(Protocol):
    """The other side of a request: calling it begins to read the body."""

    def __call__(self) -> Awaited: ...

    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None: ...


@dataclass(slots=True)
class _Waiting:
    scope: Scope
    client: Client
    body: Awaited
    until: float


class Bodies:
    """The requests that wait for their body, and the thread that answers them."""

    def __init__(self, answer: Callable[[Scope, Any, bytes], None], roots: tuple[str, ...]) -> None:
        """`answer` answers a request; `roots` are the beginnings of the paths that take a body."""
        self._answer = answer
        self._roots = roots
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()
        self._more = threading.Event()
        threading.Thread(target=self._run, name="bodies", daemon=True).start()

    def take(self, scope: Scope, client: Client) -> bool:
        """Take over a request that has a body to read; returns whether it did."""
        if scope.method != "POST" or not scope.path.startswith(self._roots):
            return False
        length = dict(scope.headers.items()).get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            _refuse(client, 411, "The length of the body is not said.")
        elif int(length[:12]) > LARGEST:
            _refuse(client, 413, f"The body is larger than {LARGEST} bytes.")
        else:
            with self._lock:
                is_room = len(self._waiting) < MOST
                if is_room:
                    self._waiting.append(_Waiting(scope, client, client(), time.monotonic() + PATIENCE))
            if not is_room:
                _refuse(client, 503, "Too many requests wait for their bodies.")
            self._more.set()
        return True

    def _run(self) -> None:
        while True:
            self._more.wait()
            with self._lock:
                waiting = list(self._waiting)
                if not waiting:
                    self._more.clear()
            for each in waiting:
                self._look_at(each)
            time.sleep(_EVERY)

    def _look_at(self, each: _Waiting) -> None:
        """Answer a request whose body is there, or whose time is up."""
        is_done = each.body.done()
        if not is_done and time.monotonic() < each.until:
            return
        with self._lock:
            self._waiting.remove(each)
        if not is_done:
            each.body.cancel()
            _refuse(each.client, 408, "The body did not come in time.")
            return
        try:
            body = each.body.result()
        except Exception:  # the client closed the connection
            return
        self._answer(each.scope, each.client, body)


def _refuse(client: Client, status: int, reason: str) -> None:
    body = reason.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), ("Connection", "close")]
    client.response_bytes(status, headers, body)
