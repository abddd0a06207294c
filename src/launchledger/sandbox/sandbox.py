"""The sandbox: the application over a throw-away catalogue, with its clock, its script, its faults and its record of requests.

Promises: one thread asks the application and writes to the catalogue, so a change, a step of the clock and a reset are
whole before the next reply. What depends on the clock (scripted changes, derived numbers) is done before the next reply, too.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from launchledger import clock
from launchledger.catalogue.actions import refresh
from launchledger.clock import VirtualClock
from launchledger.conf.rates import Rate
from launchledger.formats.times import format_date_time
from launchledger.sandbox.catalogue import Catalogue
from launchledger.sandbox.changes import Change, Changer, Wrong
from launchledger.sandbox.faults import Fault, apply, find
from launchledger.sandbox.replies import Reply, Request
from launchledger.sandbox.scripts import Scripted
from launchledger.server.requests import Application, Header, request_handler

MOST_REQUESTS = 100_000  # that are recorded; older ones are forgotten
_REFRESH_EVERY = 15.0  # seconds of the sandbox's clock, as a server does
_ANY_RATE = Rate(1, 1)

Result = TypeVar("Result")
_logger = logging.getLogger("launchledger.sandbox")


class _Response:
    """Collects what the application sends."""

    def __init__(self) -> None:
        self.reply = Reply(500, [], b"")

    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None:
        self.reply = Reply(status, headers, body)


class Sandbox:
    """Call `start` once; then `answer` and all others from any thread."""

    def __init__(
        self, catalogue: Catalogue, virtual: VirtualClock, script: Sequence[Scripted] = (), rate: Rate | None = None
    ) -> None:
        """`rate` is the limit of calls of each address, None for no limit."""
        self.clock = virtual
        self.faults: list[Fault] = []
        self.requests: deque[dict[str, Any]] = deque(maxlen=MOST_REQUESTS)
        self.count = 0  # of requests
        self._catalogue = catalogue
        self._start = (virtual.timestamp(), virtual.speed)
        self._rate = rate
        self._script = script
        self._next = 0  # the first change of the script that is not made yet
        self._changer = Changer()
        self._refreshed = 0.0
        self._numbers = 0  # of faults
        self._thread = ThreadPoolExecutor(1, "application")
        self._handle: Callable[[Any, Any], None] = lambda _scope, _responder: None

    def start(self, application: Callable[[], Application], prepare: Callable[[], None]) -> None:
        """Load the application, and run `prepare`, on the thread that will use both."""

        def begin() -> None:
            prepare()
            settings.THROTTLE_ANONYMOUS = _ANY_RATE  # an application that starts without a limit never counts
            self._handle = request_handler(application())
            settings.THROTTLE_ANONYMOUS = self._rate
            self._refresh()
            self._catalogue.save_first_state()

        self._thread.submit(begin).result()

    def answer(self, request: Request) -> Reply:
        """Answer a request to the API or a page, with a fault if one hits it, and record it."""
        reply = self._run(lambda: self._answer(request))
        self.count += 1
        self.requests.append(
            {
                "at": format_date_time(clock.now()),
                "method": request.method,
                "path": request.path,
                "query": request.query_string,
                "status": reply.status or None,
            }
        )
        return reply

    def change(self, change: Change) -> int | str:
        """Make a change now; returns the id of its object. Raises Wrong."""

        def make() -> int | str:
            self._catch_up()
            return self._changer.make(change, clock.now())

        return self._run(make)

    def set_clock(self, at: datetime | None, speed: float | None) -> None:
        """Set the clock to a time, its speed, or both. A clock that is set back makes the counters of calls begin anew."""

        def set_it() -> None:
            before = clock.timestamp()
            self.clock.set(before if at is None else at.timestamp(), self.clock.speed if speed is None else speed)
            if clock.timestamp() < before:
                self._catalogue.forget_calls()
            self._catch_up()

        self._run(set_it)

    def set_rate(self, rate: Rate | None) -> None:
        """Set the limit of calls of each address; those of the past do not count."""

        def set_it() -> None:
            settings.THROTTLE_ANONYMOUS = rate
            self._catalogue.forget_calls()

        self._run(set_it)

    def reset(self) -> None:
        """Return to the first state: catalogue, clock, script, rate; no faults, no recorded requests, no counted calls."""

        def begin_again() -> None:
            self._catalogue.reset()
            self._catalogue.forget_calls()
            settings.THROTTLE_ANONYMOUS = self._rate
            self.clock.set(*self._start)
            self.faults.clear()
            self.requests.clear()
            self.count = self._next = 0
            self._changer = Changer()
            self._refreshed = self._start[0]

        self._run(begin_again)

    def add_fault(self, **fault: Any) -> Fault:
        self._numbers += 1
        added = Fault(self._numbers, **fault)
        self.faults.append(added)
        return added

    def stop(self) -> None:
        self._thread.shutdown()

    def _run(self, work: Callable[[], Result]) -> Result:
        return self._thread.submit(work).result()

    def _answer(self, request: Request) -> Reply:
        self._catch_up()
        fault = find(self.faults, request)
        return self._ask(request) if fault is None else apply(fault, request, self._ask)

    def _ask(self, request: Request) -> Reply:
        response = _Response()
        self._handle(request, response)
        return response.reply

    def _catch_up(self) -> None:
        """Make the scripted changes whose time has come, and refresh what depends on the time."""
        now = clock.now()
        while self._next < len(self._script) and self._script[self._next].at <= now:
            scripted = self._script[self._next]
            self._next += 1
            try:
                self._changer.make(scripted.change, scripted.at)
            except Wrong as wrong:
                _logger.error("The scripted change at %s was not made: %s", format_date_time(scripted.at), wrong)
        if abs(clock.timestamp() - self._refreshed) >= _REFRESH_EVERY:
            self._refresh()

    def _refresh(self) -> None:
        refresh()
        self._refreshed = clock.timestamp()
