"""The clock: everything that depends on the date and time asks here.

Promises: `now` and `timestamp` are the same time, in UTC. Upcoming and previous, derived numbers, freshness, rate limits and the
times of entries follow from it. It is the system's, unless `follow` was called: then all processes that follow the same file have
the same time, also while it is set, stopped or sped up.
Not for durations: time-outs, pauses and measurements use `time.monotonic`, which no change of the clock disturbs.
"""

from __future__ import annotations

import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

_STATE = struct.Struct("<ddd")  # the time that was set, the system's time when it was set, and the speed
_COUNT = struct.Struct("<Q")  # of changes; written before the state and after it


def timestamp() -> float:
    """The time in seconds since 1970."""
    return time.time() if _followed is None else _followed.timestamp()


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


class VirtualClock:
    """A clock in a file, which every process that opens it reads and may set. One process at a time may set it."""

    def __init__(self, file: Path) -> None:
        """Open the clock in `file`, which is created with the system's time if it does not exist."""
        if not file.exists():
            file.write_bytes(bytes(_COUNT.size) + _STATE.pack(0, 0, 1) + bytes(_COUNT.size))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), 2 * _COUNT.size + _STATE.size)

    def timestamp(self) -> float:
        at, real, speed = self._read()
        return at + (time.time() - real) * speed

    @property
    def speed(self) -> float:
        """How many seconds pass in a second; 0 for a clock that stands still."""
        return self._read()[2]

    def set(self, at: float, speed: float) -> None:
        """Let the clock go on from a time, in seconds since 1970, at a speed."""
        (count,) = _COUNT.unpack_from(self._memory, 0)
        _COUNT.pack_into(self._memory, 0, count + 1)
        _STATE.pack_into(self._memory, _COUNT.size, at, time.time(), speed)
        _COUNT.pack_into(self._memory, _COUNT.size + _STATE.size, count + 1)

    def _read(self) -> tuple[float, float, float]:
        while True:  # the counts are read in the other order than they are written, so a state that is half written is read again
            (after,) = _COUNT.unpack_from(self._memory, _COUNT.size + _STATE.size)
            at, real, speed = _STATE.unpack_from(self._memory, _COUNT.size)
            (before,) = _COUNT.unpack_from(self._memory, 0)
            if before == after:
                return at, real, speed


_followed: VirtualClock | None = None


def follow(clock: VirtualClock | None) -> None:
    """Take the time of this process from a virtual clock; None for the system's."""
    global _followed
    _followed = clock
