"""Bars over time in named lanes: what was where from when to when.

Promises: bars of one lane that overlap lie in rows below each other, in no more than MOST_ROWS; a name is written in its bar, or
beside it, where there is room, and never over another bar. Bars shorter than a pixel stay visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.safestring import SafeString

from launchledger.explorer.charts.axes import TimeScale, around
from launchledger.explorer.charts.svg import Drawing

MOST_ROWS = 6  # of one lane; more bars at a time lie above each other in the last one

_WIDTH = 760
_RIGHT, _TOP, _AXIS = 10, 20, 30
_ROW, _BAR = 20, 15  # heights
_LETTER = 6.9  # width of an average letter
_LONGEST_LANE = 20  # letters of the name of a lane
_SHORTEST = 12  # letters of a name that was cut to fit
_ROOM = 4  # between the end of a bar and its name
_TIMES = 8


class Bar(NamedTuple):
    """A bar, by its name, from one time to another; `end` is None where it is unknown, and only the begin is marked.

    `kind` are its classes, `tip` says what it stands for.
    """

    name: str
    begin: datetime
    end: datetime | None
    kind: str
    tip: str
    href: str = ""


class Lane(NamedTuple):
    """Bars under one name, "" for no name."""

    name: str
    bars: Sequence[Bar]


class _Placed(NamedTuple):
    """A bar between two places of the horizontal axis."""

    bar: Bar
    left: float
    right: float


def draw_lanes(
    lanes: Sequence[Lane], begin: datetime, end: datetime, now: datetime | None, name: str, title: str, description: str
) -> SafeString:
    """The drawing of these lanes from `begin` to `end`, with a line at `now`."""
    left = 10 + _LETTER * min(max((len(lane.name) for lane in lanes), default=0), _LONGEST_LANE)
    x = around([begin, end], left, _WIDTH - _RIGHT)
    rows = [(lane.name, _rows(lane.bars, x)) for lane in lanes]
    bottom = _TOP + _ROW * sum(len(of_lane) for _, of_lane in rows)
    drawing = Drawing(_WIDTH, bottom + _AXIS)
    for place, label in x.ticks(_TIMES):
        drawing.line(place, _TOP, place, bottom, "grid")
        if left + 20 <= place <= _WIDTH - _RIGHT - 20:
            drawing.text(place, bottom + 18, label, "tick", anchor="middle")
    y: float = _TOP
    for lane, of_lane in rows:
        drawing.line(0, y, _WIDTH - _RIGHT, y, "grid")
        drawing.text(0, y + 14, _short(lane, _LONGEST_LANE), "lane")
        for row in of_lane:
            _draw_row(drawing, row, x, y + (_ROW - _BAR) / 2)
            y += _ROW
    if now is not None:
        place = x.place(now)
        drawing.line(place, _TOP - 4, place, bottom, "move")
        drawing.text(place, 12, "now", "tick", anchor="middle")
    return drawing.render(name, title, description)


def _rows(bars: Iterable[Bar], x: TimeScale) -> list[list[_Placed]]:
    """The bars in rows in which they do not overlap, as long as there are rows enough; at least one row."""
    rows: list[list[_Placed]] = [[]]
    for bar in sorted(bars, key=lambda bar: bar.begin):
        left = x.place(bar.begin)
        placed = _Placed(bar, left, max(x.place(bar.end or bar.begin), left + 2))
        row = next((row for row in rows if not row or row[-1].right <= left + 2), None)
        if row is None:
            if len(rows) < MOST_ROWS:
                rows.append([])
            row = rows[-1]
        row.append(placed)
    return rows


def _draw_row(drawing: Drawing, row: Sequence[_Placed], x: TimeScale, y: float) -> None:
    for placed in row:
        bar, left, right = placed
        if bar.end is None:
            drawing.dot(left, y + _BAR / 2, 4, f"dot {bar.kind}", tip=bar.tip, href=bar.href)
        else:
            drawing.bar(left, y, right - left, _BAR, f"bar {bar.kind}", tip=bar.tip, href=bar.href)
    taken = x.low  # up to where there are bars and names
    for placed, following in zip(row, [*(placed.left for placed in row[1:]), _WIDTH], strict=True):
        taken = _draw_name(drawing, placed, taken, following, y + _BAR - 4)


def _draw_name(drawing: Drawing, placed: _Placed, taken: float, following: float, y: float) -> float:
    """The name in its bar, else whole after or before it, else cut in its bar; left out where it would say too little.

    Gives up to where there are bars and names then.
    """
    bar, left, right = placed
    if bar.end is None:
        left, right = left - _ROOM, right + _ROOM
    inside = 0 if bar.end is None else int((min(right, following) - left - 2 * _ROOM) / _LETTER)
    needed = len(bar.name) * _LETTER
    if inside < len(bar.name) and needed <= following - right - 2 * _ROOM:
        drawing.text(right + _ROOM, y, bar.name, "name")
        return right + _ROOM + needed
    if inside < len(bar.name) and needed <= left - taken - 2 * _ROOM:
        drawing.text(left - _ROOM, y, bar.name, "name", anchor="end")
    elif inside >= min(len(bar.name), _SHORTEST):
        drawing.text(left + _ROOM, y, _short(bar.name, inside), "name")
    return max(taken, right)


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
