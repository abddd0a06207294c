"""Ports for programs that tests and benchmarks start."""

from __future__ import annotations

import socket
from contextlib import suppress
from random import SystemRandom


def free_port() -> int:
    """A port that nobody listens on, below those that clients get: one of them might take it while the program starts."""
    while True:
        port = SystemRandom().randrange(16_384, 32_768)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
