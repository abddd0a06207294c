"""The one kind of cache for requests of strangers: bounded by the bytes of its keys and its values.

Promises: it never holds more than its limit, and evicts the least recently used entries first. A value may grow after it is
stored. All entries are of one state of the catalogue: a newer state drops them, and values of an older one are refused, so
nothing that was read before a change can be cached after it. Safe with several threads.
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
        """`limit` is in bytes; with 0 nothing is cached. One entry takes at most one of so many parts of it."""
        self.limit = limit
        self.size = 0
        self._largest = limit // part
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self._state = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, state: int) -> Value | None:
        """The cached value of this key in this state. States are numbers that grow; a newer one drops everything older."""
        with self._lock:
            if state != self._state:
                if state > self._state:
                    self._entries.clear()
                    self.size = 0
                    self._state = state
                return None
            value = self._entries.get(key)
            if value is not None:
                self._entries.move_to_end(key)
            return value

    def put(self, key: Key, value: Value, state: int) -> None:
        """Cache a value of this state, if no newer state was asked for."""
        with self._lock:
            if state != self._state or value.size > self._largest:
                return
            former = self._entries.pop(key, None)
            if former is not None:
                self.size -= former.size
            self._entries[key] = value
            self.size += value.size
            self._make_room()

    def grow(self, key: Key, value: Value, growth: int) -> bool:
        """Count so many bytes more for a value. False where it is not cached for this key any more, or would be too large."""
        with self._lock:
            if self._entries.get(key) is not value or value.size + growth > self._largest:
                return False
            value.size += growth
            self.size += growth
            self._make_room()
            return True

    def _make_room(self) -> None:
        while self.size > self.limit:
            self.size -= self._entries.popitem(last=False)[1].size
