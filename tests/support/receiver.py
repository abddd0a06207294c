"""A server that receives webhooks, as a user would write one: it verifies each signature, and keeps what it accepted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from launchledger.journal.models import Entry
from launchledger.journal.writing import write, writing

Status = Callable[[int], int]  # of the answer, by the number of the request, from 0


class Receiver:
    """What it got: the ids of all messages in their order, and the bodies of those that it accepted."""

    def __init__(self, url: str, status: Status) -> None:
        self.url = url
        self.status = status
        self.secret: str | None = None  # without one nothing is verified
        self.ids: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.accepted: list[dict[str, Any]] = []
        self.got = threading.Condition()

    @property
    def serials(self) -> list[int]:
        """The serials of all entries that it accepted, in the order in which they came."""
        return [entry["serial"] for body in self.accepted for entry in body["data"].get("entries", [])]

    def wait_for(self, done: Callable[[], bool], seconds: float = 60) -> bool:
        """Wait until what it got is enough; false if that takes longer."""
        with self.got:
            return self.got.wait_for(done, seconds)

    def answer(self, headers: dict[str, str], body: bytes) -> int:
        """Take in a message; returns the status of the answer."""
        with self.got:
            status = self.status(len(self.ids))
            self.ids.append(headers["webhook-id"])
            self.headers.append(headers)
            try:
                message = Webhook(self.secret or "whsec_AA==").verify(body, headers)
            except WebhookVerificationError:
                if self.secret is not None:
                    status = 400
                message = None
            if message is not None and 200 <= status < 300:
                self.accepted.append(message)
            self.got.notify_all()
            return status


@contextmanager
def receiving(status: Status = lambda number: 204) -> Iterator[Receiver]:
    """A receiver on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}/launches?token=quiet", status)
        server.receiver = receiver  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        self.send_response(self.server.receiver.answer(headers, body))  # type: ignore[attr-defined]
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *words: Any) -> None:
        """Nothing is printed."""


def write_entries(*transactions: Sequence[dict[str, Any]]) -> list[int]:
    """Write entries to the journal, each list in one transaction; returns their serials."""
    from launchledger import clock

    serials = []
    for transaction in transactions:
        made = [Entry(**_ENTRY | {"at": clock.now()} | each) for each in transaction]
        with writing():
            write(made)
        serials += [entry.serial for entry in made]
    return serials


_ENTRY: dict[str, Any] = {"source": "test", "kind": "Pad", "key": "1", "action": "changed", "changes": {"name": ["a", "b"]}}
