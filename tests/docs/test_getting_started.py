"""docs/getting-started.md: its commands run in order against a server of their own, if they can run here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import database_of_its_own, environment, served
from tools.docs.__main__ import FOLDER

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine, which the page uses"),
]

PAGE = FOLDER / "getting-started.md"
UPSTREAM = "https://ll.thespacedevs.com"
SERVER = "http://127.0.0.1:8000"

# Tried by hand from a clean clone. They change the machine, need the network or a server of PostgreSQL, or are the start itself.
NOT_RUN = (
    "sudo apt-get ", "git ", "cd launchledger", "make serve", "createdb ", "DATABASE_URL=postgres:", "python3 -m venv ",
    "~/launchledger/bin/pip ", "mkdir before-the-upgrade", "cp launchledger.sqlite3", "pg_dump ",
)  # fmt: skip


def _commands() -> Iterator[tuple[str, str]]:
    """Each command on the page, with its output there."""
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed.strip()


def _workplace(folder: Path) -> dict[str, str]:
    """A folder in which the command is where make puts it, and the environment in which failing calls fail."""
    programs = {
        folder / ".venv" / "bin" / "launchledger": f'exec "{sys.executable}" -m launchledger "$@"',
        folder / "bin" / "curl": f'exec "{shutil.which("curl")}" --silent --show-error --fail "$@"',
    }
    for program, line in programs.items():
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o755)
    (folder / "replies").mkdir()
    return {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    """Every command succeeds and prints the output below it; our own server takes upstream's place."""
    ran = []
    with database_of_its_own(tmp_path) as url, served(url) as server:
        surroundings = environment(url) | _workplace(tmp_path)
        for command, printed in _commands():
            if command.startswith(NOT_RUN):
                continue
            words = command.replace(SERVER, server).replace(UPSTREAM, server)
            done = subprocess.run(
                ["sh", "-c", words], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            assert printed in done.stdout, command
            assert done.stdout or "-o" in command, f"{command} printed nothing"
            ran.append(command.split()[0])
    assert ran.count("curl") > 5
    assert ran.count(".venv/bin/launchledger") > 2


def test_every_command_of_the_page_is_known() -> None:
    """Every entry of NOT_RUN is still on the page."""
    unused = [begin for begin in NOT_RUN if not any(command.startswith(begin) for command, _ in _commands())]
    assert unused == []
