"""The text before, between and behind the values of a file: which of it is the form of a saved reply, and what is left out.

Promises: silent are blanks (with byte order marks and the record separators of RFC 7464), the headers of a reply of status 2xx
that has a body, redirects that were followed, and the beginning of a browsable page. Everything else is named with its
line, also the headers of an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default

from launchledger.formats.texts import shorten

_KEPT = 64 * 1024  # characters of each end of a long text
_STATUS = re.compile(r"HTTP(?:/\d(?:\.\d)?)? (\d{3})\b(.*)", re.ASCII)
_HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]{1,100}:.*", re.ASCII)
_REQUEST = re.compile(r"GET (/\S*)", re.ASCII)
_HTML = re.compile(r"<(?:!doctype\s+html|html)\b", re.ASCII | re.IGNORECASE)
_FOLLOWED = {"301", "302", "303", "307", "308"}
IS_HTML = "is HTML; save the JSON itself (?format=json)"


@dataclass(slots=True)
class Between:
    """A text without values, put together as it is read; of a long one the middle is not kept. `line` is where it begins."""

    line: int
    at_start: bool
    _head: str = ""
    _tail: str = ""
    _cut: int = 0

    def add(self, text: str) -> None:
        if not self._tail and len(self._head) + len(text) <= _KEPT:
            self._head += text
            return
        room = max(0, _KEPT - len(self._head)) if not self._tail else 0
        self._head += text[:room]
        self._tail += text[room:]
        if len(self._tail) > 2 * _KEPT:
            self._cut += self._tail.count("\n", 0, len(self._tail) - _KEPT)
            self._tail = self._tail[-_KEPT:]

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines that were kept, with their numbers, without blanks around them."""
        number = self.line
        whole = ((self._head + self._tail, 0),)
        for part, cut in whole if not self._cut else ((self._head, 0), (self._tail, self._cut)):
            number += cut
            for place, line in enumerate(part.split("\n")):
                number += place > 0
                yield number, line.strip(" \t\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\ufeff")


@dataclass(slots=True)
class Told:
    """What a text between values tells: `complaints` as line and reason, the request that a browsable page answers, the status
    and the `Date` of the last reply whose headers stand in it."""

    complaints: list[tuple[int, str]] = default(default_factory=list)
    request: str = ""
    status: str = ""
    date: str = ""


def tell(between: Between, before_value: bool) -> Told:
    """Tell apart what is silent and what is named; `before_value` says whether a value follows."""
    told = Told()
    junk: list[tuple[int, str]] = []
    block: tuple[int, str] | None = None  # the last headers, whose body has not come yet
    in_headers = False
    request = ""
    for number, line in between.lines():
        status = _STATUS.fullmatch(line)
        if status:
            if between.at_start and request and not block:
                junk.clear()  # the title and the description of a browsable page
            told.request, request = request, ""
            _end(block, told, followed=True)
            block, in_headers, told.date = (number, status[1]), True, ""
        elif in_headers and _HEADER.fullmatch(line):
            name, _, value = line.partition(":")
            if name.lower() == "date":
                told.date = value.strip()
        elif not line:
            in_headers = False
        else:
            in_headers = False
            found = _REQUEST.fullmatch(line)
            request = found[1] if found else ""
            if not (found and between.at_start):
                junk.append((number, line))
    if request:
        junk.append((between.line, f"GET {request}"))
    _end(block, told, followed=False, has_body=before_value)
    told.complaints += _grouped(junk)
    told.complaints.sort()
    return told


def _end(block: tuple[int, str] | None, told: Told, followed: bool, has_body: bool = False) -> None:
    """Judge headers when it is known what comes behind them: other headers (`followed`), a value, or neither."""
    if block is None:
        return
    number, status = block
    told.status = status
    if status[0] in "45":
        told.complaints.append((number, f"is a reply of status {status}, an error"))
    elif has_body or (followed and (status[0] == "1" or status in _FOLLOWED or status == "200")):
        return  # a proxy answers 200 before the server does
    else:
        told.complaints.append((number, f"is a reply of status {status} without a body"))


def _grouped(junk: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """One complaint for each run of lines."""
    groups: list[list[tuple[int, str]]] = []
    for number, line in junk:
        if groups and number <= groups[-1][-1][0] + 1:
            groups[-1].append((number, line))
        else:
            groups.append([(number, line)])
    for group in groups:
        number, line = group[0]
        if _HTML.match(line):
            yield number, IS_HTML
            return  # the rest belongs to it
        more = f" and {len(group) - 1:,} more lines" if len(group) > 1 else ""
        yield number, f"is not JSON and was left out: {shorten(line)}{more}"
