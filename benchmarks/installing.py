"""Installs Datasette and json-server, which Debian does not have, pinned, into `.bench/` and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.catalogues import CACHE

_PEERS = Path(__file__).parent / "peers"


def install() -> int:
    """Install Datasette and json-server; exit status 0 if both are installed."""
    CACHE.mkdir(exist_ok=True)
    status = _datasette(CACHE / "datasette")
    return max(status, _json_server(CACHE / "json-server"))


def _datasette(folder: Path) -> int:
    print("Datasette", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    words: list[str | Path] = [
        folder / "bin" / "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        _PEERS / "datasette.txt",
    ]
    return subprocess.run(words, check=False).returncode


def _json_server(folder: Path) -> int:
    print("json-server", flush=True)
    npm = shutil.which("npm")
    if not npm:
        print("  npm was not found. Debian, Ubuntu: apt-get install npm", file=sys.stderr)
        return 1
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_PEERS / name, folder / name)
    return subprocess.run(
        [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, check=False
    ).returncode
