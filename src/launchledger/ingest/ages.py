"""When a reply came: from its content, from the name of its file, or from the time of its file, in this order of trust.

Promises: nothing is dated before the newest thing that it tells of. The time of a file counts only where it may be when the reply
was saved: not where git made the file, and not where several files all have the same second, as after a checkout or a copy.
Refuses to guess: what has no time then is dated UNKNOWN, so that it fills gaps and never overwrites what has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from launchledger.catalogue.choices import EXACT, LEFT
from launchledger.formats.times import UNKNOWN, parse_date_time

# What upstream fills in when it has happened; an event's date counts when it is exact, a launch's net when it flew.
_HAPPENED = frozenset({"created_on", "last_flight", "last_launch_date", "previous_flight_date", "docking", "date"})
_NESTING = (dict, list)
_LARGEST_INDEX = 256 * 1024**2  # bytes of git's list of files that are read


class Times(NamedTuple):
    """The newest `last_updated` in a value of JSON, and the newest thing in it that has happened."""

    updated: datetime | None = None
    happened: datetime | None = None

    def merge(self, other: Times) -> Times:
        return Times(newest(self.updated, other.updated), newest(self.happened, other.happened))


NO_TIMES = Times()


def newest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


def times_in(body: Any) -> Times:
    """The times that a value of JSON tells anywhere in it; texts that are no times are told when its object is read."""
    updated: list[datetime] = []
    happened: list[datetime] = []
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(nested for nested in value.values() if nested.__class__ in _NESTING)
            updated.extend(_moments(value.get("last_updated")))
            for key in _HAPPENED & value.keys():
                if key != "date" or _id_of(value, "date_precision") in (None, *EXACT):
                    happened.extend(_moments(value[key]))
            if "net" in value and _id_of(value, "status") in LEFT:
                happened.extend(_moments(value["net"]))
    now = datetime.now(UTC)
    return Times(newest(*updated), newest(*(moment for moment in happened if moment <= now)))


def _moments(text: Any) -> Iterator[datetime]:
    if isinstance(text, str) and text:
        with suppress(ValueError):
            yield parse_date_time(text)


def _id_of(body: dict[str, Any], key: str) -> Any:
    choice = body.get(key)
    return choice.get("id") if isinstance(choice, dict) else choice


class DatesInNames:
    """A pattern such as `%Y-%m-%d`, looked for in the name of a file and then in those of its folders; times are in UTC.

    Raises ValueError where the pattern holds no whole date: %Y, %m and %d, or %s for seconds since 1970.
    """

    _DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}

    def __init__(self, pattern: str) -> None:
        parts = re.split(r"%(.)", pattern)
        words = parts[1::2]
        if unknown := next((word for word in words if word not in (*self._DIGITS, "s")), None):
            raise ValueError(f"%{unknown} is not one of %Y %m %d %H %M %S %s")
        if len(set(words)) < len(words):
            raise ValueError("no part of a date may stand twice")
        if not ({"Y", "m", "d"} <= set(words) and "s" not in words) and words != ["s"]:
            raise ValueError("it needs %Y, %m and %d, or %s alone")
        text = "".join(f"(?P<{part}>{self._digits(part)})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        self.pattern = pattern
        self._expression = re.compile(rf"(?<!\d){text}(?!\d)", re.ASCII)

    def _digits(self, word: str) -> str:
        return rf"\d{{{self._DIGITS[word]}}}" if word != "s" else r"\d{9,10}"

    def find(self, path: Path) -> datetime | None:
        for name in reversed(path.parts):
            for found in reversed(list(self._expression.finditer(name))):
                with suppress(ValueError):
                    return self._moment({word: int(digits) for word, digits in found.groupdict().items()})
        return None

    def _moment(self, parts: dict[str, int]) -> datetime:
        if "s" in parts:
            return UNKNOWN + timedelta(seconds=parts["s"])
        return datetime(*(parts.get(word, 0) for word in self._DIGITS), tzinfo=UTC)  # type: ignore[misc, arg-type]


class FileTimes:
    """Whether the modification times of the files loaded together can say when their replies were saved."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        seconds = []
        for file in files:
            with suppress(OSError):
                seconds.append(int(file.stat().st_mtime))
        self._together = len(seconds) if len(seconds) > 1 and len(set(seconds)) == 1 else 0

    def doubt(self, file: Path) -> str:
        """Why the modification time of a file is not used, "" if it is."""
        if self._together:
            return f"all {self._together:,} files were modified in the same second"
        repository = _repository_of(file)
        return f"this file is tracked by git in {repository}" if repository else ""


def _repository_of(file: Path) -> Path | None:
    """The git repository that keeps a file, None if none does."""
    path = Path(file).resolve()
    for folder in path.parents:
        if (folder / ".git").exists():
            return folder if _is_kept(folder, path.relative_to(folder).as_posix()) else None
    return None


def _is_kept(repository: Path, path: str) -> bool:
    index = _index_of(repository)
    return index is None or path.encode("utf-8", "surrogateescape") + b"\0" in index


@cache
def _index_of(repository: Path) -> bytes | None:
    """Git's list of the files that it keeps; None where it cannot be read, or shortens their names."""
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
