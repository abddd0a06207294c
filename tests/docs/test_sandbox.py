"""The examples of docs/sandbox.md, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchledger.pytest_plugin import LL2
from launchledger.sandbox.faults import KINDS
from launchledger.sandbox.scripts import read_script

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def _example(language: str, number: int = 0) -> str:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found[number]


def _run(folder: Path, *words: str) -> str:
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": commands, "HOME": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_for_pytest(tmp_path: Path) -> None:
    """The client and its three tests, in a project of their own without any setting of ours."""
    (tmp_path / "countdown.py").write_text(_example("python", 0), encoding="utf-8")
    (tmp_path / "test_countdown.py").write_text(_example("python", 1), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    printed = _run(
        tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider"
    )
    assert "3 passed" in printed


def test_the_example_for_javascript(tmp_path: Path) -> None:
    """The command, controlled from node's test runner."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    (tmp_path / "countdown.test.mjs").write_text(_example("javascript"), encoding="utf-8")
    assert re.search(r"pass 2\b", _run(tmp_path, node, "--test", str(tmp_path / "countdown.test.mjs")))


def test_the_script(tmp_path: Path, ll2: LL2) -> None:
    """Each of its changes can be made."""
    file = tmp_path / "script.toml"
    file.write_text(_example("toml"), encoding="utf-8")
    changes = [each.change for each in read_script(file, datetime(2026, 7, 20, tzinfo=UTC))]
    assert len(changes) == 3
    for change in changes:
        body = dict(change.body or {})
        if change.is_new:
            ll2.change(change.resource.path, create=body)
        elif change.body is None:
            ll2.change(change.resource.path, change.key, delete=True)
        else:
            ll2.change(change.resource.path, change.key, set=body)


def test_every_fault_is_described() -> None:
    """The table has every kind, and no other."""
    table = PAGE.partition("### Faults")[2].partition("## Scripts")[0]
    described = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert sorted(described) == sorted(KINDS)
