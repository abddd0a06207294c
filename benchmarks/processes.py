"""Measured processes: started on a core of their own, watched as a tree, and stopped with all their children.

CPU time is user and system time of every process of a tree, to the nanosecond, from the system's clock of each process, which
includes ended threads. Needs Linux.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = (_CORES[0], _CORES[1]) if len(_CORES) > 1 else (None, None)
_IDLE = 0.01  # CPU seconds in a tenth of a second; below it a tree is idle
_PATIENCE = 30.0  # seconds for a server to answer, to finish its requests, or to stop


class NotAnswering(Exception):
    """A server did not begin to answer; the text ends with its last output."""


class Tree:
    """A process with all its descendants, and the trees it depends on (a database's server)."""

    def __init__(self, *roots: int) -> None:
        self.roots = roots

    def pids(self) -> list[int]:
        found = list(self.roots)
        for pid in found:
            for task in _tasks(pid):
                with suppress(OSError):
                    found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
        return found

    def cpu(self) -> float:
        """CPU seconds used so far."""
        total = 0.0
        for pid in self.pids():
            with suppress(OSError):
                total += time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid of that process
        return total

    def drain(self) -> None:
        """Wait until the tree is idle, so that one run is not charged for another's requests."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            before = self.cpu()
            time.sleep(0.1)
            if self.cpu() - before < _IDLE:
                return


def _tasks(pid: int) -> list[str]:
    try:
        return [task.name for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []


@contextmanager
def running(
    words: Sequence[str | Path],
    log: Path,
    *,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    pinned: bool = True,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its output in `log`, which is stopped with all its descendants when the block ends."""
    core = SERVER_CORE if pinned else None
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **(environment or {})},
            cwd=folder,
            start_new_session=True,
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Terminate the process; then kill the rest of its session, and wait for it."""
    pids = Tree(process.pid).pids()
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + _PATIENCE
    while any(map(is_running, pids)) and time.monotonic() < end:
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether a process is still running; a zombie (state Z) is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the port is open; raises NotAnswering if the process ends before, or takes too long."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.01)
    raise NotAnswering(f"{process.args!r:.80} does not answer: {log.read_text(errors='replace')[-800:].strip()}")
