"""How long it is to a net, or since, in words that are no more exact than the net."""

from __future__ import annotations

from datetime import UTC, datetime

from launchledger.documents.freshness import expires_at
from launchledger.formats.spans import span

_NEAR = 100  # days before and after a net for which it is said
_BY_CLOCK = {None: "", "SEC": "", "MIN": "", "HR": "about "}


def time_to_go(net: datetime | None, precision: str | None, now: datetime) -> str:
    """Such as `in 2 h 5 min`, `about 3 h ago` or `tomorrow`; "" where net is known no better than to the month, or far away.

    `precision` is its abbreviation. The reply that shows it expires within a minute.
    """
    if net is None or (precision not in _BY_CLOCK and precision != "DAY"):
        return ""
    seconds = (net - now).total_seconds()
    if abs(seconds) > _NEAR * 86_400:
        return ""
    expires_at(now.timestamp() + 60)
    if precision == "DAY":
        return _days((net.astimezone(UTC).date() - now.astimezone(UTC).date()).days)
    about = _BY_CLOCK[precision]
    units = 1 if about else 2
    return f"in {about}{span(seconds, units=units)}" if seconds > 0 else f"{about}{span(-seconds, units=units)} ago"


def _days(days: int) -> str:
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")
