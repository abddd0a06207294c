"""Finding the objects in a file: in pages, arrays and objects, wrapped or not, with any text between them.

Promises: objects are yielded one by one, however large the file. Nothing is skipped silently: text that is neither JSON nor part
of a saved reply is reported with its line, an error with its JSON path, and reading continues at the next value.
Refuses: archives and other binary files, HTML, and files without JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from launchledger.ingest.dating import NO_TIMES, Times, times_in
from launchledger.ingest.resynchronizing import PAGE, Scan
from launchledger.ingest.surrounding_text import Findings, SurroundingText, examine
from launchledger.ingest.windows import DUPLICATE, LARGEST_VALUE, TOO_LARGE, Binary, Broken, TooLarge, Window
from launchledger.ingest.wrapping import MOST_LEVELS, RESULTS, is_wrapping, objects_in
from launchledger.wire.reader import Refusal, key_path

_SIGNATURES = {
    b"PK\x03\x04": "is a zip archive; unpack it first",
    b"\x1f\x8b": "is a gzip archive inside another; unpack it first",
    b"\x28\xb5\x2f\xfd": "is a Zstandard archive inside another; unpack it first",
    b"\xfd7zXZ": "is an xz archive; unpack it first",
    b"BZh": "is a bzip2 archive; unpack it first",
    b"SQLite format 3": "is an SQLite database, not replies",
    b"\xff\xfe": "is UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "is UTF-16 text; save it as UTF-8",
}

_HOLDS_OBJECTS = re.compile(r"\{|\[\s*\{")


@dataclass(slots=True)
class Item:
    """One object, or the reason why it was refused.

    `path` is its JSON path in the file; in a file of several values, paths after the first begin with "line 2" and so on. `times`
    are the newest in its page, or in the object itself outside of a page. `size` is the number of characters of its text;
    `request` is the request line of the browsable page that it is in.
    """

    path: str
    body: Any = None
    refusal: Refusal | None = None
    times: Times = NO_TIMES
    size: int = 0
    request: str = ""


def read_items(stream: BinaryIO) -> Iterator[Item]:
    """Yield the objects of a seekable file. Bad content raises nothing: it is an item with a refusal."""
    try:
        yield from _read_file(stream)
    except Refusal as refusal:
        yield Item(refusal.path, refusal=refusal)


def _read_file(stream: BinaryIO) -> Iterator[Item]:
    start = stream.read(16)
    stream.seek(0)
    for signature, reason in _SIGNATURES.items():
        if start.startswith(signature):
            raise Refusal("$", reason)
    if b"\x00" in start:
        raise Refusal("$", "is a binary file, not JSON text")
    window = Window(stream)
    if not window.peek():
        raise Refusal("$", "is empty")
    yield from _File(window).read()


class _File:
    """Reads values and the text between them, one after another."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._values = 0
        self._request = ""

    def read(self) -> Iterator[Item]:
        window = self._window
        while True:
            text = SurroundingText(window.line(), at_start=not self._values)
            binary: Refusal | None = None
            try:
                first = window.find_start(text.add)
            except Binary as refusal:
                first, binary = "", refusal
            yield from self._complaints(examine(text, bool(first)))
            if binary:
                yield Item(binary.path, refusal=binary)
            if not first:
                return
            yield from self._value(first)

    def _complaints(self, findings: Findings) -> Iterator[Item]:
        window = self._window
        self._request = findings.request or (self._request if not findings.status else "")
        no_json = not self._values and not window.text[window.at :]
        for line, reason in findings.complaints:
            if no_json and reason.startswith("is not JSON"):
                yield Item("$", refusal=Refusal("$", "contains no JSON"))
                return
            yield Item(f"line {line}", refusal=Refusal(f"line {line}", reason))

    def _value(self, first: str) -> Iterator[Item]:
        window = self._window
        path = f"line {window.line()}" if self._values else "$"
        self._values += 1
        window.depth = 0
        try:
            if first == "[":
                yield from _elements(window, path, None, self._request)
            else:
                yield from _object(window, path, self._request)
        except _GivenUp:
            pass
        except Broken as broken:
            yield Item(broken.path, refusal=broken)
            at_next = window.text[window.at : window.at + 1] in ("{", "[") and broken.misplaced
            if not at_next:
                Scan(window, window.depth).end(first=0 if broken.misplaced else 1)


class _GivenUp(Exception):
    """The current value was given up; the complaint is yielded, and reading continues where the window is."""


def _object(window: Window, path: str, request: str) -> Iterator[Item]:
    """Read an object as a whole, or the parts of a page or a wrapping one by one."""
    if not PAGE.match(window.text, window.at):
        at, place, mark = window.at, window.place, window.marked()
        try:
            body, refusal = window.value(path)
        except Broken:
            pass  # part of it may be readable
        else:
            wrapping = is_wrapping(body)
            if not (wrapping and refusal):
                yield from _whole(body, refusal, path, window.place - place, request, wrapping)
                return
            window.rewind(at, mark)
    yield from _by_keys(window, path, request, MOST_LEVELS)


