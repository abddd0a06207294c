"""Configuring the allocator: freed memory is reused instead of returned to the system.

A page of a hundred detailed objects is assembled in a few megabytes that are free again at once. GNU's allocator returns such
blocks to the system, which must clear them again for the next page: half of what the page costs (docs/adr/0013). Large blocks are
cached replies: returned one by one, they leave no holes.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8  # the names of three options of mallopt(3)
_FREE_BYTES = 4 * 1024 * 1024  # that a process may retain
_LARGE_BYTES = 512 * 1024  # from this size on a block is taken from the system, and returned, by itself


def configure_allocator() -> None:
    """Set the options of GNU's allocator; others are left alone."""
    option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if option is not None:
        option(_MMAP_THRESHOLD, _LARGE_BYTES)
        option(_TRIM_THRESHOLD, _FREE_BYTES)
        option(_ARENAS, 1)  # threads here take turns anyway, and each can reuse what another freed
