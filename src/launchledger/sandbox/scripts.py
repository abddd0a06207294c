"""Scripts: what changes in the sandbox, and when, from a TOML file.

Each `[[change]]` has a time, `at` (a TOML date-time with a zone) or `after` (an ISO 8601 duration since the sandbox's first
state), and the keys of a change: `resource`, `id`, and one of `set`, `create` and `delete`.

Promises: the whole file is checked before the first change. Changes are made in the order of their times, each as of its own
time, before the first request that comes after it. A clock that is set back undoes nothing; only a reset does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from launchledger.formats.times import format_date_time, parse_duration
from launchledger.sandbox.changes import Change, Wrong, parse_change

LONGEST = 16 * 1024 * 1024  # bytes of a script


@dataclass(frozen=True, slots=True)
class Scripted:
    """One change and its time."""

    at: datetime
    change: Change


def read_script(file: Path, start: datetime) -> list[Scripted]:
    """Read a script; `start` is the time from which `after` counts. Raises Wrong with the number of the change."""
    try:
        if file.stat().st_size > LONGEST:
            raise Wrong(f"{file} has more than {LONGEST // 1024 // 1024} MB.")
        with file.open("rb") as stream:
            content = tomllib.load(stream)
    except OSError as error:
        raise Wrong(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong(f"{file} is not TOML: {error}.") from None
    changes = content.pop("change", [])
    if content or not isinstance(changes, list):
        raise Wrong(f"{file}: a script consists of [[change]] tables and nothing else.")
    return sorted(_scripted(file, changes, start), key=lambda each: each.at)


def _scripted(file: Path, changes: Sequence[Any], start: datetime) -> list[Scripted]:
    found: list[Scripted] = []
    for number, given in enumerate(changes, start=1):
        try:
            rest = dict(given) if isinstance(given, dict) else {}
            at = _time(rest, start)
            found.append(Scripted(at, parse_change(_as_wire(rest))))
        except Wrong as wrong:
            raise Wrong(f"{file}: change {number}: {wrong}") from None
    return found


def _time(given: dict[str, Any], start: datetime) -> datetime:
    """Take the time out of a change."""
    if ("at" in given) == ("after" in given):
        raise Wrong("A scripted change has one of at and after.")
    at = given.pop("at", None)
    if at is not None:
        if not isinstance(at, datetime) or at.tzinfo is None:
            raise Wrong("at is a date-time with a zone and without quotes, such as 2026-07-20T14:00:00Z.")
        return at.astimezone(UTC)
    try:
        return start + parse_duration(str(given.pop("after")))
    except (ValueError, OverflowError) as error:
        raise Wrong(f"after {error}.") from None


def _as_wire(value: Any) -> Any:
    """The same value as JSON has it: TOML's dates and times as text."""
    match value:
        case dict():
            return {key: _as_wire(each) for key, each in value.items()}
        case list():
            return [_as_wire(each) for each in value]
        case datetime():
            if value.tzinfo is None:
                raise Wrong(f"{value.isoformat()} has no zone; add Z for UTC.")
            return format_date_time(value)
        case date():
            return value.isoformat()
        case _:
            return value
