"""Pictures of pages: looked at in each run of the tests, and written to docs/pictures by `make pictures` only, because no two
machines draw the same pixels."""

from __future__ import annotations

import os
from pathlib import Path

from tests.journeys.browser import Look, Seen

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST = 200_000  # bytes of a picture in docs


def picture(seen: Seen, name: str, look: Look, height: int, folder: Path) -> None:
    """Take the picture of a page, so much of it from the top, into this folder or the docs, and check that it shows something."""
    file = (PICTURES if os.environ.get("LAUNCHLEDGER_PICTURES") else folder) / f"{name}-{look.name}.png"
    file.parent.mkdir(exist_ok=True)
    seen.picture(file, height)
    assert is_picture(file, look.width)


def is_picture(file: Path, width: int) -> bool:
    """Whether a file is a PNG of this width that shows more than one colour: blank ones are a few bytes a row."""
    beginning = file.read_bytes()[:24]
    return beginning[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(beginning[16:20]) == width and file.stat().st_size > 8_000
