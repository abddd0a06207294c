"""Bars in lanes: no bar hides another, names are where there is room, and no date breaks the drawing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from launchledger.explorer.charts.lanes import MOST_ROWS, Bar, Lane, draw_lanes

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)


def _day(number: int) -> datetime:
    return BEGIN + timedelta(days=number)


def _draw(*bars: Bar, begin: datetime = BEGIN, end: datetime = END) -> str:
    return draw_lanes([Lane("Port", bars)], begin, end, None, "a", "A", "B")


def _bar(name: str, first: int, last: int) -> Bar:
    return Bar(name, _day(first), _day(last), "stay", name)


def _numbers(drawing: str, attribute: str) -> list[float]:
    return [float(value) for value in re.findall(rf'<rect[^>]* {attribute}="([^"]*)"', drawing)]


def test_bars_that_overlap_lie_below_each_other() -> None:
    """Two at a time take two rows; the next one is in the first row again, and is drawn with it."""
    first, third, second = _numbers(_draw(_bar("a", 0, 100), _bar("b", 50, 150), _bar("c", 120, 200)), "y")
    assert first == third < second


def test_there_are_no_more_rows_than_may_be() -> None:
    """However many bars overlap, all are drawn."""
    rows = _numbers(_draw(*(_bar(f"{number}", 0, 300) for number in range(50))), "y")
    assert (len(rows), len(set(rows))) == (50, MOST_ROWS)


def test_a_name_is_where_there_is_room() -> None:
    """In its bar, after it, before it, or cut in it; a short bar between others has its tip alone."""
    written = re.compile(r'<text class="name" x="([^"]*)"[^>]*>([^<]*)</text>')
    inside = _draw(_bar("Soyuz MS-28", 0, 300))
    (place, name) = written.findall(inside)[0]
    assert (float(place) > _numbers(inside, "x")[0], name) == (True, "Soyuz MS-28")
    after = _draw(_bar("Soyuz MS-28", 0, 5))
    assert float(written.findall(after)[0][0]) > _numbers(after, "x")[0] + _numbers(after, "width")[0]
    before = _draw(_bar("Soyuz MS-28", 360, 364))
    assert 'text-anchor="end">Soyuz MS-28<' in before
    cut = _draw(_bar("Cygnus CRS NG-24 (S.S. Steven R. Nagel)", 0, 100), _bar("x", 101, 366))
    assert any(name.startswith("Cygnus CRS") and name.endswith("…") for _, name in written.findall(cut))
    assert _names(_draw(_bar("a", 0, 100), _bar("Progress MS-33", 101, 105), _bar("b", 106, 366))) == ["a", "b"]


def _names(drawing: str) -> list[str]:
    return re.findall(r'<text class="name"[^>]*>([^<]*)</text>', drawing)


def test_an_unknown_end_is_a_dot() -> None:
    """It is not drawn as if it had lasted; its name is beside it."""
    drawing = _draw(Bar("Progress MS-19", _day(30), None, "stay", "docked, departure unknown"))
    assert "<rect" not in drawing
    assert "<circle" in drawing
    assert _names(drawing) == ["Progress MS-19"]


def test_a_bar_from_before_the_begin_starts_there() -> None:
    """What is outside of the drawing is cut off; a bar always has a width."""
    drawing = _draw(_bar("a", -400, 10), _bar("b", 20, 20), _bar("c", 30, 10), _bar("d", 300, 9_000))
    lefts, widths = _numbers(drawing, "x"), _numbers(drawing, "width")
    assert min(widths) >= 2
    assert max(left + width for left, width in zip(lefts, widths, strict=True)) <= 760


def test_no_date_breaks_the_drawing() -> None:
    """The first and the last year, and nothing but one moment."""
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    for begin, end in ((first, last), (first, first), (last, last)):
        assert _draw(Bar("a", begin, end, "stay", "a"), begin=begin, end=end).endswith("</svg>")


def test_texts_stay_texts() -> None:
    """Names of lanes and bars, tips and addresses are escaped; long ones are cut."""
    hostile = '"><script>alert(1)</script>'
    lanes = [Lane(hostile * 20, [Bar(hostile, BEGIN, END, "stay", hostile, href=f"/x?{hostile}")])]
    drawing = draw_lanes(lanes, BEGIN, END, BEGIN, "a", hostile, hostile)
    assert "<script" not in drawing
    assert len(drawing) < 4_000
