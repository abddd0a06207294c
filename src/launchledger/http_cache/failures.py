"""The replies to requests that fail here, the same whichever layer fails.

Promises: such a reply is JSON with a `detail`, and has the headers that every reply has, so that a script of another site can
read it. The text does not show how the server failed.
"""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse

from launchledger.catalogue.queries.limits import was_stopped
from launchledger.conf.cors import EXPOSED
from launchledger.database.unavailable import why_unavailable
from launchledger.formats.encoding import encode
from launchledger.http_cache.reply import Header

# On every reply, API or page, success or failure.
ALWAYS: tuple[Header, ...] = (("Access-Control-Allow-Origin", "*"), EXPOSED, ("X-Content-Type-Options", "nosniff"))


class Failure(NamedTuple):
    """A reply to a request that failed. `status` has its reason, as WSGI writes it; `headers` include those of ALWAYS.

    `is_logged` is true where the failure is in the log already, once for all requests that fail for the same reason.
    """

    status: str
    headers: tuple[Header, ...]
    body: bytes
    is_logged: bool = False


def as_json(status: str, detail: str, *headers: Header) -> Failure:
    """A failure with this text, and with these headers in addition to those that every failure has."""
    body = encode({"detail": detail})
    length = ("Content-Length", str(len(body)))
    return Failure(status, (("Content-Type", "application/json"), length, *ALWAYS, *headers), body)


RETRY_AFTER = "5"  # seconds after which a database that was restarted usually answers

UNEXPECTED = as_json("500 Internal Server Error", "A server error occurred.")
# A repeated request costs as much again, so automatic retries are put off.
STOPPED = as_json(
    "503 Service Unavailable",
    "This request takes too long and was stopped. Ask for less: fewer or longer words in `search`, fewer filters, a smaller "
    "`limit` or `offset`.",
    ("Retry-After", "60"),
)


def failure_of(error: BaseException) -> Failure:
    """The reply to a request that ended in this exception: UNEXPECTED for a bug, which needs its traceback in the log."""
    if was_stopped(error):
        return STOPPED
    reason = why_unavailable(error)
    return unavailable(reason) if reason else UNEXPECTED


def unavailable(reason: str) -> Failure:
    """The reply to every request that needs the database, while it cannot be used."""
    detail = f"The catalogue is not available: {reason}. Try again in a moment."
    headers = (("Retry-After", RETRY_AFTER), ("Cache-Control", "no-store"))
    return as_json("503 Service Unavailable", detail, *headers)._replace(is_logged=True)


def mark_as_logged(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging this reply, as it does for each status from 400 on."""
    setattr(response, "_has_been_logged", True)  # noqa: B010 - Django's own mark, which its types leave out
    return response