def _whole(body: Any, refusal: Refusal | None, path: str, size: int, request: str, wrapping: bool) -> Iterator[Item]:
    times = times_in(body)
    if not wrapping:
        yield Item(path, body, refusal, times, size, request)
        return
    found = list(objects_in(body, path))
    for here, value, left in found:
        yield Item(here, value, left, times, size // len(found), request)


def _by_keys(window: Window, path: str, request: str, levels: int) -> Iterator[Item]:
    """Read an object key by key: yield the results of a page one by one, and the parts of wrapping that is too large."""
    body: dict[str, Any] = {}
    size = 0
    in_parts = False
    refusal: Refusal | None = None
    try:
        for key in _keys(window, path):
            here = key_path(path, key)
            first = window.peek()
            if key in body:
                refusal = refusal or Refusal(here, DUPLICATE)
            elif key == RESULTS and first == "[" and not refusal:
                in_parts = True
                body[key] = None
                yield from _elements(window, here, _times_ahead(window, here), request)
                continue
            place = window.place
            if first in ("{", "[") and place < window.suspect and window.text[window.at - 1 : window.at] == "\n":
                raise Broken(here, f"is cut short (line {window.line() - 1})", misplaced=True)  # the line before is broken
            try:
                value, duplicate = window.value(here)
            except TooLarge:
                if not levels or not _may_wrap(body, window):
                    raise
                in_parts = True
                body[key] = None
                if first == "[":
                    yield from _elements(window, here, _times_ahead(window, here), request)
                else:
                    yield from _by_keys(window, here, request, levels - 1)
                continue
            refusal = refusal or duplicate
            size += len(key) + window.place - place
            if size > LARGEST_VALUE:
                refusal = refusal or Refusal(path, TOO_LARGE)
            if not refusal:
                body[key] = value
    except (Broken, _GivenUp):
        if is_wrapping(body) and not refusal:
            yield from _whole(body, None, path, size, request, wrapping=True)
        raise
    if refusal:
        yield Item(path, body, refusal, NO_TIMES, size, request)
    elif in_parts or is_wrapping(body):
        yield from _whole(body, None, path, size, request, wrapping=True)
    else:
        yield Item(path, body, None, times_in(body), size, request)


def _may_wrap(body: dict[str, Any], window: Window) -> bool:
    """Whether a value that is too large may hold objects, and `body`, read so far, is not an object itself."""
    return "id" not in body and "url" not in body and bool(_HOLDS_OBJECTS.match(window.text, window.at))


def _keys(window: Window, path: str) -> Iterator[str]:
    """The keys of an object; the caller reads the value of each key before it asks for the next."""
    window.take("{", path)
    window.depth += 1
    if window.peek() == "}":
        window.take("}", path)
    else:
        while True:
            if window.peek() != '"':
                window.take('"', path)
            yield window.key(path)
            if window.take(",}", path) == "}":
                break
    window.depth -= 1


def _elements(window: Window, path: str, times: Times | None, request: str) -> Iterator[Item]:
    """The members of an array; outside of a page, each has its own times."""
    window.take("[", path)
    window.depth += 1
    if window.peek() == "]":
        window.take("]", path)
    else:
        number = 0
        while True:
            yield from _element(window, f"{path}[{number}]", times, request)
            number += 1
            if window.take(",]", path) == "]":
                break
    window.depth -= 1


def _element(window: Window, path: str, times: Times | None, request: str) -> Iterator[Item]:
    first, place = window.peek(), window.place
    try:
        body, refusal = window.value(path)
    except TooLarge as broken:
        if first == "{":
            yield from _by_keys(window, path, request, MOST_LEVELS)
        else:
            yield from _give_up(window, broken)
        return
    except Broken as broken:
        yield from _give_up(window, broken)
        return
    size = window.place - place
    if is_wrapping(body) and not refusal:
        for item in _whole(body, None, path, size, request, wrapping=True):
            item.times = times or item.times
            yield item
    else:
        yield Item(path, body, refusal, times or times_in(body), size, request)


def _give_up(window: Window, broken: Broken) -> Iterator[Item]:
    """Complain of an element, and continue after it if its brackets match; if not, give up everything around it too."""
    if window.text[window.at : window.at + 1] not in ("{", "["):
        raise broken
    yield Item(broken.path, refusal=broken)
    _, closed = Scan(window, 0).end()
    if not closed or window.peek() not in (",", "]"):
        raise _GivenUp


def _times_ahead(window: Window, path: str) -> Times:
    """The newest times in the results that begin here: the time of the first depends on the last."""
    times = NO_TIMES
    with window.look_ahead(), suppress(Refusal, _GivenUp):
        for item in _elements(window, path, None, ""):
            times = times.merge(item.times)
    return times
