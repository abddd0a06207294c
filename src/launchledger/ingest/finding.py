"""Finding the files below paths: folders are entered, however deep they are, and links to folders too.

Promises: nothing is skipped silently. An unreadable path is yielded with the reason in place of a file; so is a path that is left
out on purpose (hidden entries, a folder that was read already), which is not a refusal. Each folder is read once, so that
circular links end.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

STANDARD_INPUT = "-"
_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A path that gives no file, and why; `refused` is whether it might have contained something to load."""

    path: Path
    reason: str
    refused: bool = True


Found = Path | str | LeftOut


def files_in(paths: Sequence[str]) -> Iterator[Found]:
    """The files of these paths and below them, in the order of names; "-" is standard input.

    Hidden entries of a folder are left out, and counted in one LeftOut for each folder.
    """
    for path in paths:
        if path == STANDARD_INPUT:
            yield path
        elif os.path.isdir(path):  # noqa: PTH112  (it hides errors: loading the file reports them)
            yield from _files_below(Path(path))
        else:
            yield Path(path)


def _files_below(folder: Path) -> Iterator[Found]:
    read: set[tuple[int, int]] = set()
    stack = [folder]  # not recursive: folders may be nested deeper than Python calls
    while stack:
        path = stack.pop()
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                yield from _file(path, status.st_mode)
                continue
            if (status.st_dev, status.st_ino) in read:
                yield LeftOut(path, "leads to a folder that was read already", refused=False)
                continue
            read.add((status.st_dev, status.st_ino))
            names = sorted((entry.name for entry in path.iterdir()), reverse=True)
        except OSError as error:
            yield LeftOut(path, f"cannot be read: {error.strerror or error}")
            continue
        shown = [name for name in names if not name.startswith(".")]
        stack.extend(path / name for name in shown)
        if hidden := len(names) - len(shown):
            yield LeftOut(path, f"{hidden:,} hidden {'entry was' if hidden == 1 else 'entries were'} left out", refused=False)
        elif not names:
            yield LeftOut(path, "is an empty folder", refused=False)


def _file(path: Path, mode: int) -> Iterator[Found]:
    kind = _KINDS.get(stat.S_IFMT(mode))
    yield LeftOut(path, f"is {kind}, not a file; name it as a PATH to load it") if kind else path
