"""Processes that are measured: all they use is counted, nothing of them is left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.processes import NotAnswering, Tree, await_port, is_running, running
from tools.ports import free_port

_BURN = "import time\nwhile time.process_time() < 0.2: pass\nprint('done', flush=True)\ninput()"
_PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BURN!r}])"


def test_children_are_counted() -> None:
    """CPU time of a process's child is time of its tree, and a burned fifth of a second is seen."""
    words = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "done\n"
        tree = Tree(parent.pid)
        assert len(tree.pids()) == 2
        assert tree.cpu() >= 0.2
        parent.communicate("\n")


def test_what_was_started_is_stopped(tmp_path: Path) -> None:
    """A server that ignores the request to stop, and its children, are gone when the block ends."""
    log = tmp_path / "log"
    child = "import time; time.sleep(600)"
    words = [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"]
    with running(words, log) as process:
        while len(pids := Tree(process.pid).pids()) < 2:
            assert process.poll() is None
    assert [pid for pid in pids if is_running(pid)] == []


def test_a_server_that_ends_is_told_with_its_last_words(tmp_path: Path) -> None:
    """Waiting for a server that cannot start ends at once, with what it said."""
    log = tmp_path / "log"
    words = [sys.executable, "-c", "raise SystemExit('no such table')"]
    with running(words, log) as process, pytest.raises(NotAnswering, match="no such table"):
        await_port(process, free_port(), log)
