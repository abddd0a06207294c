"""The receiver of docs/webhooks.md, run as it stands, and the page's figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from launchledger.hooks import keeping, messages
from launchledger.hooks.leasing import LONGEST_PAUSE, RETRIED_FOR
from launchledger.hooks.receivers import BOUNDS
from tests.support.processes import database_of_its_own, run, run_code
from tools.ports import free_port

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
_WRITE = "import django; django.setup(); from tests.support.receiver import write_entries; write_entries([{'kind': 'Launch'}])"


@pytest.mark.django_db(transaction=True)
def test_the_receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In twenty lines it verifies the signatures of a test and of a change, and refuses those of another secret."""
    found = re.search(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    port = free_port()
    program = found[1].replace("9000", str(port))
    assert len([line for line in program.splitlines() if line]) <= 20
    (tmp_path / "receiver.py").write_text(program, encoding="utf-8")
    monkeypatch.setenv("LAUNCHLEDGER_SECRET_KEY", "a key of forty characters or more, which no one knows")
    monkeypatch.setenv("LAUNCHLEDGER_HOOKS_PRIVATE", "true")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=os.pathsep)
    with database_of_its_own(tmp_path) as url:
        address = f"http://127.0.0.1:{port}/"
        secret = run(url, "hook", "add", address, "--resource", "launch", "--column", "name").splitlines()[-1]
        words = [sys.executable, str(tmp_path / "receiver.py")]
        with subprocess.Popen(words, env={**os.environ, "SECRET": secret}, stdout=subprocess.PIPE, text=True) as process:
            try:
                _test_until_open(url)
                run_code(url, _WRITE)
                assert run(url, "deliver").splitlines()[-1] == "1 message was accepted."
                assert run_code(url, _TEST, "of another hook") == "answered with 400"
            finally:
                process.terminate()
            printed, _ = process.communicate(timeout=60)
    assert printed == "launch 1 changed {'name': ['a', 'b']}\n"


def _test_until_open(url: str) -> None:
    """Send tests until the receiver listens."""
    for _ in range(60):
        if run_code(url, _TEST) == "answered with 204":
            return
    raise AssertionError("the receiver accepts nothing")


# Sends a test to the first hook, with its own secret or that of another salt.
_TEST = """
import django, sys
django.setup()
from launchledger.hooks.delivering import deliver_test
from launchledger.hooks.keeping import find_hook
hook = find_hook(1)
hook.salt = "".join(sys.argv[1:]) or hook.salt
print("answered with", deliver_test(hook).status)
"""


@pytest.mark.parametrize(
    "words",
    [
        f"at most {messages.MOST_ENTRIES}, and about {messages.MOST_BYTES // 1024} kB",
        f"within {BOUNDS.whole:g} seconds",
        f"grow threefold up to {LONGEST_PAUSE.total_seconds() / 3600:g} hours",
        f"at most {keeping.MOST_HOOKS} webhooks",
    ],
)
def test_figures(words: str) -> None:
    """Those of the code."""
    assert words in " ".join(PAGE.split())
    assert RETRIED_FOR.days == 3
