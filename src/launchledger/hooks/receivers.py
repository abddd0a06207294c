"""The servers that hooks are sent to: which addresses are allowed, and one request to them.

Promises: unless LAUNCHLEDGER_HOOKS_PRIVATE is set, a request goes over TLS to a public address, whatever the host's name leads to
at the moment of connecting. A request ends within BOUNDS.whole seconds, whatever the receiver does, and its status alone decides:
2xx is accepted. Redirects are not followed. No reason shows more of an address than its host.
Refuses: users and passwords in an address.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from launchledger import __version__
from launchledger.web.addresses import check_url
from launchledger.web.client import Bounds, Client, RequestFailed
from launchledger.web.look_up import is_public, look_up
from launchledger.web.network import NOT_PUBLIC

BOUNDS = Bounds(most_bytes=16_384, cut=True, connect=5, read=15, whole=15)
_AGENT = {"Content-Type": "application/json", "User-Agent": f"Launchledger/{__version__} (webhook)"}
_GONE = 410  # the receiver wants no more


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request ended: its status, null where no reply came; the reason, "" where it was accepted; and seconds it took."""

    status: int | None
    reason: str
    seconds: float

    @property
    def accepted(self) -> bool:
        return not self.reason

    @property
    def final(self) -> bool:
        """Whether the receiver said that it wants no more."""
        return self.status == _GONE


def check_receiver(url: str) -> None:
    """Raise ValueError, with the reason, for an address that nothing may be sent to, or that cannot be looked up now."""
    host = _check_form(url)
    parts = urlsplit(url)
    try:
        addresses = look_up(host, parts.port or (443 if parts.scheme == "https" else 80), BOUNDS.connect)
    except OSError as error:
        raise ValueError(f"The host cannot be found: {error.strerror or error}.") from None
    if not settings.HOOKS_PRIVATE and not any(map(is_public, addresses)):
        raise ValueError(f"Cannot be used: {NOT_PUBLIC}. LAUNCHLEDGER_HOOKS_PRIVATE=true allows these.")


def _check_form(url: str) -> str:
    host = check_url(url, with_token=False)
    if not url.startswith("https://") and not settings.HOOKS_PRIVATE:
        raise ValueError("Begins with http://; use https://. LAUNCHLEDGER_HOOKS_PRIVATE=true allows both.")
    return host


class Receivers:
    """Sends one request at a time."""

    def __init__(self) -> None:
        self._client = Client(BOUNDS, public=not settings.HOOKS_PRIVATE)

    def send(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Send a message; nothing is raised."""
        began = time.monotonic()
        try:
            _check_form(url)  # the setting may be another one since the hook was added
            reply = self._client.request("POST", url, {**_AGENT, **headers}, body)
        except (RequestFailed, ValueError) as failure:
            return Outcome(None, str(failure), time.monotonic() - began)
        seconds = time.monotonic() - began
        if 200 <= reply.status < 300:
            return Outcome(reply.status, "", seconds)
        note = " (redirects are not followed)" if 300 <= reply.status < 400 else ""
        return Outcome(reply.status, f"answered {reply.title}{note}", seconds)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
