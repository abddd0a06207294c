"""One call to an upstream, and what came of it.

Promises: every call ends within its bounds (`web.client`) with one of the outcomes below; whatever a reply contains, it is data
of the expected form, or a failure with a reason in words. The key is sent to the upstream alone, never unencrypted to another
machine, and is in no error.
Refuses: the development host of The Space Devs, which is not for programs; an address that is not the root of a version that can
be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from launchledger import __version__
from launchledger.conf.rates import MOST_CALLS
from launchledger.formats.encoding import decode, encode
from launchledger.formats.texts import shorten
from launchledger.formats.times import parse_date_time
from launchledger.sync.budget import Throttle
from launchledger.sync.following import JOURNAL, LARGEST_PAGE
from launchledger.sync.servers import may_be_unlimited
from launchledger.web.addresses import check_url
from launchledger.web.client import Bounds, Client, Reply, RequestFailed
from launchledger.web.the_space_devs import is_the_space_devs
from launchledger.wire.served import WIRES

THE_SPACE_DEVS = "https://ll.thespacedevs.com/2.2.0/"
BOUNDS = Bounds(most_bytes=32 * 1024 * 1024, connect=10, read=30, whole=60, redirects=2)
UNKNOWN_WAIT = 60.0  # seconds, after a 429 that does not say how many
_WAIT = re.compile(rb"available in (\d{1,9})(?:\.\d+)? second", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageReply:
    """A page of a list: upstream's count, whether there is a next page, and the objects, each of which is a JSON object."""

    count: int
    more: bool
    objects: list[dict[str, Any]]
    raw: bytes


