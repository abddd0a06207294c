"""A command that runs as long as the server does, in a process of its own.

Promises: it is started again if it ends, after a pause that grows; it is asked to end with the server, and killed if it takes
longer than GRACE. Its standard input is a pipe from the server, so a command that ends with its input ends even if the server is
killed.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Sequence

GRACE = 10.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds; a command that ran for longer than the longest begins with the first again

_logger = logging.getLogger("launchledger.server")


class Companion:
    """Runs a command in the background: `with Companion("sync", command): serve()`. `name` is for the log."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._name = name
        self._command = command
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Companion:
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            status = self._run_once()
            pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else pause
            if self._stopping.wait(pause):
                return
            _logger.warning("%s ended with status %d, started again", self._name, status)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _run_once(self) -> int:
        """Run the command until it ends, or until the server does; returns its status."""
        with subprocess.Popen(self._command, stdin=subprocess.PIPE) as process:  # noqa: S603 - no part is from outside
            while process.poll() is None and not self._stopping.wait(0.2):
                pass
            process.terminate()
            try:
                return process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()
