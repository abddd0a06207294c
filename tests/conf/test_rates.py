"""Rates of calls."""

from __future__ import annotations

import pytest

from launchledger.conf.rates import Rate, parse_rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("15/hour", Rate(15, 3600)),
        ("15/h", Rate(15, 3600)),
        ("1/second", Rate(1, 1)),
        ("2/sec", Rate(2, 1)),
        ("3/s", Rate(3, 1)),
        ("60/minute", Rate(60, 60)),
        ("60/min", Rate(60, 60)),
        ("60/m", Rate(60, 60)),
        ("100000/day", Rate(100_000, 86_400)),
        ("7/d", Rate(7, 86_400)),
    ],
)
def test_a_rate_is_read(text: str, rate: Rate) -> None:
    """The periods are those of the framework, long and short."""
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    ["", "15", "/hour", "15/", "15/week", "15/month", "15 / hour", "1.5/hour", "-1/hour", "+1/hour", "\u0661/hour", "1/Hour"],
)
def test_an_invalid_rate_is_refused(text: str) -> None:
    """What the framework would take for another rate, such as 15/month for 15 a minute, is refused with the periods there are."""
    with pytest.raises(ValueError, match="Is not a rate such as 15/hour; the periods are second, minute, hour and day"):
        parse_rate(text)


@pytest.mark.parametrize("text", ["0/hour", "100001/day", "999999999/hour"])
def test_a_rate_has_bounds(text: str) -> None:
    """Zero, and more calls than can be stored, are refused with the range."""
    with pytest.raises(ValueError, match="allow from 1 to 100000"):
        parse_rate(text)
