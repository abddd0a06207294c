"""Opening a file or standard input as a seekable stream, unpacked if it is compressed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from launchledger import clock
from launchledger.ingest.archives import IN_MEMORY, Unpacked, unpacked

_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()  # the latest that a `datetime` can hold


@dataclass(frozen=True, slots=True)
class Opened:
    """The content of a file, when it was saved (now for a pipe), and the file itself if that is its own time."""

    content: Unpacked
    saved: datetime
    file: Path | None


@contextmanager
def opened(file: Path | str, standard_input: BinaryIO | None) -> Iterator[Opened]:
    """Open a file, or standard input for a text. Raises OSError."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            seekable = stream.seekable()
            saved = file.stat().st_mtime if seekable else clock.timestamp()
            with nullcontext(stream) if seekable else _spooled(stream) as whole, unpacked(whole) as content:
                yield Opened(content, _datetime(saved), file if seekable else None)
    elif standard_input is None:
        raise OSError("there is no standard input")
    else:
        with _spooled(standard_input) as whole, unpacked(whole) as content:
            yield Opened(content, _datetime(clock.timestamp()), None)


def _datetime(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), _LATEST), UTC)


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        shutil.copyfileobj(stream, spooled)
        spooled.seek(0)
        yield cast(BinaryIO, spooled)
