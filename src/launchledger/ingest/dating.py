"""The time of a reply: from its content, the name of its file, or the time of its file, in this order of trust.

Promises: no reply is dated before the newest event in it. The time of a file counts only where it can be the time of saving: not
for files tracked by git, and not where all files have the same second, as after a checkout or a copy.
Refuses to guess: a reply without a time is dated UNKNOWN, so that it fills gaps and never overwrites a dated value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from launchledger import clock
from launchledger.catalogue.choices import EXACT, LEFT
from launchledger.formats.times import UNKNOWN, parse_date_time

# Keys that upstream sets after the event; the date of an event counts if it is exact, the net of a launch if it flew.
_HAPPENED = frozenset({"created_on", "last_flight", "last_launch_date", "previous_flight_date", "docking", "date"})
_NESTING = (dict, list)
_LARGEST_INDEX = 256 * 1024**2  # bytes of git's index that are read


class Times(NamedTuple):
    """The newest `last_updated` in a value of JSON, and the newest event in it that has happened."""

    updated: datetime | None = None
    happened: datetime | None = None

    def merge(self, other: Times) -> Times:
        return Times(newest(self.updated, other.updated), newest(self.happened, other.happened))


NO_TIMES = Times()


def newest(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time), default=None)


def times_in(body: Any) -> Times:
    """The times anywhere in a value of JSON. Invalid times are skipped: reading the object refuses them."""
    updated: list[datetime] = []
    happened: list[datetime] = []
    stack = [body]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, dict):
            stack.extend(nested for nested in value.values() if nested.__class__ in _NESTING)
            updated.extend(_parsed(value.get("last_updated")))
            for key in _HAPPENED & value.keys():
                if key != "date" or _id_of(value, "date_precision") in (None, *EXACT):
                    happened.extend(_parsed(value[key]))
            if "net" in value and _id_of(value, "status") in LEFT:
                happened.extend(_parsed(value["net"]))
    now = clock.now()
    return Times(newest(*updated), newest(*(time for time in happened if time <= now)))


def _parsed(text: Any) -> Iterator[datetime]:
    if isinstance(text, str) and text:
        with suppress(ValueError):
            yield parse_date_time(text)


def _id_of(body: dict[str, Any], key: str) -> Any:
    choice = body.get(key)
    return choice.get("id") if isinstance(choice, dict) else choice


class DatesInNames:
    """A pattern such as `%Y-%m-%d`, searched in the name of a file and then in those of its folders; times are in UTC.

    Raises ValueError if the pattern has no whole date: %Y, %m and %d, or %s for seconds since 1970.
    """

    _DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}

    def __init__(self, pattern: str) -> None:
        parts = re.split(r"%(.)", pattern)
        words = parts[1::2]
        if unknown := next((word for word in words if word not in (*self._DIGITS, "s")), None):
            raise ValueError(f"%{unknown} is not one of %Y %m %d %H %M %S %s")
        if len(set(words)) < len(words):
            raise ValueError("use each part of a date at most once")
        if not ({"Y", "m", "d"} <= set(words) and "s" not in words) and words != ["s"]:
            raise ValueError("the pattern needs %Y, %m and %d, or %s alone")
        text = "".join(f"(?P<{part}>{self._digits(part)})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        self.pattern = pattern
        self._expression = re.compile(rf"(?<!\d){text}(?!\d)", re.ASCII)

    def _digits(self, word: str) -> str:
        return rf"\d{{{self._DIGITS[word]}}}" if word != "s" else r"\d{9,10}"

    def find(self, path: Path) -> datetime | None:
        for name in reversed(path.parts):
            for found in reversed(list(self._expression.finditer(name))):
                with suppress(ValueError):
                    return self._datetime({word: int(digits) for word, digits in found.groupdict().items()})
        return None

    def _datetime(self, parts: dict[str, int]) -> datetime:
        if "s" in parts:
            return UNKNOWN + timedelta(seconds=parts["s"])
        return datetime(*(parts.get(word, 0) for word in self._DIGITS), tzinfo=UTC)  # type: ignore[misc, arg-type]


class FileTimes:
    """Whether the modification times of files that are loaded together can be the times of saving."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        seconds = []
        for file in files:
            with suppress(OSError):
                seconds.append(int(file.stat().st_mtime))
        self._same_second = len(seconds) if len(seconds) > 1 and len(set(seconds)) == 1 else 0

    def reason_against(self, file: Path) -> str:
        """The reason why the modification time of a file is not used, "" if it is used."""
        if self._same_second:
            return f"all {self._same_second:,} files were modified in the same second"
        repository = _repository_of(file)
        return f"this file is tracked by git in {repository}" if repository else ""


def _repository_of(file: Path) -> Path | None:
    """The git repository that tracks a file, None if none does."""
    path = Path(file).resolve()
    for folder in path.parents:
        if (folder / ".git").exists():
            return folder if _is_tracked(folder, path.relative_to(folder).as_posix()) else None
    return None


def _is_tracked(repository: Path, path: str) -> bool:
    index = _index_of(repository)
    return index is None or path.encode("utf-8", "surrogateescape") + b"\0" in index


@cache
def _index_of(repository: Path) -> bytes | None:
    """Git's index, the list of tracked files; None if it cannot be read, or compresses their names."""
    folder = repository / ".git"
    try:
        if folder.is_file():  # a linked work tree, or a submodule
            folder = repository / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        with (folder / "index").open("rb") as stream:
            index = stream.read(_LARGEST_INDEX)
    except FileNotFoundError:
        return b""
    except (OSError, ValueError):
        return None
    return None if index[4:8] == b"\0\0\0\x04" else index
