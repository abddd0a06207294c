"""Which process this is, and whether another one has ended."""

from __future__ import annotations

import subprocess
import sys

import pytest

from launchledger.sync.processes import has_ended, this_process

_CHILD = "from launchledger.sync.processes import this_process; print(this_process(), flush=True); input()"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are only known on Linux")


def test_a_process_has_ended_after_its_end_only() -> None:
    """Also before its parent has read its status; its number may be that of another process later."""
    with subprocess.Popen([sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdin
        process = child.stdout.readline().strip()
        assert not has_ended(process)
        child.stdin.write("\n")
        child.stdin.close()
        assert child.stdout.read() == ""
        while not has_ended(process):  # it ends a little after its output does
            pass
        assert child.returncode is None
    assert has_ended(process)
    assert not has_ended(this_process())


def test_what_is_not_known_has_not_ended() -> None:
    """Processes of another start of the machine, of another machine, and texts of another form."""
    _, number, started = this_process().split()
    for process in (f"elsewhere {number} {started}", f"elsewhere {number} 1", "", " ", "elsewhere"):
        assert not has_ended(process)
