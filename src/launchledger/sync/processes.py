"""Which process this is, and whether another one on the same machine has ended.

Promises: `has_ended` is true only for a process that certainly no longer runs; what cannot be known, such as the processes of
another machine or container, and of any other system than Linux, counts as running.
"""

from __future__ import annotations

import os
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")  # numbers of processes mean the same within one namespace
_ENDED = ("Z", "X")  # states of a process that waits only for its parent to read its status


def this_process() -> str:
    """An identity of this process that no other ever has; "" where none is known."""
    number = os.getpid()
    started = _started(number)
    return f"{_machine()} {number} {started}" if started else ""


def has_ended(process: str) -> bool:
    """Whether a process with this identity, as `this_process` gave it, ran here and has ended."""
    machine, _, rest = process.partition(" ")
    number, _, started = rest.partition(" ")
    return bool(started) and machine == _machine() and _started(int(number)) != started


def _machine() -> str:
    """This start of this machine, and the namespace of its processes; "" where none is known."""
    try:
        return f"{_BOOT.read_text().strip()}/{_PROCESSES.stat().st_ino}"
    except OSError:
        return ""


def _started(number: int) -> str:
    """When a process started, in ticks since the machine did (proc(5), `stat`, field 22); "" if there is none that runs."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in _ENDED else fields[19]
