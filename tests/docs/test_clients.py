"""docs/clients.md: every command in it is run against a server with the starter catalogue, and prints what the page says.

A block of `console` has commands after `$`, each with what it prints; `python` and `javascript` are programs, each followed by a
block of `output`. After an `…` the rest of a line is not compared.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.processes import database_of_its_own, run, served

pytestmark = pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clients.md"
HOST = "http://127.0.0.1:8000"
_BLOCKS = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

BLOCKS: list[tuple[str, str]] = _BLOCKS.findall(PAGE.read_text(encoding="utf-8"))
COMMANDS = [
    (command, printed)
    for language, text in BLOCKS
    if language == "console"
    for command, _, printed in (part.partition("\n") for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:])
]
PROGRAMS = [
    (language, text, BLOCKS[place + 1][1])
    for place, (language, text) in enumerate(BLOCKS)
    if language in ("python", "javascript")
]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the starter catalogue and a key, for all commands."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("clients")))
        run(url, "key", "create", "somebody")
        yield stack.enter_context(served(url))


def _needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program} on this machine")
    return found


def _assert_prints(words: list[str], expected: str, server: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.replace(server, HOST).rstrip("\n").split("\n")
    for line, promised in zip(printed, expected.rstrip("\n").split("\n"), strict=True):
        beginning, cut, _ = promised.partition("…")
        assert (line[: len(beginning)] if cut else line) == beginning


@pytest.mark.parametrize(("command", "printed"), COMMANDS)
def test_a_command_prints_what_the_page_says(server: str, command: str, printed: str) -> None:
    """Every shell command on the page works unchanged."""
    _needs("curl")
    assert command.startswith("curl ")
    _assert_prints([_needs("sh"), "-c", command.replace(HOST, server)], printed, server)


@pytest.mark.parametrize(("language", "program", "output"), PROGRAMS)
def test_a_program_prints_what_the_page_says(server: str, language: str, program: str, output: str) -> None:
    """Every program on the page works unchanged."""
    run = [sys.executable, "-c"] if language == "python" else [_needs("node"), "--input-type=module", "--eval"]
    _assert_prints([*run, program.replace(HOST, server)], output, server)


def test_every_block_is_run() -> None:
    """Every block is tested: it is a command, a program, or the output of a program."""
    languages = [language for language, _ in BLOCKS]
    assert set(languages) == {"console", "python", "javascript", "output"}
    assert languages.count("output") == len(PROGRAMS)
    assert len(COMMANDS) >= 4


def test_every_errors_body_is_the_servers(server: str) -> None:
    """The bodies in the table of errors are those that the server sends."""
    _needs("curl")
    asked = {
        "400": "/2.2.0/launch/?net__gte=x",
        "401": "/2.2.0/pad/ -H Authorization:Token\\ x",
        "404": "/2.2.0/pad/0/",
        "405": "/2.2.0/pad/ -X POST",
        "406": "/2.2.0/pad/ -H Accept:image/png",
        "414": f"/2.2.0/pad/?{'x' * 8193}",
    }
    bodies = dict(re.findall(r"^\| (\d{3}) \| `(.*?)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(asked) | {"429", "500"} == set(bodies)
    for status, call in asked.items():
        _assert_prints([_needs("sh"), "-c", f"curl -s {server}{call}"], bodies[status], server)
