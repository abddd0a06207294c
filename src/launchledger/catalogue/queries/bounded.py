"""The one kind of cache for what strangers ask for: bounded by the bytes of its keys and its values.

Promises: it never holds more than its limit, whatever it is given, and what was not asked for the longest goes first. A value may
grow after it is in. All entries are of one state of the catalogue: a newer state drops them, and what was found out in an older
one is refused, so nothing that was read before a change can be kept after it. Safe with several threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """A value that knows how many bytes it takes, with its key and its place in the cache."""

    size: int


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Sized)


class BoundedCache(Generic[Key, Value]):
    def __init__(self, limit: int, part: int = 1) -> None:
        """`limit` is in bytes; with 0 nothing is kept. One entry takes at most one of so many parts of it."""
        self.limit = limit
        self.size = 0
        self._most = limit // part
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._state = 0
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key, state: int) -> Value | None:
        """What is kept for this key in this state. States are numbers that grow; a newer one drops everything older."""
        with self._turn:
            if state != self._state:
                if state > self._state:
                    self._kept.clear()
                    self.size = 0
                    self._state = state
                return None
            value = self._kept.get(key)
            if value is not None:
                self._kept.move_to_end(key)
            return value

    def put(self, key: Key, value: Value, state: int) -> None:
        """Keep what was found out in this state, if that is still the newest that was asked for."""
        with self._turn:
            if state != self._state or value.size > self._most:
                return
            former = self._kept.pop(key, None)
            if former is not None:
                self.size -= former.size
            self._kept[key] = value
            self.size += value.size
            self._make_room()

    def grow(self, key: Key, value: Value, growth: int) -> bool:
        """Count so many bytes more for a value. False where it is not kept for this key any more, or would be too large."""
        with self._turn:
            if self._kept.get(key) is not value or value.size + growth > self._most:
                return False
            value.size += growth
            self.size += growth
            self._make_room()
            return True

    def _make_room(self) -> None:
        while self.size > self.limit:
            self.size -= self._kept.popitem(last=False)[1].size
