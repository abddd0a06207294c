"""The text before, between and after the values of a file: which of it belongs to saved replies, and which is left out.

Promises: blanks (with byte order marks and the record separators of RFC 7464), the headers of a reply of status 2xx that has a
body, redirects that were followed, and the beginning of a browsable page are skipped. Everything else is a complaint with its
line, also the headers of an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default

from launchledger.formats.texts import shorten

_LONGEST_END = 64 * 1024  # characters of each end of a long text
_STATUS = re.compile(r"HTTP(?:/\d(?:\.\d)?)? (\d{3})\b(.*)", re.ASCII)
_HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]{1,100}:.*", re.ASCII)
_REQUEST = re.compile(r"GET (/\S*)", re.ASCII)
_HTML = re.compile(r"<(?:!doctype\s+html|html)\b", re.ASCII | re.IGNORECASE)
_FOLLOWED = {"301", "302", "303", "307", "308"}
IS_HTML = "is HTML; save the JSON itself (?format=json)"


@dataclass(slots=True)
class SurroundingText:
    """A text without values, collected as it is read; the middle of a long one is dropped. `line` is its first line."""

    line: int
    at_start: bool
    _head: str = ""
    _tail: str = ""
    _cut: int = 0

    def add(self, text: str) -> None:
        if not self._tail and len(self._head) + len(text) <= _LONGEST_END:
            self._head += text
            return
        room = max(0, _LONGEST_END - len(self._head)) if not self._tail else 0
        self._head += text[:room]
        self._tail += text[room:]
        if len(self._tail) > 2 * _LONGEST_END:
            self._cut += self._tail.count("\n", 0, len(self._tail) - _LONGEST_END)
            self._tail = self._tail[-_LONGEST_END:]

    def lines(self) -> Iterator[tuple[int, str]]:
        """The stored lines with their numbers, without blanks around them."""
        number = self.line
        whole = ((self._head + self._tail, 0),)
        for part, cut in whole if not self._cut else ((self._head, 0), (self._tail, self._cut)):
            number += cut
            for place, line in enumerate(part.split("\n")):
                number += place > 0
                yield number, line.strip(" \t\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\ufeff")


@dataclass(slots=True)
class Findings:
    """What was found in a text without values: `complaints` as line and reason, the request line of a browsable page, the status
    and the `Date` of the last reply whose headers it contains."""

    complaints: list[tuple[int, str]] = default(default_factory=list)
    request: str = ""
    status: str = ""
    date: str = ""


def examine(text: SurroundingText, before_value: bool) -> Findings:
    """Find the parts of saved replies in a text, and complain of the rest; `before_value` is whether a value follows."""
    findings = Findings()
    junk: list[tuple[int, str]] = []
    block: tuple[int, str] | None = None  # the last headers, before their body
    in_headers = False
    request = ""
    for number, line in text.lines():
        status = _STATUS.fullmatch(line)
        if status:
            if text.at_start and request and not block:
                junk.clear()  # the title and the description of a browsable page
            findings.request, request = request, ""
            _end(block, findings, followed=True)
            block, in_headers, findings.date = (number, status[1]), True, ""
        elif in_headers and _HEADER.fullmatch(line):
            name, _, value = line.partition(":")
            if name.lower() == "date":
                findings.date = value.strip()
        elif not line:
            in_headers = False
        else:
            in_headers = False
            found = _REQUEST.fullmatch(line)
            request = found[1] if found else ""
            if not (found and text.at_start):
                junk.append((number, line))
    if request:
        junk.append((text.line, f"GET {request}"))
    _end(block, findings, followed=False, has_body=before_value)
    findings.complaints += _grouped(junk)
    findings.complaints.sort()
    return findings


def _end(block: tuple[int, str] | None, findings: Findings, followed: bool, has_body: bool = False) -> None:
    """Judge headers when it is known what follows them: other headers (`followed`), a value, or neither."""
    if block is None:
        return
    number, status = block
    findings.status = status
    if status[0] in "45":
        findings.complaints.append((number, f"is a reply of status {status}, an error"))
    elif has_body or (followed and (status[0] == "1" or status in _FOLLOWED or status == "200")):
        return  # a proxy answers 200 before the server does
    else:
        findings.complaints.append((number, f"is a reply of status {status} without a body"))


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
            return  # the other lines belong to it
        more = f" and {len(group) - 1:,} more lines" if len(group) > 1 else ""
        yield number, f"is not JSON and was left out: {shorten(line)}{more}"
