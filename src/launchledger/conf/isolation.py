"""Settings for a process that must touch nothing of the user's: a database of its own, and no other setting but those of the log.

Call it before anything reads the configuration.
"""

from __future__ import annotations

import os
import shutil
from atexit import register
from pathlib import Path
from tempfile import mkdtemp

CATALOGUE, COUNTERS = "catalogue.sqlite3", "counters.sqlite3"
_KEPT = ("LAUNCHLEDGER_LOG_FORMAT", "LAUNCHLEDGER_LOG_LEVEL")

_folder: Path | None = None


def isolate() -> None:
    """Give this process a folder for its database, which is deleted when the process ends."""
    global _folder
    _folder = Path(mkdtemp(prefix="launchledger-sandbox-"))
    register(shutil.rmtree, _folder, ignore_errors=True)
    for name in list(os.environ):
        if name.startswith(("LAUNCHLEDGER_", "DATABASE_URL")) and name not in _KEPT:
            del os.environ[name]
    os.environ["DATABASE_URL"] = f"sqlite:///{_folder / CATALOGUE}"
    os.environ["LAUNCHLEDGER_CACHE_URL"] = f"sqlite:///{_folder / COUNTERS}"
    os.environ["LAUNCHLEDGER_RESPONSE_CACHE_MB"] = "0"  # a cached reply may be a tenth of a second old


def isolated_folder() -> Path | None:
    """The folder of an isolated process; None for every other process."""
    return _folder
