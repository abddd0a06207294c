"""What tests of the samples share: a server behind them, with something in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.bodies import VOSTOK_1, agency, launch
from tests.support.processes import database_of_its_own, environment, serving

LAUNCH = f"/2.2.0/launch/{VOSTOK_1}/"
AGENCY = "/2.2.0/agencies/7/"

_WRITE = """
import json, sys, django
django.setup()
from datetime import datetime
from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE

for line in sys.stdin:
    model, body, at = json.loads(line)
    observe([Observation(WIRE.reader.read(model, body), "test", datetime.fromisoformat(at))])
    print("written", flush=True)
"""


class Behind(NamedTuple):
    """A server with one launch and an agency that has nothing to do with it.

    `write` takes in an object of a shape, `rename` gives the launch a name, `stop` ends the server.
    """

    url: str
    server: str
    write: Callable[[str, Any], None]
    rename: Callable[[str], None]
    stop: Callable[[], None]


@pytest.fixture
def behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Behind]:
    monkeypatch.setenv("LAUNCHLEDGER_TRUSTED_PROXIES", "127.0.0.1")
    monkeypatch.setenv("LAUNCHLEDGER_SURROGATE_KEYS", "Surrogate-Key,Cache-Tag")
    monkeypatch.setenv("LAUNCHLEDGER_MAX_AGE", "upcoming=60,choices=1,others=600")
    with ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(tmp_path))
        write = stack.enter_context(_writer(url))
        write("Agency", agency(7, name="Unrelated"))
        write("Launch", launch(name="Vostok 1"))
        server = stack.enter_context(serving(url, "--empty", "--workers", "2"))
        yield Behind(url, server.address, write, lambda name: write("Launch", launch(name=name)), server.process.terminate)


@contextmanager
def _writer(url: str) -> Iterator[Callable[[str, Any], None]]:
    """Takes objects in, each a minute later than the one before, and returns when that is committed."""
    pipe = subprocess.PIPE
    minutes = iter(range(1_000_000))
    with subprocess.Popen([sys.executable, "-c", _WRITE], env=environment(url), stdin=pipe, stdout=pipe, text=True) as process:
        to, answers = process.stdin, process.stdout
        assert to is not None
        assert answers is not None

        def write(model: str, body: Any) -> None:
            at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=next(minutes))
            to.write(json.dumps([model, body, at.isoformat()]) + "\n")
            to.flush()
            assert answers.readline() == "written\n"

        yield write
        to.close()
