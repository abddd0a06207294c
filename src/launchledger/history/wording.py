"""Values of the wire and of the journal in words for people.

Promises: one line of bounded length each, plain text (templates escape it); a time is never more exact than it is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from launchledger.catalogue.actions.overriding import SOURCE as OVERRIDE
from launchledger.catalogue.starter import SOURCE as STARTER
from launchledger.formats.spans import span
from launchledger.formats.times import DURATION, parse_date_time

LONGEST_TEXT = 60  # characters
NOTHING = "nothing"

# How to write a net, by the abbreviation of its precision. Others are written to the minute, followed by the precision.
_BY_PRECISION: dict[str, Callable[[datetime], str]] = {
    "SEC": lambda net: f"{net:%Y-%m-%d %H:%M:%S} UTC",
    "MIN": lambda net: f"{net:%Y-%m-%d %H:%M} UTC",
    "HR": lambda net: f"{net:%Y-%m-%d, about %H:00} UTC",
    "DAY": lambda net: f"{net:%Y-%m-%d}",
    "M": lambda net: f"{net:%B %Y}",
    "Q1": lambda net: f"first quarter of {net:%Y}",
    "Q2": lambda net: f"second quarter of {net:%Y}",
    "Q3": lambda net: f"third quarter of {net:%Y}",
    "Q4": lambda net: f"fourth quarter of {net:%Y}",
    "H1": lambda net: f"first half of {net:%Y}",
    "H2": lambda net: f"second half of {net:%Y}",
    "Y": lambda net: f"{net:%Y}",
    "FY": lambda net: f"fiscal year {net:%Y}",
    "DEC": lambda net: f"the {net.year // 10 * 10}s",
}


def minute(at: datetime) -> str:
    """A time to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def net(at: datetime, precision: str | None) -> str:
    """A net, as exactly as it is known: one that is known to the month is written as a month."""
    at = at.astimezone(UTC)
    if not precision:
        return minute(at)
    written = _BY_PRECISION.get(precision)
    return written(at) if written else f"{minute(at)} (precision {shorten(precision)})"


def count(number: int) -> str:
    return f"{number:,}"


def kind(model: str) -> str:
    """The name of a model as people write it: `SpacecraftFlight` is a spacecraft flight."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", model).lower().replace("url", "URL")


def column(name: str) -> str:
    """The name of a column as people write it."""
    return name.replace("_", " ").replace(".", " ").strip()


def value(stored: Any) -> str:
    """A value of the journal."""
    match stored:
        case None | "":
            return NOTHING
        case bool():
            return "yes" if stored else "no"
        case list() | dict():
            return {0: NOTHING, 1: "1 entry"}.get(len(stored), f"{len(stored):,} entries")
    text = str(stored)
    return _date_time(text) or _duration(text) or shorten(text)


def ago(at: datetime, now: datetime) -> str:
    """How long ago something was, to the minute."""
    seconds = (now - at).total_seconds() // 60 * 60
    return f"{span(seconds)} ago" if seconds >= 60 else "less than a minute ago"


def left(seconds: float) -> str:
    """How long something still takes, to the minute."""
    return span(-(-seconds // 60) * 60)


def source(name: str) -> str:
    """A source as people write it: `file:launches.json` is the file launches.json."""
    if name == STARTER:
        return "the starter catalogue"
    if name == OVERRIDE:
        return "an override"
    if not name:
        return "only named by others"
    scheme, separator, rest = name.partition(":")
    return shorten(f"{scheme} {rest}" if separator and not rest.startswith("/") else name)


def shorten(text: str) -> str:
    """The same text on one line, cut where it is longer than LONGEST_TEXT."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1].rstrip() + "…"


def _date_time(text: str) -> str:
    """A time to the minute, or the second where it has one; "" if it is not a time."""
    try:
        at = parse_date_time(text)
    except ValueError:
        return ""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at.second else minute(at)


def _duration(text: str) -> str:
    """`P15DT18H13M38S` as `15 d 18 h 13 min 38 s`; "" if it is not a duration."""
    found = DURATION.fullmatch(text)
    if found is None:
        return ""
    sign, days, hours, minutes, seconds, fraction = found.groups()
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (f"{seconds}.{fraction}" if fraction else seconds, "s"))
    written = " ".join(f"{number} {unit}" for number, unit in parts if number)
    return f"{sign or ''}{written}" if written else ""
