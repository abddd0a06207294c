"""Inputs of the field cases: where they are kept beside upstream's replies, and how they are loaded and asked for.

Each case is a small input of ours, in the test itself, with its right answer. Where LAUNCHLEDGER_UPSTREAM names a folder that
holds `field-cases`, the inputs there are tried against the same answer.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from launchledger.cli import launchledger
from tests.support.bodies import HOST

KEPT = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", ""), "field-cases")
needs_kept_cases = pytest.mark.skipif(not KEPT.is_dir(), reason="LAUNCHLEDGER_UPSTREAM names no folder with field-cases")


def load(*words: object) -> Result:
    """The command `launchledger load`."""
    return CliRunner().invoke(launchledger, ["load", *map(str, words)], prog_name="launchledger")


def file_of(folder: Path, name: str, *bodies: Any) -> Path:
    """A file with these bodies, one a line; a text goes in as it is."""
    file = folder / name
    lines = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def agency(key: int) -> dict[str, Any]:
    """An agency with nothing but its name."""
    return {"id": key, "url": f"{HOST}/agencies/{key}/", "name": f"Agency {key}"}


def page(*results: Any) -> dict[str, Any]:
    return {"count": len(results), "next": None, "previous": None, "results": list(results)}
