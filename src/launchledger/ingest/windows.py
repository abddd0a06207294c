"""A file of JSON seen through a window: text is read on only as far as the value at hand needs it.

Promises: memory is bounded by LARGEST_VALUE, and reading a value is linear in its size.
Refuses: text that is not UTF-8, broken JSON, NaN and Infinity, values that are too large or nested too deeply.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, BinaryIO, NoReturn

from launchledger.contract.reader import Refusal

LARGEST_VALUE = 8 * 1024 * 1024  # characters; the largest object that upstream was seen to send has 320,000
_CHUNK = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")


class Broken(Refusal):
    """The text is no JSON from here on."""


class _Duplicated(dict[str, Any]):
    """An object in which a key stands twice; `key` is that key."""

    key = ""


class _NotJson(ValueError):
    """A word that Python's reader would take and JSON does not have."""


class Window:
    """The part of a file that is being looked at; `at` is the place in `text` where reading goes on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._duplicates: list[str] = []
        self._decoder = json.JSONDecoder(object_pairs_hook=self._pairs, parse_constant=_refuse_constant)
        self._lines_behind = 0
        self.text = ""
        self.at = 0
        self._ended = False

    def fill(self) -> bool:
        """Read on; False at the end of the file. What lies before `at` is let go."""
        if self._ended:
            return False
        chunk = self._stream.read(max(_CHUNK, len(self.text) - self.at))  # doubles with a long value
        try:
            more = self._decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            raise Broken("$", f"is not UTF-8 text ({error.reason} near line {self.line()})") from None
        self._ended = not chunk
        self._lines_behind += self.text.count("\n", 0, self.at)
        self.text = self.text[self.at :] + more
        self.at = 0
        return True

    def line(self) -> int:
        """The number of the line that `at` stands in, from 1."""
        return self._lines_behind + self.text.count("\n", 0, self.at) + 1

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

    def skip_line(self) -> bool:
        """Go to the beginning of the next line; False when there is none."""
        while (end := self.text.find("\n", self.at)) < 0:
            self.at = len(self.text)
            if not self.fill():
                return False
        self.at = end + 1
        return True

    def value(self, path: str) -> tuple[Any, Refusal | None]:
        """Read one value, and say if a key stands twice in it; Broken if it is no JSON or too much of it."""
        if not self.peek():
            raise Broken(path, f"is cut short (line {self.line()})")
        while True:
            self._duplicates.clear()
            try:
                value, end = self._decoder.raw_decode(self.text, self.at)
            except RecursionError:
                raise Broken(path, "is nested too deeply") from None
            except _NotJson as error:
                raise Broken(path, str(error)) from None
            except ValueError as error:
                if len(self.text) - self.at > LARGEST_VALUE:
                    self._refuse(path, error, f"is larger than {LARGEST_VALUE // 1024**2} MB, or broken")
                if not self.fill():
                    self._refuse(path, error)
                continue
            if end == len(self.text) and self.fill():
                continue  # a number at the edge of the window may go on
            self.at = end
            return value, next(_find_duplicates(value, path), None) if self._duplicates else None

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        body = dict(pairs)
        if len(body) == len(pairs):
            return body
        marked = _Duplicated(body)
        marked.key = next(key for key in body if sum(key == other for other, _ in pairs) > 1)
        self._duplicates.append(marked.key)
        return marked

    def _refuse(self, path: str, error: ValueError, reason: str = "") -> NoReturn:
        if not isinstance(error, json.JSONDecodeError):
            raise Broken(path, reason or f"is not JSON: {error}") from None
        line = self._lines_behind + self.text.count("\n", 0, error.pos) + 1
        cut_short = error.pos >= len(self.text.rstrip()) or error.msg.startswith("Unterminated")
        reason = reason or ("is cut short" if cut_short else f"is not JSON: {error.msg}")
        raise Broken(path, f"{reason} (line {line}, column {error.colno})") from None


def _refuse_constant(word: str) -> NoReturn:
    raise _NotJson(f"is not JSON: {word} is no number")


def _find_duplicates(value: Any, path: str) -> Any:
    if isinstance(value, _Duplicated):
        yield Refusal(f"{path}.{value.key}", "stands twice in one object")
    if isinstance(value, dict):
        for key, nested in value.items():
            yield from _find_duplicates(nested, f"{path}.{key}")
    elif isinstance(value, list):
        for place, nested in enumerate(value):
            yield from _find_duplicates(nested, f"{path}[{place}]")
