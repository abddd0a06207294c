"""Finding the end of a broken value, so that reading can continue after it.

Promises: one pass over the text. A broken value ends where its brackets match; else where a line begins with a bracket that
cannot be nested in it; else where a page begins as servers write it, anywhere in a line: pages are never nested.
"""

from __future__ import annotations

import re
from typing import Protocol

PAGE = re.compile(r"""\{\s{0,64}"(?:count|next|previous|results)"\s{0,8}:""", re.ASCII)
_TOKEN = re.compile(r"""["\n\x00]|[{\[]+|[}\]]+""")
_IN_STRING = re.compile(r"""[\\"\n\x00]""")
_OVERLAP = 256  # characters, more than the beginning of a page
_LARGEST = 8 * 1024 * 1024  # characters that are held with `in_place`


class Text(Protocol):
    """The part of a window that is needed here."""

    text: str
    at: int

    def fill(self) -> bool: ...


class Scan:
    """Finds the end of a value that begins at the window's `at`, or of the value that encloses it.

    `depth` is the number of open brackets. With `in_place` the window does not move, else it follows.
    """

    def __init__(self, window: Text, depth: int, in_place: bool = False) -> None:
        self._window = window
        self._depth = depth
        self._in_place = in_place
        self._place = window.at
        self._in_string = False
        self._lines = 0
        self._indented = False
        self._more = True

    def end(self, first: int = 1) -> tuple[int, bool]:
        """The number of characters from `at` to the end, and whether the brackets match there.

        `first` is the least distance from `at` at which another page may begin.
        """
        window = self._window
        closed = False
        skip = first
        while not closed and self._read_on():
            stop = len(window.text) - (_OVERLAP if self._more else 0)
            page = PAGE.search(window.text, self._place + skip, max(stop, 0) + _OVERLAP)
            if page and page.start() < stop:
                stop = page.start()
            else:
                page = None
            skip = 0
            found = self._scan(stop)
            if found is None:
                if page:
                    break
                continue
            closed = found
            if not closed:
                break
        length = self._place - window.at
        if not self._in_place:
            window.at = self._place
        return length, closed

    def _read_on(self) -> bool:
        window = self._window
        while self._more and len(window.text) - self._place <= _OVERLAP:
            if not self._in_place:
                window.at = self._place
            elif self._place - window.at > _LARGEST:
                return False
            length = self._place - window.at
            self._more = window.fill()
            self._place = window.at + length
        return self._place < len(window.text)

    def _scan(self, stop: int) -> bool | None:
        """Go on to `stop` (None), to where the brackets match (True), or to a bracket that begins something else (False)."""
        text = self._window.text
        while self._place < stop:
            found = (_IN_STRING if self._in_string else _TOKEN).search(text, self._place, stop)
            if not found:
                self._place = stop
                break
            place = found.start()
            self._place = place + 1
            letter = text[place]
            if letter == "\n":
                self._in_string = False  # a string never continues on another line
                if self._begins_anew(place):
                    return False
            elif letter == "\x00":
                self._place = place
                return False
            elif self._in_string:
                if letter == "\\":
                    self._place = place + 2
                else:
                    self._in_string = False
            elif letter == '"':
                self._in_string = True
            elif letter in "{[":
                self._depth += found.end() - place
                self._place = found.end()
            else:
                length = found.end() - place
                self._place = place + min(length, max(1, self._depth))
                self._depth -= length
                if self._depth <= 0:
                    return True
        return None

    def _begins_anew(self, end_of_line: int) -> bool:
        """Whether the next line begins with a bracket that is not nested in what is broken."""
        text = self._window.text
        self._lines += 1
        following = text[end_of_line + 1 : end_of_line + 2]
        self._indented |= following in (" ", "\t")
        if following not in ("{", "["):
            return False
        before = text[max(0, end_of_line - 64) : end_of_line].rstrip()[-1:]
        return self._lines == 1 or self._indented or before not in ("[", ",", ":")
