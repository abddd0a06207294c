"""Requests that a worker holds until something changes: what holding them costs, and how soon each gets the news."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

from benchmarks.asking import HOST, Question, Refused, ask
from benchmarks.catalogues import ROOT, SETTINGS, catalogue_copy
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.servers import launchledger

HELD, OF_ONE = 200, 20  # requests at once, and from one address: the most that a worker holds
SECONDS = 5.0
_CHANGES = "/ledger/changes/"


def measure_held(found: Findings) -> None:
    """CPU of a worker while it holds HELD requests and nothing changes, and the time from a commit to their replies."""
    with catalogue_copy(1) as url, launchledger(url) as server:
        begin = int(ask(server.port, Question(f"{_CHANGES}?limit=1")).body.split(b'"newest":', 1)[1].split(b",", 1)[0])
        server.tree.drain()
        idle = _cpu_a_second(server.tree.cpu)
        with _held(server.port, f"{_CHANGES}?since={begin}&wait=30") as connections:
            server.tree.drain()
            held = _cpu_a_second(server.tree.cpu)
            with ThreadPoolExecutor(HELD) as threads:
                replies = [threads.submit(_reply, connection) for connection in connections]
                before = server.tree.cpu()
                committed = _commit(url)
                after = [reply.result() - committed for reply in replies]
                news = server.tree.cpu() - before
    found.record(Figure(f"{HELD} held requests: the worker's CPU a second, beyond its own", 1_000 * (held - idle), "ms CPU"))
    found.record(Figure("a worker that holds none: CPU a second", 1_000 * idle, "ms CPU"))
    found.record(Figure(f"a commit to the reply of {HELD} held requests: half of them", 1_000 * median(after), "ms"))
    found.record(Figure(f"a commit to the reply of {HELD} held requests: the last", 1_000 * max(after), "ms"))
    found.record(Figure("answering a held request", 1_000 * news / HELD, "ms CPU"))


def _cpu_a_second(cpu: object) -> float:
    before = cpu()  # type: ignore[operator]
    time.sleep(SECONDS)
    used: float = cpu() - before  # type: ignore[operator]
    return used / SECONDS


@contextmanager
def _held(port: int, path: str) -> Iterator[list[http.client.HTTPConnection]]:
    """Connections from several addresses of this machine, each with a request that was sent and is not answered yet."""
    connections = [
        http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(f"127.0.0.{2 + number // OF_ONE}", 0))
        for number in range(HELD)
    ]
    try:
        for connection in connections:
            connection.request("GET", path, headers={"Host": HOST})
        yield connections
    finally:
        for connection in connections:
            connection.close()


def _reply(connection: http.client.HTTPConnection) -> float:
    """When the reply with the change came."""
    body = connection.getresponse().read()
    if b'"results":[]' in body:
        raise Refused("a held request was answered without the change")
    return time.time()


def _commit(url: str) -> float:
    """Change one object in a process of its own; returns the time after the commit."""
    words = [sys.executable, "-m", "benchmarks.works.held"]
    done = subprocess.run(
        words, env={**os.environ, **SETTINGS, "DATABASE_URL": url}, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    return float(done.stdout)


def main() -> None:
    import django

    django.setup()
    from launchledger.catalogue.actions import Observation, observe
    from launchledger.clock import now
    from launchledger.wire.v2_2_0 import WIRE

    body = {"id": 1, "name": "Changed while requests are held", "abbrev": "Held", "description": ""}
    observe([Observation(WIRE.reader.read("LaunchStatus", body), "benchmark", now())])
    print(time.time())


if __name__ == "__main__":
    main()
