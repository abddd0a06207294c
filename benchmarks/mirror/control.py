"""A sandbox in a process of its own, and its control."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import BadStatusLine, HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.processes import NotAnswering, Tree


@dataclass
class Control:
    """The control of a sandbox over one connection; `url` is the root of the API."""

    url: str
    tree: Tree
    log: Path

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(urlsplit(self.url).netloc, timeout=120)

    def call(self, method: str, name: str, body: Any = None) -> Any:
        return json.loads(self.ask(method, f"/sandbox/{name}/", body))

    def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of any reply."""
        content = None if body is None else json.dumps(body)
        try:
            response = self._send(method, path, content)
        except (ConnectionError, BadStatusLine):  # the sandbox closes a connection that was silent for a minute
            self._connection.close()
            response = self._send(method, path, content)
        found = response.read()
        if response.status >= 400:
            raise RuntimeError(f"the sandbox answers {response.status} to {method} {path}: {found[:300]!r}")
        return found

    def _send(self, method: str, path: str, content: str | None) -> HTTPResponse:
        self._connection.request(method, path, content, {"Content-Type": "application/json"})
        return self._connection.getresponse()

    def at(self, timestamp: float) -> None:
        """Set the clock, which stands still there."""
        self.call("POST", "clock", {"now": datetime.fromtimestamp(timestamp, UTC).isoformat(), "speed": 0})

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of the API and counts, oldest first."""
        found = self.call("GET", "requests")["results"]
        return [each for each in found if not each["path"].endswith("/api-throttle/")]


@contextmanager
def sandbox(folder: Path, *words: str | Path) -> Iterator[Control]:
    """A running `launchledger sandbox`, which ends with the block."""
    log = folder / "sandbox.log"
    command = [sys.executable, "-m", "launchledger", "sandbox", *map(str, words), "--port", "0", "--until-stdin-ends"]
    with (
        log.open("ab") as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdin
        assert process.stdout
        try:
            line = process.stdout.readline().decode()
            url = next((word for word in line.split() if word.startswith("http")), "")
            if not url:
                raise NotAnswering(f"the sandbox did not start: {log.read_text(errors='replace')[-800:].strip()}")
            yield Control(url, Tree(process.pid), log)
        finally:
            process.stdin.close()
