"""Faults that a test orders: replies that upstream, the network, or a page that changes while it is read would give.

Promises: a fault hits the calls of its path, as often as it says and no more; of several the one that was ordered first. A share
is drawn from a seed, so the same calls in the same order get the same faults. The catalogue is never changed by a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field, replace
from math import ceil
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

from launchledger.formats.encoding import decode, encode
from launchledger.sandbox.replies import Answer, Delivery, Reply, Request
from launchledger.server.requests import Header
from launchledger.wire.resources import DEFAULT_LIMIT
from launchledger.wire.served import wire_of

LONGEST_WAIT = 3600.0  # seconds

_LEDGER = "/ledger/"  # its paths are named with it, such as ledger/changes

_JSON: Header = ("Content-Type", "application/json")
_HTML: Header = ("Content-Type", "text/html; charset=UTF-8")


@dataclass(slots=True)
class Fault:
    """What goes wrong for which calls.

    `kind` is a name in KINDS. `path` is a resource such as `launch/upcoming`, or the beginning of its path; "" for every call.
    `times` is how many calls it still hits, None for all. `share` is the probability that it hits a call. `seconds` is its
    waiting time: `Retry-After` for 429, the silence of a time-out, the pause between two pieces of a slow reply.
    """

    number: int
    kind: str
    path: str = ""
    times: int | None = 1
    share: float = 1.0
    seconds: float | None = None
    seed: int = 0
    random: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - the same calls must get the same faults

    def hits(self, path: str) -> bool:
        """Whether it hits this call; counts the call if it does."""
        if self.times == 0 or not (path + "/").startswith(f"{self.path}/" if self.path else ""):
            return False
        if self.share < 1 and self.random.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "fault": self.kind,
            "path": self.path,
            "times": self.times,
            "share": self.share,
            "seconds": self.seconds if self.seconds is not None else KINDS[self.kind].seconds,
        }


def find(faults: Iterable[Fault], request: Request) -> Fault | None:
    """The first fault that hits this request, of those that are about replies at all."""
    wire = wire_of(request.path)
    if wire is None and not request.path.startswith(_LEDGER):
        return None
    path = (request.path[len(wire.root) :] if wire else request.path).strip("/")
    return next((fault for fault in faults if fault.hits(path)), None)


def apply(fault: Fault, request: Request, answer: Answer) -> Reply:
    """The reply to a request that a fault hits; `answer` gives the right one."""
    kind = KINDS[fault.kind]
    return kind.reply(request, answer, kind.seconds if fault.seconds is None else fault.seconds)


def _throttled(_request: Request, _answer: Answer, seconds: float) -> Reply:
    wait = ceil(seconds)
    text = f"Request was throttled. Expected available in {wait} second{'' if wait == 1 else 's'}."  # upstream's own words
    return Reply(429, [_JSON, ("Retry-After", str(wait)), ("Vary", "Accept"), ("Allow", "GET")], encode({"detail": text}))


def _page(status: int, title: str) -> Callable[[Request, Answer, float], Reply]:
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n".encode()

    def reply(_request: Request, _answer: Answer, _seconds: float) -> Reply:
        return Reply(status, [_HTML], body)

    return reply


def _challenge(_request: Request, _answer: Answer, _seconds: float) -> Reply:
    """What a protection against robots in front of upstream sends instead of the reply."""
    title = "Checking your browser"
    body = (
        f'<!DOCTYPE html><html lang="en-US"><head><title>{title}</title><meta name="robots" content="noindex"></head>'
        '<body><noscript>This page needs JavaScript and cookies.</noscript><script src="/cdn-cgi/challenge"></script></body>'
        "</html>\n"
    )
    headers = [_HTML, ("Server", "cloudflare"), ("CF-Mitigated", "challenge"), ("Cache-Control", "private, no-store")]
    return Reply(403, headers, body.encode())


def _delivered(**delivery: Any) -> Callable[[Request, Answer, float], Reply]:
    def reply(request: Request, answer: Answer, _seconds: float) -> Reply:
        return replace(answer(request), delivery=Delivery(**delivery))

    return reply


def _silent(_request: Request, _answer: Answer, seconds: float) -> Reply:
    return Reply(0, [], b"", Delivery(silence=seconds))


def _reset(_request: Request, _answer: Answer, _seconds: float) -> Reply:
    return Reply(0, [], b"", Delivery(reset=True))


def _slow(request: Request, answer: Answer, seconds: float) -> Reply:
    return replace(answer(request), delivery=Delivery(pause=seconds))


def _invalid(request: Request, answer: Answer, _seconds: float) -> Reply:
    reply = answer(request.as_plain_get())
    return _with_body(reply, reply.body[: len(reply.body) * 2 // 3])


def _changed_page(
    change: Callable[[dict[str, Any], Request, Answer], None], needed: Set[str] = frozenset({"count", "results"})
) -> Callable[[Request, Answer, float], Reply]:
    """A reply whose page is changed; one that is not a page, or lacks a key, is left as it is."""

    def reply(request: Request, answer: Answer, _seconds: float) -> Reply:
        plain = request.as_plain_get()
        right = answer(plain)
        page = decode(right.body) if right.status == 200 and dict(right.headers).get("Content-Type") == _JSON[1] else None
        if not isinstance(page, dict) or not needed <= page.keys():
            return answer(request)
        change(page, plain, answer)
        return _with_body(right, encode(page))

    return reply


def _wrong_count(page: dict[str, Any], _request: Request, _answer: Answer) -> None:
    page["count"] += 7


def _empty(page: dict[str, Any], _request: Request, _answer: Answer) -> None:
    page["results"] = []


def _shifted(rows: int) -> Callable[[dict[str, Any], Request, Answer], None]:
    """The rows of the page as they are where others moved across its beginning while it was read; its links stay."""

    def change(page: dict[str, Any], request: Request, answer: Answer) -> None:
        parameters = dict(parse_qsl(request.query_string, keep_blank_values=True))
        offset = parameters.get("offset", "0")
        at = max((int(offset) if offset.isdecimal() else 0) + rows, 0)
        query = urlencode({"limit": str(DEFAULT_LIMIT), **parameters, "offset": str(at)})
        page["results"] = decode(answer(request.with_query(query)).body)["results"]

    return change


def _with_body(reply: Reply, body: bytes) -> Reply:
    kept = [(name, value) for name, value in reply.headers if name.lower() not in ("content-length", "etag")]
    return replace(reply, headers=kept, body=body)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what a client sees, the way to the reply, and its waiting time in seconds."""

    summary: str
    reply: Callable[[Request, Answer, float], Reply]
    seconds: float = 0.0


KINDS = {
    "429": Kind("429 with upstream's text; Retry-After is `seconds`", _throttled, 900.0),
    "403": Kind("403 with an HTML page, as a protection against robots sends it", _challenge),
    "500": Kind("500 with an HTML page", _page(500, "Server Error (500)")),
    "502": Kind("502 with an HTML page", _page(502, "502 Bad Gateway")),
    "503": Kind("503 with an HTML page", _page(503, "503 Service Temporarily Unavailable")),
    "timeout": Kind("no byte for `seconds`, then the connection is closed", _silent, 60.0),
    "slow": Kind("256 bytes at a time, `seconds` apart", _slow, 1.0),
    "cut": Kind("half of the body, then the connection is closed", _delivered(cut=0.5)),
    "invalid": Kind("a body that is not whole JSON", _invalid),
    "reset": Kind("a reset connection", _reset),
    "count": Kind("a `count` that is too high", _changed_page(_wrong_count)),
    "moved": Kind("a page whose first row moved to the page before", _changed_page(_shifted(1))),
    "repeated": Kind("a page that begins with the last row of the page before", _changed_page(_shifted(-1))),
    "empty": Kind("a page without rows", _changed_page(_empty, {"results"})),
}
