"""How dates, times and durations are written on the wire, and how strictly they are read.

Promises: for every text that upstream was seen to send, `format_*` writes what `parse_*` read; what `format_*` writes, `parse_*`
reads as the same value.
Refuses: times without a zone, dates that do not exist, durations with months or years or longer than LONGEST_DURATION.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from launchledger.formats.texts import shorten

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # the time of an undated reply: everything else is newer
DURATION = re.compile(r"(-)?P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,6}))?S)?)?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)

DAY, HOUR, MINUTE, SECOND = 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000  # in microseconds
LONGEST_DURATION = 2**63 - 1  # in microseconds, the most that a database stores: some 292,000 years


def parse_date(text: str) -> date:
    """Read `YYYY-MM-DD`; ValueError for anything else, such as 1978-02-30."""
    if not DATE.fullmatch(text):
        raise ValueError(f"{shorten(text)} is not a date (YYYY-MM-DD)")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{shorten(text)} is not a valid date") from error


@lru_cache(maxsize=4_096)  # the same few times recur in a reply; invalid texts are not cached
def parse_date_time(text: str) -> datetime:
    """Read an ISO 8601 time with a zone and give it in UTC; ValueError for anything else."""
    if not DATE_TIME.fullmatch(text):
        raise ValueError(f"{shorten(text)} is not a date-time with a zone (YYYY-MM-DDTHH:MM:SSZ)")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shorten(text)} is not a valid date-time") from error


def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of days and less, which may be negative; ValueError for anything else."""
    found = DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")):
        raise ValueError(f"{shorten(text)} is not a duration of days, hours, minutes and seconds (P15DT18H13M38S)")
    sign, days, hours, minutes, seconds, fraction = found.groups()
    microseconds = (
        int(days or 0) * DAY
        + int(hours or 0) * HOUR
        + int(minutes or 0) * MINUTE
        + int(seconds or 0) * SECOND
        + int((fraction or "").ljust(6, "0"))
    )
    if microseconds > LONGEST_DURATION:
        raise ValueError(f"{shorten(text)} is a duration too long to store")
    return timedelta(microseconds=-microseconds if sign else microseconds)


def format_date_time(time: datetime) -> str:
    """Write a time as the wire does: UTC, `Z`, and a fraction only where there is one."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def format_duration(microseconds: int) -> str:
    """Write a duration as the wire does: zero parts left out, zero itself `P0D` (seeds 567 and 671).

    Fractions occur on timelines only (`-PT6.36S`).
    """
    if not microseconds:
        return "P0D"
    days, rest = divmod(abs(microseconds), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    written = ["-P" if microseconds < 0 else "P"]
    if days:
        written.append(f"{days}D")
    if hours or minutes or seconds or fraction:
        written.append("T")
    if hours:
        written.append(f"{hours}H")
    if minutes:
        written.append(f"{minutes}M")
    if fraction:
        written.append(f"{seconds}.{fraction:06d}".rstrip("0") + "S")
    elif seconds:
        written.append(f"{seconds}S")
    return "".join(written)
