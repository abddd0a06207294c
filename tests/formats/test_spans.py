"""Spans of time in words."""

import pytest

from launchledger.formats.spans import in_hours, span


@pytest.mark.parametrize(
    ("seconds", "written", "short"),
    [
        (0, "0 s", "0 s"),
        (-5, "0 s", "0 s"),
        (0.4, "0 s", "0 s"),
        (59.4, "59 s", "59 s"),
        (59.6, "1 min", "1 min"),
        (61, "1 min 1 s", "1 min"),
        (9600, "2 h 40 min", "3 h"),
        (3599, "59 min 59 s", "1 h"),
        (86_399, "1 d", "1 d"),
        (90_000, "1 d 1 h", "1 d"),
        (30 * 86_400, "30 d", "30 d"),
    ],
)
def test_a_span_is_written_in_its_largest_units(seconds: float, written: str, short: str) -> None:
    """Rounded to the smallest unit that is shown; a rounded value that reaches the next unit is written in it."""
    assert (span(seconds), span(seconds, units=1)) == (written, short)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (-5, "0 min"),
        (0, "0 min"),
        (720, "12 min"),
        (3_600, "1 h 00 min"),
        (143_640, "39 h 54 min"),
        (283_671, "78 h 48 min"),
        (3_599_970, "1,000 h 00 min"),
    ],
)
def test_a_time_outside_is_written_in_hours(seconds: float, written: str) -> None:
    """However long it is, and to the minute."""
    assert in_hours(seconds) == written
