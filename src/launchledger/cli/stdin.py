"""Ending with standard input: a parent that is killed closes it, and leaves no child behind."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable


def when_stdin_ends(then: Callable[[], object]) -> None:
    """Call this once, in a thread of its own, when standard input is closed."""
    threading.Thread(target=_read_to_the_end, args=[then], daemon=True).start()


def _read_to_the_end(then: Callable[[], object]) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    then()
