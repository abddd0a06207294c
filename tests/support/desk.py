"""A server with the desk: its settings, and its users."""

from __future__ import annotations

import subprocess
import sys

from tests.support.processes import environment

SETTINGS = {"LAUNCHLEDGER_CURATION": "on", "LAUNCHLEDGER_SECRET_KEY": "a key for tests that is long enough, and then some"}
PASSWORD = "four orbits of a heron"


def add_user(url: str, *words: str) -> None:
    """Add a user with PASSWORD to this database; the words are the name and the role, such as `--curator`."""
    command = [sys.executable, "-m", "launchledger", "user", "add", *words]
    subprocess.run(command, env=environment(url), input=f"{PASSWORD}\n", text=True, check=True, capture_output=True, timeout=120)
