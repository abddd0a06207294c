"""The paths of recorded replies and the contract document, for the tests that compare with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere"))
REPLIES = ROOT / "upstream"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
DOCUMENT = ROOT / "contract" / "ll2-2.2.0.openapi.yaml"

needs_upstream = pytest.mark.skipif(not REPLIES.is_dir(), reason="LAUNCHLEDGER_UPSTREAM names no folder of replies")