@dataclass(frozen=True, slots=True)
class ObjectReply:
    """One object."""

    body: dict[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change of one object, as another Launchledger has it (docs/history.md): `at` is when that wrote it, `written` the same
    in its words, and `changes` maps names to `[old, new]`."""

    serial: int
    at: datetime
    written: str
    source: str
    kind: str
    key: int | str
    action: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class ChangesReply:
    """A page of the journal of another Launchledger, in commit order: the serial after which the next page begins, the newest
    one, and the least one from which on no entry is missing."""

    entries: list[JournalEntry]
    after: int
    newest: int
    complete_since: int
    raw: bytes

    def has_entries_after(self, serial: int) -> bool:
        return any(entry.serial > serial for entry in self.entries)


@dataclass(frozen=True, slots=True)
class ThrottleReply:
    """What upstream says about its limit; None if it has none."""

    throttle: Throttle | None


@dataclass(frozen=True, slots=True)
class GoneReply:
    """404, from the API itself."""


@dataclass(frozen=True, slots=True)
class ThrottledReply:
    """429: upstream wants no call for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class FailedReply:
    """No usable reply."""

    reason: str


Outcome: TypeAlias = PageReply | ObjectReply | ChangesReply | ThrottleReply | GoneReply | ThrottledReply | FailedReply


class Upstream:
    """An upstream by the root of a version, such as http://127.0.0.1:8000/2.2.0/. Raises ValueError with a reason for people."""

    def __init__(self, url: str = THE_SPACE_DEVS, *, key: str = "", contact: str = "", bounds: Bounds = BOUNDS) -> None:
        self.root = url if url.endswith("/") else f"{url}/"
        host = check_url(self.root, with_token=bool(key))
        parts = urlsplit(self.root)
        versions = [wire.version for wire in WIRES.values()]
        if parts.query or parts.fragment or not self.root.endswith(tuple(f"/{version}/" for version in versions)):
            raise ValueError(f"Is not the root of a version, such as https://ledger.example/{versions[0]}/.")
        if host.startswith("lldev.") and is_the_space_devs(host):
            raise ValueError(
                f"Is a development host, with old data, and not for programs that run all day; use {THE_SPACE_DEVS}."
            )
        self.server = f"{parts.scheme}://{parts.netloc}"
        self.may_be_unlimited = may_be_unlimited(host)
        self._headers = {"Accept": "application/json", "User-Agent": user_agent(contact)}
        if key:
            self._headers["Authorization"] = f"Token {key}"
        self._client = Client(bounds)

    def request(self, path: str, parameters: tuple[tuple[str, str], ...] = (), key: str = "") -> str:
        """The path below the server, with its query, of a list, or of an object with this key."""
        below = "/".join(filter(None, (path, key)))
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{urlsplit(self.root).path}{below}/{query}"

    def journal_request(self, parameters: tuple[tuple[str, str], ...]) -> str:
        """The path below the server, with its query, of a page of the journal."""
        return f"{urljoin(urlsplit(self.root).path, '..')}{JOURNAL}/?{urlencode(parameters)}"

    def changes(self, request: str) -> ChangesReply | GoneReply | ThrottledReply | FailedReply:
        """Ask for a page of the journal."""
        answer = self._ask(request)
        return read_changes(answer.body) if isinstance(answer, Reply) else answer

    def interrupt(self) -> None:
        """Let the call that is on its way fail now; may be called by another thread, or by a handler of a signal."""
        self._client.interrupt()

    def list(self, request: str) -> PageReply | GoneReply | ThrottledReply | FailedReply:
        """Ask for a page of a list."""
        answer = self._ask(request)
        return read_page(answer.body) if isinstance(answer, Reply) else answer

    def one(self, request: str, *, has_id: bool = True) -> ObjectReply | GoneReply | ThrottledReply | FailedReply:
        """Ask for one object. `has_id` is false for a dashboard."""
        answer = self._ask(request)
        return read_object(answer.body, has_id=has_id) if isinstance(answer, Reply) else answer

    def throttle(self) -> ThrottleReply | ThrottledReply | FailedReply:
        """Ask how much of the allowance is used. Does not count."""
        answer = self._ask(self.request("api-throttle"))
        if isinstance(answer, GoneReply):
            return ThrottleReply(None)
        return read_throttle(answer.body) if isinstance(answer, Reply) else answer

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _ask(self, request: str) -> Reply | GoneReply | ThrottledReply | FailedReply:
        """A reply that should be JSON, or what came instead."""
        try:
            reply = self._client.request("GET", self.server + request, self._headers)
        except RequestFailed as failure:
            return FailedReply(str(failure))
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if reply.status == 429:
            return ThrottledReply(_seconds(reply))
        if reply.status == 404 and kind == "application/json":
            return GoneReply()
        if reply.status != 200:
            return FailedReply(f"answered {reply.title}")
        if kind != "application/json":
            return FailedReply(f"answered 200 with {shorten(kind) if kind else 'no type'} and not JSON")
        return reply


def user_agent(contact: str) -> str:
    """Who calls: the program, its version, and how to reach whoever runs it."""
    return f"Launchledger/{__version__} (+{contact})" if contact else f"Launchledger/{__version__}"


def read_page(raw: bytes) -> PageReply | FailedReply:
    """A page from its bytes."""
    body = _parse(raw)
    if isinstance(body, FailedReply):
        return body
    count, objects, following = body.get("count"), body.get("results"), body.get("next", "")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0 or not isinstance(objects, list):
        return FailedReply("answered with an object that is not a page")
    if not isinstance(following, str | None) or not all(isinstance(each, dict) for each in objects):
        return FailedReply("answered with a page of something other than objects")
    return PageReply(count, bool(following), objects, raw)


def read_changes(raw: bytes) -> ChangesReply | FailedReply:
    """A page of a journal from its bytes."""
    body = _parse(raw)
    if isinstance(body, FailedReply):
        return body
    try:
        after = parse_qs(urlsplit(body["next"]).query)["since"][-1]
        entries = [_entry(each) for each in body["results"]]
        if len(entries) > LARGEST_PAGE:
            return FailedReply(f"answered with a page of {len(entries):,} entries, more than {LARGEST_PAGE}")
        last, newest = _serial(int(after)), _serial(body["newest"])
        return ChangesReply(entries, last, newest, _serial(body.get("complete_since", 0)), raw)
    except (KeyError, TypeError, ValueError, AttributeError):
        return FailedReply("answered with an object that is not a page of a journal")


def _entry(body: dict[str, Any]) -> JournalEntry:
    texts = [body[name] for name in ("at", "source", "kind", "action")]
    key, changes = body["id"], body["changes"]
    if not all(isinstance(each, str) for each in texts) or isinstance(key, bool) or not isinstance(key, int | str):
        raise TypeError
    if not all(isinstance(each, list) and len(each) == 2 for each in changes.values()):
        raise TypeError
    written, source, kind, action = texts
    return JournalEntry(_serial(body["serial"]), parse_date_time(written), written, source, kind, key, action, changes)


def _serial(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise TypeError
    return value


def read_object(raw: bytes, *, has_id: bool = True) -> ObjectReply | FailedReply:
    """One object from its bytes. `has_id` is false for a dashboard."""
    body = _parse(raw)
    if isinstance(body, FailedReply):
        return body
    return ObjectReply(body, raw) if "id" in body or not has_id else FailedReply("answered with an object without an id")


def read_throttle(raw: bytes) -> ThrottleReply | FailedReply:
    """The limit from its bytes. A limit of none, of 0, or beyond what anyone counts, is no limit."""
    body = _parse(raw)
    if isinstance(body, FailedReply):
        return body
    names = ("your_request_limit", "limit_frequency_secs", "current_use", "next_use_secs")
    if body and names[0] not in body:
        return FailedReply("answered with an object that is not an allowance")
    limit, seconds, use, following = (_whole(body.get(name)) for name in names)
    if not body or limit == 0 or (limit is not None and limit > MOST_CALLS):
        return ThrottleReply(None)
    if limit is None or not seconds or use is None:
        return FailedReply("answered with an object that is not an allowance")
    return ThrottleReply(Throttle(limit, seconds, use, following or 0))


def _whole(value: Any) -> int | None:
    """A number of calls or seconds, rounded up; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**31:
        return 0 if value is None else None
    return -int(-value // 1)


def _parse(raw: bytes) -> dict[str, Any] | FailedReply:
    """A JSON object of bounded depth."""
    try:
        body = decode(raw)
        encode(body)  # refuses what is nested too deeply for anyone who works on it later
    except (ValueError, TypeError):
        return FailedReply("answered with invalid JSON, or cut")
    return body if isinstance(body, dict) else FailedReply("answered with JSON that is not an object")


def _seconds(reply: Reply) -> float:
    """How long a 429 says to wait: the longer of its header and its text."""
    said = []
    header = reply.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", header, re.ASCII):
        said.append(float(header))
    if found := _WAIT.search(reply.body):
        said.append(float(found[1]) + 1)  # the text is without its fraction
    return max(said, default=UNKNOWN_WAIT)
