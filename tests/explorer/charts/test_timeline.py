"""Time lines: what is drawn from when to when, and what their tables say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.timeline import MOST_LANES, Lane, Mark, timeline

NOW = datetime(2021, 1, 1, tzinfo=UTC)
LAUNCH, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 11, 12, tzinfo=UTC)


def _chart(*lanes: Lane) -> Chart:
    chart = timeline("course", "Time line", "A description.", lanes, NOW)
    assert chart is not None
    return chart


def test_what_ended_is_a_bar_and_a_row() -> None:
    """A bar with a tip and a link, and a row with begin, end and how long, under the same link."""
    chart = _chart(Lane("Flight", [Mark("Crew-99", LAUNCH, END, href="/flights/9")]))
    assert '<a href="/flights/9"><rect class="bar mark-1"' in chart.svg
    assert "<title>Crew-99: 2020-01-01 00:00 UTC to 2020-01-11 12:00 UTC, 10 d 12 h</title>" in chart.svg
    assert chart.rows == [
        ['<a href="/flights/9">Flight: Crew-99</a>', "2020-01-01 00:00 UTC", "2020-01-11 12:00 UTC", "10 d 12 h"]
    ]


def test_what_goes_on_ends_at_now_with_a_point() -> None:
    """And a line says where now is; without anything that goes on there is none."""
    chart = _chart(Lane("Flight", [Mark("Flight", LAUNCH, goes_on=True)]))
    assert 'class="open mark-1"' in chart.svg
    assert ">now</text>" in chart.svg
    assert chart.rows == [["Flight", "2020-01-01 00:00 UTC", "now", "366 d"]]
    assert ">now</text>" not in _chart(Lane("Flight", [Mark("Flight", LAUNCH, END)])).svg


@pytest.mark.parametrize("end", [None, datetime(1966, 1, 20, tzinfo=UTC)], ids=["unknown", "before the begin"])
def test_an_end_that_is_not_known_is_not_drawn(end: datetime | None) -> None:
    """Only the begin is, as a dot. Upstream has an end of a flight thirty years before its launch (STS-72)."""
    chart = _chart(Lane("Flight", [Mark("Flight", LAUNCH, end)]), Lane("Next", [Mark("Next", NOW)]))
    assert "<rect" not in chart.svg
    assert chart.svg.count("<circle") == 2
    assert chart.rows[0] == ["Flight", "2020-01-01 00:00 UTC", "", ""]


def test_a_begin_is_as_exact_as_it_is_known() -> None:
    """A launch that is known to the month is written as a month."""
    planned = Mark("Flight", LAUNCH, precision="M", is_planned=True)
    assert _chart(Lane("Flight", [planned, Mark("Next", NOW)])).rows[0] == ["Flight", "January 2020", "", ""]


def test_marks_are_where_their_times_are() -> None:
    """Of two bars of one length on one scale, the later one is further to the right, and as wide."""
    times = [datetime(2020, month, 1, tzinfo=UTC) for month in (1, 2, 7, 8)]
    svg = _chart(Lane("A", [Mark("a", times[0], times[1])]), Lane("B", [Mark("b", times[2], times[3])])).svg
    (x1, w1), (x2, w2) = (
        (float(x), float(w)) for x, w in re.findall(r'<rect class="bar[^"]*" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    )
    assert x1 < x1 + w1 < x2
    assert w1 == pytest.approx(w2, abs=0.2)


def test_short_and_odd_marks_are_drawn() -> None:
    """A bar is never too thin to see; years 1 and 9999 and texts of any kind do not break a drawing."""
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    chart = _chart(Lane('<b>"&' * 100, [Mark("<script>", first, last)]), Lane("ישראל", [Mark("x", LAUNCH, LAUNCH)]))
    assert "<script>" not in chart.svg
    assert "<b>" not in chart.svg
    assert min(float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', chart.svg)) >= 4
    assert "1-01-01 00:00 UTC" in str(chart.rows[0][1])


def test_lanes_are_bounded_and_empty_ones_left_out() -> None:
    """No more than MOST_LANES are drawn; without two times there is no line to draw."""
    lanes = [Lane(f"L{number}", [Mark("m", LAUNCH + timedelta(number))]) for number in range(MOST_LANES + 5)]
    assert _chart(Lane("none", []), *lanes).svg.count("<circle") == MOST_LANES
    assert timeline("course", "Time line", "", [Lane("none", [])], NOW) is None
    assert timeline("course", "Time line", "", lanes[:1], NOW) is None
