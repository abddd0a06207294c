"""Load by `wrk` (a Debian package): a steady stream for some seconds, or each question once.

One thread sends the questions in the given order, so both sides of a comparison get the same ones equally often.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import HOST, Question, Refused
from benchmarks.processes import CLIENT_CORE

# `issued` counts requests, `answered` replies; the difference was in flight at the end.
_SCRIPT = """
local requests, issued, answered = {}, 0, 0
failed = 0
init = function(args)
%(requests)s
end
request = function()
  issued = issued + 1
  return requests[(issued - 1) %% #requests + 1]
end
%(response)s
local threads = {}
setup = function(thread) threads[#threads + 1] = thread end
done = function(summary, latency, more)
  local e = summary.errors
  local sent, failed = threads[1]:get("sent") or 0, threads[1]:get("failed") or 0
  io.write(string.format("\\nRESULT %%d %%d %%d %%.0f %%.0f %%d %%d\\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), e.status + e.connect + e.read + e.write + e.timeout + failed, sent))
end
"""
_ONCE = """
response = function(status, headers, body)
  answered = answered + 1
  if status ~= %d then failed = failed + 1 end
  if answered == #requests then
    sent = issued - 1 -- wrk makes one request before it begins, to inspect it
    wrk.thread:stop()
    io.write("FINISHED\\n")
    io.flush()
  end
end
"""
_LONGEST = 300  # seconds for questions that are asked once


class NoWrk(Exception):
    """wrk is not installed; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a run: requests sent, seconds, bytes received for each reply, latencies in milliseconds."""

    requests: int
    seconds: float
    bytes_each: float
    p50: float
    p99: float


def find() -> str:
    found = shutil.which("wrk")
    if not found:
        raise NoWrk(
            "wrk, which makes the load, was not found on PATH. Debian, Ubuntu: apt-get install wrk; macOS: brew install wrk."
        )
    return found


def stream(port: int, questions: Sequence[Question], *, seconds: float, connections: int) -> Load:
    """The questions again and again for some seconds; raises Refused on any error."""
    return _run(port, questions, connections, max(1, round(seconds)), once=0)


def each_once(port: int, questions: Sequence[Question], *, connections: int = 1, status: int = 200) -> Load:
    """Every question once (with several connections a few more, which are counted); raises Refused on any error."""
    return _run(port, questions, connections, _LONGEST, once=status)


def _run(port: int, questions: Sequence[Question], connections: int, duration: int, *, once: int) -> Load:
    if not questions:
        raise Refused("there are no questions to ask")
    requests = "\n".join(
        f"  requests[{i}] = wrk.format('GET', {_lua(q.path)}, {_headers(q)})" for i, q in enumerate(questions, 1)
    )
    script = _SCRIPT % {"requests": requests, "response": _ONCE % once if once else ""}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "load.lua"
        file.write_text(script, encoding="utf-8")
        words = [
            find(),
            "-t1",
            f"-c{connections}",
            f"-d{duration}s",
            "--timeout",
            "60s",
            "-s",
            str(file),
            f"http://127.0.0.1:{port}",
        ]
        if CLIENT_CORE is not None and (taskset := shutil.which("taskset")):
            words = [taskset, "-c", str(CLIENT_CORE), *words]
        output = _output(words)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if not found:
        raise Refused(f"wrk gave no result: {output.strip()[-300:]}")
    answered, duration_us, received, p50, p99, errors, sent = map(int, found.groups())
    if errors:
        raise Refused(f"{errors:,} of {answered:,} requests failed")
    if once and not sent:
        raise Refused(f"only {answered:,} of {len(questions):,} questions were answered in time")
    return Load(sent or answered, duration_us / 1e6, received / max(1, answered), p50 / 1e3, p99 / 1e3)


def _output(words: list[str]) -> str:
    """The output of wrk. It sleeps until its time is over, even when its only thread has stopped, unless a signal wakes it."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line == "FINISHED\n":
                process.send_signal(signal.SIGINT)
    return "".join(lines)


def _lua(text: str) -> str:
    return json.dumps(text)  # Lua reads JSON's escapes alike in these paths and headers


def _headers(question: Question) -> str:
    headers = {"Host": HOST, **question.headers}
    return "{" + ", ".join(f"[{_lua(name)}] = {_lua(value)}" for name, value in headers.items()) + "}"
