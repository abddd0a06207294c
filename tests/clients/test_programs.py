"""Programs that other people wrote for upstream, unchanged but for the host they ask: they work with the starter catalogue.

They run in an environment of their own, because they ask for older libraries than ours; `make test` makes it from
requirements/clients.txt. Where it is missing, these tests are skipped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.processes import database_of_its_own, served

PYTHON = Path(sys.prefix) / "clients" / "bin" / "python"
PROGRAMS = Path(__file__).with_name("programs")

pytestmark = [
    pytest.mark.skipif(not PYTHON.exists(), reason="make test did not install requirements/clients.txt in .venv/clients"),
    pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py"),
]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A server with the starter catalogue."""
    with (
        django_db_blocker.unblock(),
        database_of_its_own(tmp_path_factory.mktemp("programs")) as url,
        served(url, "--workers", "1") as address,
    ):
        yield address


def _printed_by(program: str, host: str) -> Any:
    """What a program prints, which must end well."""
    done = subprocess.run([PYTHON, PROGRAMS / program, host], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pylaunches_gets_an_answer_to_every_question(host: str) -> None:
    """It raises for an empty list, and for a dashboard without a flown launch."""
    answers = _printed_by("ask_with_pylaunches.py", host)
    assert [len(answers[name]) for name in ("next", "launches", "events", "events_upcoming", "events_previous")] == [
        1,
        10,
        10,
        2,
        10,
    ]
    assert answers["next"][0] == answers["launches"][0]
    assert [launch["name"] for launch in answers["starship"]["previous"]["launches"]] == ["Starship SN15 | 10 km Flight"]


def test_skylab_draws_its_screen(host: str) -> None:
    """It needs a provider, a launcher, a pad with its location, a mission with its text, and a date of everything."""
    shown = _printed_by("show_with_skylab.py", host)
    assert [len(shown["launches"]), len(shown["events"])] == [10, 10]
    for provider, launcher, moment, pad, text, *_ in shown["launches"]:
        assert all((provider, launcher, moment, pad.strip(", "), text))
    assert all(name and moment != "No date given yet." and text for name, moment, text, *_ in shown["events"])
