"""The paths under /sandbox/, by which a test controls the sandbox. JSON in and out (docs/sandbox.md).

Promises: only this machine is answered, unless the sandbox was told otherwise; a browser cannot be made to send a change, because
bodies must be `application/json`, and no other origin is allowed. Wrong input changes nothing, and the reply says what is wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from launchledger import clock
from launchledger.conf.rates import Rate, parse_rate
from launchledger.formats.encoding import encode
from launchledger.formats.texts import shorten
from launchledger.formats.times import format_date_time, parse_date_time, parse_duration
from launchledger.sandbox.changes import Wrong, parse_change
from launchledger.sandbox.faults import KINDS, LONGEST_WAIT
from launchledger.sandbox.replies import Reply, Request
from launchledger.sandbox.sandbox import Sandbox

ROOT = "/sandbox/"
EARLIEST, LATEST = parse_date_time("1900-01-01T00:00:00Z"), parse_date_time("2200-01-01T00:00:00Z")
FASTEST = 1_000_000.0  # times as fast as real time
MOST_FAULTS = 1_000  # at once
_LONGEST_PATH = 200  # characters

Method = Callable[[Any], Any]


class Control:
    def __init__(self, sandbox: Sandbox, *, anywhere: bool = False) -> None:
        """`anywhere`: whether other machines may control the sandbox."""
        self._sandbox = sandbox
        self._anywhere = anywhere
        self._paths: dict[str, dict[str, Method]] = {
            "": {"GET": self._index},
            "clock": {"GET": self._clock, "POST": self._set_clock},
            "rate": {"GET": self._show_rate, "POST": self._set_rate},
            "reset": {"POST": self._reset},
            "faults": {"GET": self._faults, "POST": self._add_fault, "DELETE": self._clear_faults},
            "change": {"POST": self._change},
            "requests": {"GET": self._requests},
        }

    def answer(self, request: Request) -> Reply:
        """The sandbox's reply to any request: here below /sandbox/, else the application's."""
        if not request.path.startswith(ROOT) and request.path != ROOT[:-1]:
            return self._sandbox.answer(request)
        status, body = self._respond(request)
        return Reply(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")], encode(body))

    def _respond(self, request: Request) -> tuple[int, Any]:
        if not self._anywhere and not _is_loopback(request.client):
            return HTTPStatus.FORBIDDEN, _detail("Only this machine controls the sandbox; start it with --control-from-anywhere.")
        methods = self._paths.get(request.path.removeprefix(ROOT[:-1]).strip("/"))
        if methods is None:
            return HTTPStatus.NOT_FOUND, _detail(f"There is {', '.join(self._addresses())}.")
        method = methods.get("GET" if request.method == "HEAD" else request.method)
        if method is None:
            return HTTPStatus.METHOD_NOT_ALLOWED, _detail(f"Allowed here: {', '.join(methods)}.")
        if request.method != "GET" and request.headers.get("content-type").partition(";")[0].strip() != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _detail("Send Content-Type: application/json.")
        try:
            return HTTPStatus.OK, method(_parse(request.body))
        except Wrong as wrong:
            return HTTPStatus.BAD_REQUEST, _detail(str(wrong))

    def _addresses(self) -> list[str]:
        return [f"{ROOT}{name}/" for name in self._paths if name]

    def _index(self, _body: Any) -> Any:
        return {address: sorted(self._paths[address[len(ROOT) : -1]]) for address in self._addresses()}

    def _clock(self, _body: Any) -> Any:
        return {"now": format_date_time(clock.now()), "speed": self._sandbox.clock.speed}

    def _set_clock(self, body: Any) -> Any:
        given = _keys(body, "now", "move", "speed")
        if not given or {"now", "move"} <= given.keys():
            raise Wrong('Give "now" (a time) or "move" (a duration such as PT1H), and "speed" if it changes; 0 stops the clock.')
        try:
            at = parse_date_time(_text(given, "now")) if "now" in given else None
            if "move" in given:
                at = clock.now() + parse_duration(_text(given, "move"))
        except OverflowError:
            raise Wrong("move leads too far.") from None
        except ValueError as error:
            raise Wrong(f"{'now' if 'now' in given else 'move'}: {error}.") from None
        if at is not None and not EARLIEST <= at <= LATEST:
            raise Wrong(f"The clock goes from {EARLIEST.year} to {LATEST.year}.")
        self._sandbox.set_clock(at, _number(given, "speed", 0.0, FASTEST, None))
        return self._clock(None)

    def _show_rate(self, _body: Any) -> Any:
        rate: Rate | None = settings.THROTTLE_ANONYMOUS
        return {"calls": rate.calls, "seconds": rate.seconds} if rate else {"calls": None, "seconds": None}

    def _set_rate(self, body: Any) -> Any:
        given = _keys(body, "rate")
        if "rate" not in given:
            raise Wrong('Give "rate": a text such as 15/hour, or null for no limit.')
        try:
            self._sandbox.set_rate(None if given["rate"] is None else parse_rate(_text(given, "rate")))
        except ValueError as error:
            raise Wrong(f"rate: {error}") from None
        return self._show_rate(None)

    def _reset(self, _body: Any) -> Any:
        self._sandbox.reset()
        return self._clock(None)

    def _faults(self, _body: Any) -> Any:
        return {
            "results": [fault.as_json() for fault in list(self._sandbox.faults)],
            "kinds": {name: kind.summary for name, kind in KINDS.items()},
        }

    def _add_fault(self, body: Any) -> Any:
        given = _keys(body, "fault", "path", "times", "share", "seconds", "seed")
        kind = str(given.get("fault", ""))
        if kind not in KINDS:
            raise Wrong(f"fault is {shorten(kind)}, expected one of {', '.join(KINDS)}.")
        if len(self._sandbox.faults) >= MOST_FAULTS:
            raise Wrong(f"There are {MOST_FAULTS:,} faults already; DELETE removes them.")
        path = _text(given, "path", "").strip("/")[:_LONGEST_PATH]
        times = _number(given, "times", 1, 10**9, None)
        share = _number(given, "share", 0.0, 1.0, None)
        if times is None and share is None:
            times = 1
        fault = self._sandbox.add_fault(
            kind=kind,
            path=path,
            times=None if times is None else int(times),
            share=1.0 if share is None else share,
            seconds=_number(given, "seconds", 0.0, LONGEST_WAIT, None),
            seed=int(_number(given, "seed", 0, 2**53, 0) or 0),
        )
        return fault.as_json()

    def _clear_faults(self, _body: Any) -> Any:
        self._sandbox.faults.clear()
        return self._faults(None)

    def _change(self, body: Any) -> Any:
        change = parse_change(body)
        key = self._sandbox.change(change)
        return {"resource": change.resource.path, "id": key}

    def _requests(self, _body: Any) -> Any:
        return {"count": self._sandbox.count, "results": list(self._sandbox.requests)}


def _detail(text: str) -> dict[str, str]:
    return {"detail": text}


def _is_loopback(client: str) -> bool:
    try:
        address = ip_address(client.rpartition(":")[0].strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _parse(body: bytes) -> Any:
    """A body, which may be empty."""
    try:
        return json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raise Wrong("The body is not JSON.") from None


def _keys(body: Any, *known: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Wrong("The body is a JSON object.")
    if unknown := body.keys() - set(known):
        raise Wrong(f"There is no key {shorten(min(unknown))}; there is {', '.join(known)}.")
    return body


def _text(given: dict[str, Any], key: str, default: str | None = None) -> str:
    value = given.get(key, default)
    if not isinstance(value, str):
        raise Wrong(f"{key} is a text.")
    return value


def _number(given: dict[str, Any], key: str, least: float, most: float, default: float | None) -> float | None:
    value = given.get(key, default)
    if value is default:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        raise Wrong(f"{key} is a number from {least:,.15g} to {most:,.15g}.")
    return value
