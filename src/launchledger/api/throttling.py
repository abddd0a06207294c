"""Throttling, as upstream has it: 429 with the seconds to wait, in the body and in `Retry-After`.

Without a rate it is off and costs nothing. Every call below a version of the wire, or below `/ledger/`, counts, whatever its
method and status, except for `api-throttle/`, our picture and the status of the mirror. Redirects to the address with its last
slash, preflights and refused keys do not count.

A call without a key is counted by the outermost layer, before any work is done for it; a call with a key by its view, once the
key is known.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from launchledger import clock
from launchledger.access.counting import take
from launchledger.access.idents import ident_of_address, ident_of_key
from launchledger.access.keys import rate_of
from launchledger.access.models import Key
from launchledger.catalogue.pictures import PICTURE
from launchledger.conf.prefixes import LEDGER
from launchledger.conf.rates import Rate
from launchledger.wire.served import wire_of

PATH = "api-throttle"
_NOT_COUNTED = (PATH, PICTURE)
_STATUS = f"{LEDGER}status/"  # of the mirror; a monitor may ask for it often
COUNTED = "launchledger.wait"  # in the environment of a call that was counted: for how many seconds it must wait


class Allowance(NamedTuple):
    """The identity that a call counts for, the name to show for it, and its rate; None for no limit."""

    ident: str
    name: str
    rate: Rate | None


def allowance_of(key: Key | None, address: str) -> Allowance:
    """The allowance of a key, or of this address without one."""
    if key is not None:
        return Allowance(ident_of_key(key.pk), key.name, rate_of(key, settings.THROTTLE_KEYS))
    ident = ident_of_address(address)
    return Allowance(ident, ident, settings.THROTTLE_ANONYMOUS)


def allowance(request: Request) -> Allowance:
    """The allowance of the sender of this request."""
    return allowance_of(cast("Key | None", request.auth), request.META.get("REMOTE_ADDR", ""))


def is_counted(path: str) -> bool:
    """Whether calls of this path count. A path without its last slash, and without a format behind a dot, is redirected."""
    if path.startswith(LEDGER):
        return path.endswith("/") and path != _STATUS
    wire = wire_of(path)
    if wire is None:
        return False
    below = path[len(wire.root) :]
    return (path.endswith("/") or "." in below) and not below.startswith(_NOT_COUNTED)


class Throttle(BaseThrottle):
    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth is None and settings.THROTTLE_ANONYMOUS is None:
            return True
        if COUNTED in request.META:
            self._wait = request.META[COUNTED]
            return self._wait <= 0
        if not is_counted(request.path_info):
            return True
        ident, _, rate = allowance(request)
        if rate is not None:
            self._wait = take(ident, rate, clock.timestamp())
        return self._wait <= 0

    def wait(self) -> float:
        """Seconds until the next call may go through; the framework rounds them up."""
        return self._wait
