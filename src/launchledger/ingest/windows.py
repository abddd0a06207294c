"""A file of JSON seen through a window: text is read on only as far as the value at hand needs it.

Promises: memory is bounded by LARGEST_VALUE, reading a value is linear in its size, and nothing depends on where the window ends.
Refuses: broken JSON, and values that are too large or nested too deeply.
Lets through what is refused by its place when its object is read, so that the rest of the file is not lost: NaN, infinity and
endless integers (as floats), and bytes that are not UTF-8 (as halves of surrogate pairs).
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from launchledger.contract.reader import Refusal, within

LARGEST_VALUE = 4 * 1024 * 1024  # characters; the largest object that upstream was seen to send has 320,000
TOO_LARGE = f"is larger than {LARGEST_VALUE // 1024**2} MB"
TWICE = "stands twice in one object"
_CHUNK = 256 * 1024
_LONGEST_TOKEN = 16  # characters, more than any word, escape or end of a number that the window may cut
_LAST_TOKEN = re.compile(r"[\w+.\\-]*\s*")  # half a word, number or escape, or nothing
_SPACE = re.compile(r"[ \t\r\n]*")


class Broken(Refusal):
    """The text is no JSON from here on."""


class _Duplicated(dict[str, Any]):
    """An object in which a key stands twice; `key` is that key."""

    key = ""


class Window:
    """The part of a file that is being looked at; `at` is the place in `text` where reading goes on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape")
        self._duplicates: list[str] = []
        self._json = json.JSONDecoder(object_pairs_hook=self._pairs, parse_int=_parse_integer)
        self._ended = False
        self._passed = 0  # characters before the window
        self._lines = 0  # ends of lines before `_counted`
        self._counted = 0
        self.text = ""
        self.at = 0

    @property
    def place(self) -> int:
        """How many characters of the file lie before `at`."""
        return self._passed + self.at

    def line(self) -> int:
        """The number of the line that `at` stands in, from 1."""
        self._lines += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._lines + 1

    def fill(self) -> bool:
        """Read on; False at the end of the file. What lies before `at` is let go."""
        if self._ended:
            return False
        chunk = self._stream.read(max(_CHUNK, len(self.text) - self.at))  # doubles with a long value
        self._ended = not chunk
        self.line()
        self._passed += self.at
        self.text = self.text[self.at :] + self._decoder.decode(chunk, final=not chunk)
        self.at = self._counted = 0
        return True

    @contextmanager
    def look_ahead(self) -> Iterator[None]:
        """Read on inside the block, and stand after it where one stood before."""
        stood = self.text, self.at, self._counted, self._lines, self._passed, self._ended
        decoder, place = self._decoder.getstate(), self._stream.tell()
        try:
            yield
        finally:
            self.text, self.at, self._counted, self._lines, self._passed, self._ended = stood
            self._decoder.setstate(decoder)
            self._stream.seek(place)

    def peek(self) -> str:
        """Go to the next character that is not white space and give it; "" at the end of the file."""
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def take(self, expected: str, path: str) -> str:
        """Read one of the characters expected next; Broken if there is another."""
        found = self.peek()
        if not found:
            raise Broken(path, f"is cut short (line {self.line()})")
        if found not in expected:
            raise Broken(path, f"is not JSON: {found!r} where {' or '.join(expected)} must stand (line {self.line()})")
        self.at += 1
        return found

    def skip_line(self, longest: float = math.inf) -> str:
        """Go to the beginning of the next line and give its first character; "" if there is none within so many characters."""
        start = self.place
        while (end := self.text.find("\n", self.at)) < 0:
            self.at = len(self.text)
            if self.place - start > longest or not self.fill():
                return ""
        self.at = end + 1
        while self.at == len(self.text) and self.fill():
            pass
        return self.text[self.at : self.at + 1]

    def value(self, path: str) -> tuple[Any, Refusal | None]:
        """Read one value, and say if a key stands twice in it; Broken if it is no JSON or too much of it."""
        if not self.peek():
            raise Broken(path, f"is cut short (line {self.line()})")
        while True:
            self._duplicates.clear()
            try:
                value, end = self._json.raw_decode(self.text, self.at)
            except RecursionError:
                raise Broken(path, "is nested too deeply") from None
            except json.JSONDecodeError as error:
                # Anything but an open text is told where it stands: far from the window's end it is no matter of the window.
                may_go_on = error.msg.startswith("Unterminated") or error.pos + _LONGEST_TOKEN > len(self.text)
                if may_go_on and len(self.text) - self.at > LARGEST_VALUE:
                    raise Broken(path, f"{TOO_LARGE} (line {self.line()})") from None
                if not (may_go_on and self.fill()):
                    raise self._broken(path, error, may_go_on) from None
                continue
            if end + _LONGEST_TOKEN > len(self.text) and self.fill():
                continue  # a number at the edge of the window may go on
            if end - self.at > LARGEST_VALUE:
                raise Broken(path, f"{TOO_LARGE} (line {self.line()})")
            self.at = end
            return value, _find_duplicate(value, path) if self._duplicates else None

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        body = dict(pairs)
        if len(body) == len(pairs):
            return body
        marked = _Duplicated(body)
        times = Counter(key for key, _ in pairs)
        marked.key = next(key for key in body if times[key] > 1)
        self._duplicates.append(marked.key)
        return marked

    def _broken(self, path: str, error: json.JSONDecodeError, at_end: bool) -> Broken:
        at_end = error.msg.startswith("Unterminated") or (at_end and bool(_LAST_TOKEN.fullmatch(self.text, error.pos)))
        line = self.line() + self.text.count("\n", self.at, error.pos)
        return Broken(path, f"{'is cut short' if at_end else f'is not JSON: {error.msg}'} (line {line})")


def _parse_integer(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python reads
        return math.inf


def _find_duplicate(value: Any, path: str) -> Refusal | None:
    """The first object in which a key stands twice, in the order of the text."""
    levels = [iter([(path, value)])]
    while levels:
        for here, found in levels[-1]:
            if isinstance(found, _Duplicated):
                return Refusal(within(here, found.key), TWICE)
            if isinstance(found, dict | list):
                levels.append(_members(here, found))
                break
        else:
            levels.pop()
    return None


def _members(path: str, value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        return ((within(path, key), nested) for key, nested in value.items())
    return ((f"{path}[{place}]", nested) for place, nested in enumerate(value))
