"""Load from wrk on a running server, without a pause, and the requests that were lost."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

import pytest

from benchmarks.wrk import NoWrk, find
from tests.support.beside import HOST
from tests.support.processes import Server

CONNECTIONS = 16  # each has one request in flight
_SCRIPT = """
local addresses = {%s}
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", addresses[(number - 1) %% #addresses + 1], {Host = "%s"})
end
done = function(summary)
  local e = summary.errors
  local counted = {summary.requests, e.connect, e.read, e.write, e.timeout, e.status}
  io.write("\\nRESULT " .. table.concat(counted, " ") .. "\\n")
end
"""


def _is_there() -> bool:
    try:
        return bool(find())
    except NoWrk:
        return False


needs_wrk = pytest.mark.skipif(not _is_there(), reason="wrk makes the load: apt-get install wrk")


class Counted(NamedTuple):
    """Requests that were answered, and errors: of sockets by operation, and replies that were not 2xx or 3xx."""

    requests: int
    connect: int
    read: int
    write: int
    timeout: int
    status: int

    @property
    def lost(self) -> int:
        return sum(self[1:])


class Load:
    """Load that runs. `counted` is its result, once it is over."""

    counted: Counted


@contextmanager
def load(server: Server, addresses: Sequence[str], folder: Path) -> Iterator[Load]:
    """Every address in turn, on so many connections, while the block runs. `folder` is for files that are needed meanwhile."""
    script = folder / "load.lua"
    script.write_text(_SCRIPT % (", ".join(map(json.dumps, addresses)), HOST), encoding="utf-8")
    words = [find(), "-t1", f"-c{CONNECTIONS}", "-d600s", "--timeout", "30s", "-s", str(script), server.address]
    running = Load()
    with TemporaryFile() as output, subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            yield running
        finally:
            process.send_signal(signal.SIGINT)  # it stops, and tells what it counted
            process.wait(30)
        output.seek(0)
        printed = output.read().decode()
    found = re.search(r"RESULT (.*)", printed)
    assert found, printed
    running.counted = Counted(*map(int, found[1].split()))
