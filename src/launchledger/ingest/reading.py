"""Finding the objects in a file: one object, a page, an array, objects one after another, or the text of a browsable page.

Promises: objects come one by one, however large the file; what is wrong is told with its JSON path, and where the next object can
be found reading goes on behind it.
Refuses: archives and other binary files, HTML, and files in which there is no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from launchledger.contract.formats import parse_date_time
from launchledger.contract.reader import Refusal, within
from launchledger.ingest.windows import LARGEST_VALUE, TOO_LARGE, TWICE, Broken, Window

LONGEST_PREFACE = 256 * 1024  # characters before the JSON in the text of a browsable page

_JSON_LINE = re.compile(r"^[{\[]", re.MULTILINE)
_REQUEST_LINE = re.compile(r"^GET (/\S+)", re.MULTILINE)
_SIGNATURES = {
    b"PK\x03\x04": "is a zip archive; unpack it first",
    b"\x1f\x8b": "is a gzip archive; unpack it first",
    b"\xfd7zXZ": "is an xz archive; unpack it first",
    b"BZh": "is a bzip2 archive; unpack it first",
    b"SQLite format 3": "is an SQLite database, not replies",
    b"\xff\xfe": "is UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "is UTF-16 text; save it as UTF-8",
}


@dataclass(slots=True)
class Item:
    """One object, or why there is none at its place.

    `path` is its JSON path in the file; where objects stand one after another, those behind the first begin with "line 2" and so
    on. `updated` is the newest `last_updated` in the reply that it came in: in its whole page, or in itself. `size` is how many
    characters its text has; `request` is what a browsable page says it answers.
    """

    path: str
    body: Any = None
    refusal: Refusal | None = None
    updated: datetime | None = None
    size: int = 0
    request: str = ""


def read_items(stream: BinaryIO) -> Iterator[Item]:
    """Give the objects of a file that can be sought in. Raises nothing for bad content: it comes as an item with a refusal."""
    try:
        yield from _read_file(stream)
    except Refusal as refusal:
        yield Item(refusal.path, refusal=refusal)


def newest_in(body: Any) -> datetime | None:
    """The newest `last_updated` anywhere in a value of JSON, None when there is none."""
    newest: datetime | None = None
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            stamp = value.get("last_updated")
            if isinstance(stamp, str):
                with suppress(ValueError):  # told when its object is read
                    newest = max(newest or parse_date_time(stamp), parse_date_time(stamp))
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
    is_text = first not in "{["
    request = _skip_preface(window) if is_text else ""
    if window.peek() == "[":
        yield from _elements(window, "$", None, request)
        if window.peek() and not is_text:
            raise Refusal("$", f"has more text behind the JSON (line {window.line()})")
    elif is_text:
        yield from _object_or_page(window, request)
    else:
        yield from _one_after_another(window, stream)


def _skip_preface(window: Window) -> str:
    """Go to the JSON in the text of a browsable page, and give the path that the page says it answers."""
    if window.peek() == "<":
        raise Refusal("$", "is HTML; save the JSON itself (?format=json)")
    while len(window.text) - window.at < LONGEST_PREFACE and window.fill():
        pass
    found = _JSON_LINE.search(window.text, window.at, window.at + LONGEST_PREFACE)
    if not found:
        raise Refusal("$", "holds no JSON")
    requests = _REQUEST_LINE.findall(window.text, window.at, found.start())
    window.at = found.start()
    return requests[-1] if requests else ""


def _one_after_another(window: Window, stream: BinaryIO) -> Iterator[Item]:
    """Objects or pages, mostly one. A broken one ends where its line does, if the next line begins with another."""
    try:
        yield from _object_or_page(window, "")
    except Broken as broken:
        # It may have swallowed what stands in the lines behind it.
        stream.seek(0)
        window = Window(stream)
        window.peek()
        if window.skip_line(LARGEST_VALUE) != "{":
            raise
        yield Item(broken.path, refusal=broken)
    while window.peek() == "{":
        path, place = f"line {window.line()}", window.place
        try:
            body, refusal = window.value(path)
        except Broken as broken:
            yield Item(path, refusal=broken)
            window.skip_line()
            continue
        if isinstance(body.get("results"), list) and not refusal:
            updated, size = newest_in(body), (window.place - place) // max(1, len(body["results"]))
            for number, result in enumerate(body["results"]):
                yield Item(f"{path}.results[{number}]", result, None, updated, size)
        else:
            yield Item(path, body, refusal, newest_in(body), window.place - place)
    if window.peek():
        raise Refusal("$", f"has more text behind the JSON (line {window.line()})")


def _object_or_page(window: Window, request: str) -> Iterator[Item]:
    """Read an object key by key: if it has results it is a page, and these come one by one."""
    body: dict[str, Any] = {}
    size = 0
    is_page = False
    refusal: Refusal | None = None
    for key in _keys(window):
        path = within("$", key)
        if key in body:
            refusal = refusal or Refusal(path, TWICE)
        elif key == "results" and window.peek() == "[" and not refusal:
            is_page = True
            body[key] = None
            yield from _elements(window, path, _newest_ahead(window, path), request)
            continue
        place = window.place
        value, duplicate = window.value(path)
        refusal = refusal or duplicate
        size += len(key) + window.place - place
        if size > LARGEST_VALUE:
            refusal = refusal or Refusal("$", TOO_LARGE)
        if not refusal:
            body[key] = value
    if refusal or not is_page:
        yield Item("$", body, refusal, newest_in(body), size, request)


def _keys(window: Window) -> Iterator[str]:
    """The keys of an object; whoever asks for the next one has read the value of the last."""
    window.take("{", "$")
    if window.peek() == "}":
        window.take("}", "$")
        return
    while True:
        if window.peek() != '"':
            window.take('"', "$")
        key, _ = window.value("$")
        window.take(":", "$")
        yield key
        if window.take(",}", "$") == "}":
            return


def _elements(window: Window, path: str, updated: datetime | None, request: str) -> Iterator[Item]:
    """The members of an array; those that are in no page are each as new as they say themselves."""
    window.take("[", path)
    if window.peek() == "]":
        window.take("]", path)
        return
    number = 0
    while True:
        here, place = f"{path}[{number}]", window.place
        body, refusal = window.value(here)
        yield Item(here, body, refusal, updated or newest_in(body), window.place - place, request)
        number += 1
        if window.take(",]", path) == "]":
            return


def _newest_ahead(window: Window, path: str) -> datetime | None:
    """The newest `last_updated` in the results that begin here: what is known of the first depends on the last."""
    newest: datetime | None = None
    with window.look_ahead(), suppress(Refusal):
        for item in _elements(window, path, None, ""):
            if item.updated:
                newest = max(newest or item.updated, item.updated)
    return newest
