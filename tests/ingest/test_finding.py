"""Finding the files below paths: every file once, and a reason for each path that gives none."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchledger.ingest.finding import LeftOut, files_in


def files(*paths: Path) -> list[str]:
    """The names of the files found below the first path, relative to it."""
    found = files_in([str(path) for path in paths])
    return [str(Path(path).relative_to(paths[0])) for path in found if not isinstance(path, LeftOut)]


def left_out(*paths: Path) -> list[tuple[str, str, bool]]:
    found = files_in([str(path) for path in paths])
    return [(left.path.name, left.reason, left.refused) for left in found if isinstance(left, LeftOut)]


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_folders_are_entered_in_the_order_of_names(tmp_path: Path) -> None:
    """A file that is named is taken, hidden or not; "-" is standard input; a missing file is reported when it is loaded."""
    make(tmp_path, "b/2.json", "b/1.json", "a.json", "c.json", ".hidden.json")
    assert files(tmp_path) == ["a.json", "b/1.json", "b/2.json", "c.json"]
    hidden, missing = tmp_path / ".hidden.json", tmp_path / "missing.json"
    assert list(files_in([str(hidden), "-", str(missing)])) == [hidden, "-", missing]


def test_hidden_entries_are_left_out_and_counted(tmp_path: Path) -> None:
    """Once for each folder; it is not a refusal."""
    make(tmp_path, "a.json", ".git/config.json", ".hidden.json", "b/.x/y.json")
    assert files(tmp_path) == ["a.json"]
    assert left_out(tmp_path) == [
        (tmp_path.name, "2 hidden entries were left out", False),
        ("b", "1 hidden entry was left out", False),
    ]


def test_a_linked_folder_is_entered(tmp_path: Path) -> None:
    """Its files are found like others."""
    make(tmp_path, "nas/agencies.json", "replies/a.json")
    (tmp_path / "replies/2024").symlink_to("../nas")
    assert files(tmp_path / "replies") == ["2024/agencies.json", "a.json"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """Each folder is read once, however many links lead to it."""
    make(tmp_path, "a.json", "b/c.json")
    (tmp_path / "b/again").symlink_to(tmp_path)
    (tmp_path / "d").symlink_to(tmp_path / "b")
    assert files(tmp_path) == ["a.json", "b/c.json"]
    reason = "leads to a folder that was read already"
    assert left_out(tmp_path) == [("again", reason, False), ("d", reason, False)]


def test_other_kinds_of_entries_are_reported(tmp_path: Path) -> None:
    """A broken link, a link to itself, a pipe and a socket: none is waited for, each is a refusal."""
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is short
        listening.bind("socket")
        os.chdir(here)
    by_itself = "not a file; name it as a PATH to load it"
    assert left_out(tmp_path) == [
        ("broken", "cannot be read: No such file or directory", True),
        ("loop", "cannot be read: Too many levels of symbolic links", True),
        ("pipe", f"is a pipe, {by_itself}", True),
        ("socket", f"is a socket, {by_itself}", True),
    ]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    """It is not a refusal."""
    assert left_out(tmp_path) == [(tmp_path.name, "is an empty folder", False)]


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder nested until its path is longer than the system takes, with a good file beside the nest and one within."""
    here = Path.cwd()
    make(tmp_path, "good.json")
    os.chdir(tmp_path)
    for level in range(2_500):
        Path("a").mkdir()
        os.chdir("a")
        if level == 1_499:
            Path("good.json").touch()
    os.chdir(here)
    yield tmp_path
    top = tmp_path / "a"  # taken down level by level, for no path leads to the last
    while (top / "a").exists():
        (top / "a").rename(tmp_path / "next")
        (top / "good.json").unlink(missing_ok=True)
        top.rmdir()
        (tmp_path / "next").rename(top)
    top.rmdir()


def test_a_folder_too_deep_is_named_and_the_rest_is_read(deep: Path) -> None:
    """1,500 levels are read; where the path becomes too long for the system, that folder is named."""
    assert files(deep) == ["a/" * 1_500 + "good.json", "good.json"]
    assert [(reason, refused) for _, reason, refused in left_out(deep)] == [("cannot be read: File name too long", True)]
