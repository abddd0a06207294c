"""A plugin of pytest: the fixture `ll2`, a server of Launch Library 2 for tests (docs/sandbox.md).

Promises: one sandbox for a test session, or for each process of pytest-xdist, on a port of its own. The first test that
asks for it starts it, and it ends with the session, however that ends. Each test begins in its first state.
Imports no Django: test suites that do not use the fixture pay nothing for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

import pytest

_PATIENCE = 60.0  # seconds for one call to the control


class SandboxError(Exception):
    """The sandbox did not start, or refused something; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the code under test made: its time, and the status that it got, None if it got no reply."""

    at: str
    method: str
    path: str
    query: str
    status: int | None


class LL2:
    """A running sandbox. `url` is the root of the API, such as `http://127.0.0.1:40123/2.2.0/`."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def now(self) -> datetime:
        """The time of the sandbox's clock."""
        return datetime.fromisoformat(self._call("GET", "clock")["now"])

    def at(self, time: str | datetime, speed: float = 0) -> None:
        """Set the clock to a time, such as `2026-07-20T14:00:00Z`. It stands still there, or goes on at `speed`."""
        if isinstance(time, datetime):
            time = time.astimezone(UTC).isoformat()
        self._call("POST", "clock", {"now": time, "speed": speed})

    def move(self, by: timedelta) -> None:
        """Move the clock on, or back."""
        self.at(self.now + by)

    def fail(
        self,
        path: str = "",
        *,
        status: int | None = None,
        fault: str | None = None,
        times: int | None = None,
        share: float | None = None,
        seconds: float | None = None,
        seed: int = 0,
    ) -> None:
        """Let calls fail: the next one to `path` (such as `launch/upcoming`), the next `times`, or a `share` of them all.

        `status` is 403, 429, 500, 502 or 503; `fault` another name of docs/sandbox.md, such as `timeout`. `seconds` is
        `Retry-After` of a 429, and the waiting time of `timeout` and `slow`.
        """
        if (status is None) == (fault is None):
            raise TypeError("give one of status and fault")
        given = {"times": times, "share": share, "seconds": seconds}
        body = {"fault": str(status or fault), "path": path, "seed": seed}
        self._call("POST", "faults", body | {key: value for key, value in given.items() if value is not None})

    def limit(self, rate: str | None) -> None:
        """Limit the calls of each address, such as to `15/hour`; None for no limit. Calls of the past do not count."""
        self._call("POST", "rate", {"rate": rate})

    def change(
        self,
        resource: str,
        id: int | str | None = None,
        *,
        set: dict[str, Any] | None = None,
        create: dict[str, Any] | None = None,
        delete: bool = False,
    ) -> int | str:
        """Change, create or delete an object, with the keys of the wire; returns its id."""
        given = {"id": id, "set": set, "create": create, "delete": delete or None}
        body = {"resource": resource} | {key: value for key, value in given.items() if value is not None}
        key: int | str = self._call("POST", "change", body)["id"]
        return key

    @property
    def requests(self) -> list[Request]:
        """What was asked of the API since the first state, oldest first."""
        return [Request(**each) for each in self._call("GET", "requests")["results"]]

    def reset(self) -> None:
        """Return to the first state: catalogue, clock, no faults, no requests."""
        self._call("POST", "reset", {})

    def _call(self, method: str, name: str, body: Any = None) -> Any:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/sandbox/{name}/", content, {"Content-Type": "application/json"})
            response = connection.getresponse()
            found = json.loads(response.read())
        except (OSError, HTTPException, ValueError) as error:
            raise SandboxError(f"the sandbox does not answer: {error!r}") from None
        finally:
            connection.close()
        if response.status >= 400:
            raise SandboxError(found["detail"])
        return found


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("ll2_paths", "Replies, or the file of a catalogue, for the fixture ll2; the starter if not given.", "paths", [])
    parser.addini("ll2_now", "Time at which the clock of ll2 starts, such as 2026-07-20T14:00:00Z; the system's if not given.")
    parser.addini("ll2_rate", "Limit of calls to ll2, such as 15/hour; none if not given.")
    parser.addini("ll2_script", "TOML file with changes and their times for ll2.", "paths", [])


@pytest.fixture(scope="session")
def _ll2_sandbox(pytestconfig: pytest.Config) -> Iterator[LL2]:
    # The log goes to a file: a pipe that nobody reads is full one day, and the sandbox would wait.
    with (
        TemporaryFile() as log,
        subprocess.Popen(_command(pytestconfig), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as process,  # noqa: S603
    ):
        assert process.stdin  # noqa: S101 - both are pipes
        assert process.stdout  # noqa: S101
        try:
            words = process.stdout.readline().decode().split()
            url = next((word for word in words if word.startswith("http")), "")
            if not url:
                log.seek(0)
                raise SandboxError(log.read().decode().strip() or "the sandbox did not start")
            yield LL2(url)
        finally:
            process.stdin.close()


def _command(config: pytest.Config) -> list[str]:
    options = {"--now": config.getini("ll2_now"), "--rate": config.getini("ll2_rate")}
    options["--script"] = next(iter(config.getini("ll2_script")), "")
    words = [str(word) for name, value in options.items() if value for word in (name, value)]
    paths = [str(Path(path)) for path in config.getini("ll2_paths")]
    return [sys.executable, "-m", "launchledger", "sandbox", *paths, "--port", "0", "--until-stdin-ends", *words]


@pytest.fixture
def ll2(_ll2_sandbox: LL2) -> LL2:
    """A server of Launch Library 2 with a clock of its own, in its first state."""
    _ll2_sandbox.reset()  # before the test, not after: the clock has gone on since the last one
    return _ll2_sandbox
