"""Keeping memory that was just used for what is used next.

A page of a hundred detailed objects is put together from a few megabytes that are free again a moment later. GNU's allocator
gives such pieces back to the system at once, which must clear them anew for the next page: half of what the page costs
(docs/adr/0013). Large pieces are replies that are kept: given back one by one, they leave no holes.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8  # the names of three options of mallopt(3)
_FREE_BYTES = 4 * 1024 * 1024  # that a process may hold on to
_LARGE_BYTES = 512 * 1024  # from which on a piece is taken from the system, and given back, by itself


def hold_on_to_memory() -> None:
    """Tell the allocator, where it is GNU's; others are left alone."""
    option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if option is not None:
        option(_MMAP_THRESHOLD, _LARGE_BYTES)
        option(_TRIM_THRESHOLD, _FREE_BYTES)
        option(_ARENAS, 1)  # threads here take turns anyway, and what one gives back another can use
