"""Finding the objects in a file: one object, a page, an array, one object a line, or the text of a browsable page.

Promises: objects come one by one, however large the file; what is wrong is told with its JSON path, and where the next object can
be found reading goes on behind it.
Refuses: archives and other binary files, HTML, and files in which there is no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from launchledger.contract.formats import parse_date_time
from launchledger.contract.reader import Refusal
from launchledger.ingest.windows import Broken, Window

LONGEST_PREFACE = 256 * 1024  # characters before the JSON in the text of a browsable page
MOST_KEYS = 10_000  # in one object at the top of a file

_JSON_LINE = re.compile(r"^[{\[]", re.MULTILINE)
_REQUEST_LINE = re.compile(r"^GET (/\S+)", re.MULTILINE)
_UPDATED = re.compile(rb'"last_updated"\s*:\s*"([0-9TZ:.+-]{17,32})"')
_OVERLAP = 128  # bytes, longer than anything _UPDATED matches
_SIGNATURES = {
    b"PK\x03\x04": "is a zip archive; unpack it first",
    b"\x1f\x8b": "is a gzip archive; unpack it first",
    b"\xfd7zXZ": "is an xz archive; unpack it first",
    b"SQLite format 3": "is an SQLite database, not replies",
}


@dataclass(slots=True)
class Item:
    """One object, or why there is none at its place.

    `path` is its JSON path in the file, "line 3" where objects stand in lines. `in_page` tells that it is a result of a page;
    `request` is the path that a browsable page says it answers.
    """

    path: str
    body: Any = None
    refusal: Refusal | None = None
    in_page: bool = False
    request: str = ""


def read_items(stream: BinaryIO) -> Iterator[Item]:
    """Give the objects of a file that can be sought in. Raises nothing for bad content: it comes as an item with a refusal."""
    try:
        yield from _read_file(stream)
    except Refusal as refusal:
        yield Item(refusal.path, refusal=refusal)


def newest_update(stream: BinaryIO) -> datetime | None:
    """The newest `last_updated` anywhere in a file, None when there is none. Leaves the file where it was."""
    place = stream.tell()
    stream.seek(0)
    newest: datetime | None = None
    behind = b""
    while chunk := stream.read(1024 * 1024):
        for found in _UPDATED.finditer(behind + chunk):
            try:
                moment = parse_date_time(found[1].decode())
            except ValueError:
                continue  # told when its object is read
            newest = max(newest or moment, moment)
        behind = chunk[-_OVERLAP:]
    stream.seek(place)
    return newest


def _read_file(stream: BinaryIO) -> Iterator[Item]:
    start = stream.read(16)
    stream.seek(0)
    for signature, reason in _SIGNATURES.items():
        if start.startswith(signature):
            raise Refusal("$", reason)
    if b"\x00" in start:
        raise Refusal("$", "is a binary file, not JSON text")
    window = Window(stream)
    first = window.peek()
    if not first:
        raise Refusal("$", "is empty")
    request = ""
    is_text = first not in "{["
    if is_text:
        request = _skip_preface(window)
    if window.peek() == "[":
        yield from _elements(window, "$", in_page=False, request=request)
    else:
        yield from _object_or_lines(window, request, is_text)
    if not is_text and window.peek():
        raise Refusal("$", f"has more text behind the JSON (line {window.line()})")


def _skip_preface(window: Window) -> str:
    """Go to the JSON in the text of a browsable page, and give the path that the page says it answers."""
    if window.peek() == "<":
        raise Refusal("$", "is HTML; save the JSON itself (?format=json)")
    while len(window.text) < LONGEST_PREFACE and window.fill():
        pass
    found = _JSON_LINE.search(window.text, window.at)
    if not found:
        raise Refusal("$", "holds no JSON")
    requests = _REQUEST_LINE.findall(window.text, window.at, found.start())
    window.at = found.start()
    return requests[-1] if requests else ""


def _elements(window: Window, path: str, *, in_page: bool, request: str) -> Iterator[Item]:
    window.take("[", path)
    place = 0
    while window.peek() != "]":
        here = f"{path}[{place}]"
        body, refusal = window.value(here)
        yield Item(here, body, refusal, in_page, request)
        place += 1
        if window.take(",]", path) == "]":
            return
    window.take("]", path)


def _object_or_lines(window: Window, request: str, is_text: bool) -> Iterator[Item]:
    try:
        yield from _object_or_page(window, request)
    except Broken as broken:
        if is_text or not (window.skip_line() and window.text[window.at : window.at + 1] == "{"):
            raise
        yield Item(broken.path, refusal=broken)
    while not is_text and window.peek() == "{":
        path = f"line {window.line()}"
        try:
            body, refusal = window.value(path)
        except Broken as broken:
            body, refusal = None, broken
            window.skip_line()
        yield Item(path, body, refusal)


def _object_or_page(window: Window, request: str) -> Iterator[Item]:
    """Read an object key by key: if it has results it is a page, and these come one by one."""
    body: dict[str, Any] = {}
    is_page = False
    refusal: Refusal | None = None
    window.take("{", "$")
    while window.peek() != "}":
        if window.peek() != '"':
            window.take('"', "$")
        key, _ = window.value("$")
        window.take(":", "$")
        path = f"$.{key}"
        if key in body or len(body) > MOST_KEYS:
            refusal = refusal or Refusal(path, "stands twice in one object" if key in body else "is one key too many")
        if key == "results" and window.peek() == "[":
            is_page = True
            body[key] = None
            yield from _elements(window, path, in_page=True, request=request)
        else:
            body[key], duplicate = window.value(path)
            refusal = refusal or duplicate
        if window.take(",}", "$") == "}":
            break
    else:
        window.take("}", "$")
    if not is_page:
        yield Item("$", body, refusal, request=request)
