"""A command that runs as long as a server does."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launchledger.server import companions
from launchledger.server.companions import Companion

_PATIENCE = 20.0  # seconds
_CHILD = "import os, sys; print(os.getpid(), file=open(sys.argv[1], 'a'), flush=True); {then}"
_UNTIL_STDIN_ENDS = "sys.stdin.read()"
_DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); [signal.pause() for _ in iter(int, 1)]"


def _companion(numbers: Path, then: str = _UNTIL_STDIN_ENDS) -> Companion:
    return Companion("child", [sys.executable, "-c", _CHILD.format(then=then), str(numbers)])


def _started(numbers: Path) -> list[int]:
    return [int(line) for line in numbers.read_text().split()] if numbers.exists() else []


def _wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not happened():
        assert time.monotonic() < end


def _runs(number: int) -> bool:
    return Path(f"/proc/{number}").exists()


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    return tmp_path / "numbers"


def test_it_ends_with_the_server(numbers: Path) -> None:
    """Asked by a signal; afterwards no process is left."""
    with _companion(numbers):
        _wait_until(lambda: len(_started(numbers)) == 1)
    (number,) = _started(numbers)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_it_is_killed_if_it_does_not_end(numbers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the grace that it has."""
    monkeypatch.setattr(companions, "GRACE", 0.1)
    with _companion(numbers, _DEAF):
        _wait_until(lambda: len(_started(numbers)) == 1)
    with pytest.raises(ProcessLookupError):
        os.kill(_started(numbers)[0], 0)


def test_it_is_started_again(numbers: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """After it was killed, and the log says so."""
    monkeypatch.setattr(companions, "FIRST_PAUSE", 0.01)
    with _companion(numbers):
        _wait_until(lambda: len(_started(numbers)) == 1)
        os.kill(_started(numbers)[0], signal.SIGKILL)
        _wait_until(lambda: len(_started(numbers)) == 2)
    assert caplog.messages == ["child ended with status -9, started again"]


def test_pauses_grow(numbers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that cannot run is not started over and over: each pause is twice the last, up to the longest."""
    pauses: list[float] = []
    companion = _companion(numbers, "sys.exit(3)")

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) == 9

    monkeypatch.setattr(companion, "_run_once", lambda: 3)
    monkeypatch.setattr(companion._stopping, "wait", wait)
    companion._run()
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
