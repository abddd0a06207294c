"""Requests whose reply is held until the journal has a new entry, without a thread for each.

Promises: a held request blocks nothing: one thread of the worker reads the newest serial every EVERY seconds for all of them, and
only while there are any. A worker holds at most MOST, or half its connections, and at most MOST_OF_ONE for one address; a request
for which there is no room, and every held one when the worker ends, is answered with the reply that it had before it waited. So
is one whose time is up, and one for which the journal cannot be read then. No exception leaves the thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from django.db import Error, connection

from launchledger.database.following import follow
from launchledger.journal.reading import latest_serial

HOLD = "launchledger.hold"  # the key of `Ticket.hold` in the environment of a request that the server can hold
EVERY = 0.2  # seconds
MOST = 200
MOST_OF_ONE = 20

Header = tuple[str, str]
Again = Callable[[int, bool], tuple[bytes | None, int]]
"""Read once more, after a serial; the flag says that it is the last time. Returns the body, if any, and the serial reached."""

_logger = logging.getLogger("launchledger.server")


class Responder(Protocol):
    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None: ...


@dataclass(slots=True)
class Ticket:
    """With which one request can ask to be held; `until` is a time of `time.monotonic`."""

    again: Again | None = None
    after: int = 0
    until: float = 0.0

    def hold(self, again: Again, after: int, until: float) -> None:
        """Hold the reply to this request until the journal has an entry after this serial, and `again` gives a body."""
        self.again, self.after, self.until = again, after, until


@dataclass(slots=True, eq=False)
class _Held:
    ticket: Ticket
    address: str
    responder: Responder
    headers: list[Header]
    body: bytes

    def answer(self, body: bytes | None = None) -> None:
        """Send a body, that of before where there is no other."""
        if body is not None:
            self.body = body
            self.headers = [(name, str(len(body)) if name.lower() == "content-length" else value) for name, value in self.headers]
        self.responder.response_bytes(200, self.headers, self.body)


class Holding:
    """The held requests of one worker."""

    def __init__(
        self, newest: Callable[[], int] | None = None, every: float = EVERY, most: int = MOST, most_of_one: int = MOST_OF_ONE
    ) -> None:
        """`newest` reads the newest serial."""
        self._newest = newest or _newest
        self._every = every
        self._most = most
        self._most_of_one = most_of_one
        self._held: list[_Held] = []
        self._addresses: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_ending = False

    def take(self, ticket: Ticket, address: str, responder: Responder, headers: list[Header], body: bytes) -> bool:
        """Hold a request, if there is room; from then on this object answers it."""
        with self._changed:
            if self._is_ending or len(self._held) >= self._most or self._addresses[address] >= self._most_of_one:
                return False
            self._held.append(_Held(ticket, address, responder, headers, body))
            self._addresses[address] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="holding", daemon=True)
                self._thread.start()
            self._changed.notify()
        return True

    def end(self) -> None:
        """Answer all held requests at once, and hold no more."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._is_ending)
                self._changed.wait_for(lambda: self._is_ending, timeout=self._every)
                held, is_ending = list(self._held), self._is_ending
            newest = self._read_newest()
            for each in held:
                self._look_at(each, newest, is_ending)
            if is_ending:
                return

    def _read_newest(self) -> int | None:
        try:
            return self._newest()
        except Error:
            _reconnect()
            return None
        except Exception:
            _logger.exception("The journal's newest serial could not be read.")
            return None

    def _look_at(self, held: _Held, newest: int | None, is_ending: bool) -> None:
        """Answer a request, if there is something for it or its time is up."""
        is_last = is_ending or time.monotonic() >= held.ticket.until
        has_news = newest is not None and newest != held.ticket.after
        body = None
        try:
            if has_news and held.ticket.again is not None:
                body, held.ticket.after = held.ticket.again(held.ticket.after, is_last)
        except Error:
            _reconnect()
        except Exception:
            is_last = True
            _logger.exception("A held request failed.")
        if body is None and not is_last:
            return
        with self._changed:
            self._held.remove(held)
            self._addresses[held.address] -= 1
            if not self._addresses[held.address]:
                del self._addresses[held.address]
        try:
            held.answer(body)
        except Exception:
            _logger.exception("A held request could not be answered.")


def _reconnect() -> None:
    """Let the next query of this thread open another connection."""
    with suppress(Error):
        connection.close()


def _newest() -> int:
    follow()
    return latest_serial()
