"""A file of JSON seen through a window: text is read on only as far as the value at hand needs it.

Promises: memory is bounded by LARGEST_VALUE, reading is linear in the size of the file, also where it is broken, and nothing
depends on where the window ends.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from launchledger.ingest.resynchronizing import Scan
from launchledger.wire.reader import Refusal, key_path

LARGEST_VALUE = 4 * 1024 * 1024  # characters; the largest object that upstream was seen to send has 320,000
TOO_LARGE = f"is larger than {LARGEST_VALUE // 1024**2} MB"
DUPLICATE = "appears twice in one object"
_CHUNK = 256 * 1024
_LONGEST_TOKEN = 16  # characters, more than any word, escape or end of a number that the window's end may split
_LAST_TOKEN = re.compile(r"[\w+.\\-]*\s*")  # part of a word, number or escape, or nothing
_SPACE = re.compile(r"[ \t\r\n]*")
_AHEAD = 2_048  # characters needed to decide whether a bracket begins a value
_START = re.compile(
    r"""\{\s*+(?:["}]|\Z)"""
    r"""|\[\s*+(?:[{\[\]]|\Z|(?:-?\d[\d.eE+-]{0,400}+|true|false|null|NaN|-?Infinity|"(?:[^"\\\n]|\\.){0,1000}+")\s*+[,\]])"""
)
_BRACKET = re.compile(r"[{\[\x00]|<(?:!doctype\s+html|html)\b", re.ASCII | re.IGNORECASE)
_END_OF_HTML = re.compile(r"</html\s*>", re.ASCII | re.IGNORECASE)
_LONGEST_HTML = 1024 * 1024


class Broken(Refusal):
    """The text is not JSON from here on. `misplaced` is whether another character was expected where the window is."""

    def __init__(self, path: str, reason: str, misplaced: bool = False) -> None:
        super().__init__(path, reason)
        self.misplaced = misplaced


class TooLarge(Broken):
    """It may be JSON, but is too large to be read in one piece."""


class Binary(Refusal):
    """The text ends in binary data."""


class _Duplicated(dict[str, Any]):
    """An object in which a key appears twice; `key` is that key."""

    key = ""


class Window:
    """The part of a file in memory; `at` is the place in `text` where reading continues."""

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
        self.depth = 0  # brackets that are open before `at`
        self.suspect = 0  # a place: values that begin before it are read only to their matching bracket, see `resynchronizing`

    @property
    def place(self) -> int:
        """The number of characters of the file before `at`."""
        return self._passed + self.at

    def line(self) -> int:
        """The number of the line of `at`, from 1."""
        self._lines += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._lines + 1

    def fill(self) -> bool:
        """Read more of the file, and drop the text before `at`; False at the end of the file."""
        if self._ended:
            return False
        chunk = self._stream.read(max(_CHUNK, len(self.text) - self.at))  # so that a long value doubles it
        self._ended = not chunk
        self.line()
        self._passed += self.at
        self.text = self.text[self.at :] + self._decoder.decode(chunk, final=not chunk)
        self.at = self._counted = 0
        return True

    @contextmanager
    def look_ahead(self) -> Iterator[None]:
        """Let the block read ahead, and go back to where the window was before."""
        before = self.text, self.at, self._counted, self._lines, self._passed, self._ended, self.depth, self.suspect
        decoder, place = self._decoder.getstate(), self._stream.tell()
        try:
            yield
        finally:
            self.text, self.at, self._counted, self._lines, self._passed, self._ended, self.depth, self.suspect = before
            self._decoder.setstate(decoder)
            self._stream.seek(place)

    def peek(self) -> str:
        """Go to the next character that is not white space and return it; "" at the end of the file."""
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def take(self, expected: str, path: str) -> str:
        """Read one of the characters expected next; raises Broken for another."""
        found = self.peek()
        if not found:
            raise Broken(path, f"is cut short (line {self.line()})")
        if found not in expected:
            reason = f"is not JSON: {found!r}, expected {' or '.join(expected)} (line {self.line()})"
            raise Broken(path, reason, misplaced=True)
        self.at += 1
        return found

    def find_start(self, add: Callable[[str], None]) -> str:
        """Go to the next bracket that begins a value and return it; "" at the end of the file. `add` gets the text before it.

        Raises Binary if the text has a NUL.
        """
        while True:
            found = _BRACKET.search(self.text, self.at)
            end = found.start() if found else max(self.at, self.text.rfind("<", self.at) if not self._ended else 0)
            end = end if found or end > self.at else len(self.text)
            add(self.text[self.at : end])
            self.at = end
            if not found:
                if not self.fill():
                    add(self.text[self.at :])
                    self.at = len(self.text)
                    return ""
                continue
            while len(self.text) - self.at < _AHEAD and self.fill():
                pass
            first = self.text[self.at]
            if first == "\x00":
                raise Binary(f"line {self.line()}", "is binary data from here on, not JSON text")
            if first == "<":
                self._skip_html(add)
            elif _START.match(self.text, self.at):
                return first
            else:
                add(first)
                self.at += 1

    def _skip_html(self, add: Callable[[str], None]) -> None:
        """Skip an HTML document: its brackets belong to scripts and styles."""
        while not (end := _END_OF_HTML.search(self.text, self.at)):
            if len(self.text) - self.at > _LONGEST_HTML or not self.fill():
                break
        stop = end.end() if end else self.at + 1
        add(self.text[self.at : stop])
        self.at = stop

    def rewind(self, at: int, mark: tuple[int, int]) -> None:
        """Go back to where a value began, after it was read; `mark` is the result of `marked` there."""
        self.at = at
        self._counted, self._lines = mark

    def marked(self) -> tuple[int, int]:
        self.line()
        return self._counted, self._lines

    def key(self, path: str) -> str:
        """Read a key and its colon; raises Broken if one is missing, with `at` at the beginning of the key."""
        before = self.place
        key, _ = self.value(path)
        length = self.place - before
        self.at -= length
        while True:
            space = _SPACE.match(self.text, self.at + length)
            end = space.end() if space else len(self.text)
            if end < len(self.text) or not self.fill():
                break
        found = self.text[end : end + 1]
        if found != ":":
            line = self.line() + self.text.count("\n", self.at, end)
            reason = f"is not JSON: {found!r}, expected : (line {line})" if found else f"is cut short (line {line})"
            raise Broken(path, reason, misplaced=bool(found))
        self.at = end + 1
        return str(key)

    def value(self, path: str) -> tuple[Any, Refusal | None]:
        """Read one value, and a refusal if a key appears twice in it; raises Broken, with `at` at its beginning."""
        if not self.peek():
            raise Broken(path, f"is cut short (line {self.line()})")
        if self.place < self.suspect and self.text[self.at] in "{[":
            return self._value_in_brackets(path)
        while True:
            self._duplicates.clear()
            try:
                value, end = self._json.raw_decode(self.text, self.at)
            except RecursionError:
                self.suspect = self._passed + len(self.text)
                raise Broken(path, "is nested too deeply") from None
            except json.JSONDecodeError as error:
                # Only an open text is reported at its beginning: other errors far from the window's end are not caused by it.
                may_go_on = error.msg.startswith("Unterminated") or error.pos + _LONGEST_TOKEN > len(self.text)
                if may_go_on and len(self.text) - self.at > LARGEST_VALUE:
                    raise TooLarge(path, f"{TOO_LARGE} (line {self.line()})") from None
                if not (may_go_on and self.fill()):
                    self.suspect = self._passed + error.pos
                    raise self._broken(path, error, may_go_on) from None
                continue
            if end + _LONGEST_TOKEN > len(self.text) and self.fill():
                continue  # a number at the end of the window may continue
            if end - self.at > LARGEST_VALUE:
                raise TooLarge(path, f"{TOO_LARGE} (line {self.line()})")
            self.at = end
            return value, _find_duplicate(value, path) if self._duplicates else None

    def _value_in_brackets(self, path: str) -> tuple[Any, Refusal | None]:
        """Read a value inside an earlier broken one: no further than its matching bracket."""
        length, closed = Scan(self, 0, in_place=True).end()
        if not closed:
            reason = TOO_LARGE if length > LARGEST_VALUE else "is cut short"
            raise Broken(path, f"{reason} (line {self.line() + self.text.count(chr(10), self.at, self.at + length)})")
        self._duplicates.clear()
        try:
            value, end = self._json.raw_decode(self.text[self.at : self.at + length])
        except RecursionError:
            raise Broken(path, "is nested too deeply") from None
        except json.JSONDecodeError as error:
            error.pos += self.at
            raise self._broken(path, error, at_end=False) from None
        self.at += end
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
    """The first key that appears twice in its object, in the order of the text."""
    levels = [iter([(path, value)])]
    while levels:
        for here, found in levels[-1]:
            if isinstance(found, _Duplicated):
                return Refusal(key_path(here, found.key), DUPLICATE)
            if isinstance(found, dict | list):
                levels.append(_members(here, found))
                break
        else:
            levels.pop()
    return None


def _members(path: str, value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        return ((key_path(path, key), nested) for key, nested in value.items())
    return ((f"{path}[{place}]", nested) for place, nested in enumerate(value))
