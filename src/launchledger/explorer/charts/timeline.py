"""Time lines: what lasted from when to when, a lane for each thing, with single moments as dots.

Promises: an end that is not known is not drawn as one: what goes on is a bar with a point at now, and what ended at an unknown
time is its beginning alone. An end before the beginning counts as unknown. The table behind a drawing has a row for each of its
marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from launchledger.explorer.charts.axes import TimeScale, around
from launchledger.explorer.charts.chart import Cell, Chart, Legend
from launchledger.explorer.charts.svg import Drawing
from launchledger.explorer.html import linked_to
from launchledger.formats.spans import span
from launchledger.history import wording

MOST_LANES = 40
_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 208, 24, 20, 30
_LANE, _BAR, _LEAST, _DOT = 26, 14, 4, 5  # heights of a lane and a bar, the least width of a bar, the radius of a dot
_POINT = 8  # the length of the point of what goes on
_LABEL = 27  # characters
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """What lasted from `begin` to `end`; without an end it is a moment, or goes on at now if it `goes_on`.

    `name` is what it is, `colour` the number of its colour, `precision` that of its begin. One that only `is_planned` is pale.
    """

    name: str
    begin: datetime
    end: datetime | None = None
    goes_on: bool = False
    colour: int = 1
    precision: str = "MIN"
    href: str = ""
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of the drawing with its label, which leads to `href`."""

    label: str
    marks: Sequence[Mark]
    href: str = ""


def timeline(
    name: str, title: str, description: str, lanes: Sequence[Lane], now: datetime, legend: Sequence[Legend] = ()
) -> Chart | None:
    """The time line of the first MOST_LANES lanes with marks; None where there are not two times to draw a line between.

    `now` is where what goes on ends.
    """
    drawn = [lane for lane in lanes if lane.marks][:MOST_LANES]
    times = [at for lane in drawn for mark in lane.marks for at in (mark.begin, _end(mark, now)) if at]
    if len(set(times)) < 2:
        return None
    bottom = _TOP + _LANE * len(drawn)
    drawing = Drawing(_WIDTH, bottom + _BOTTOM)
    x = around(times, _LEFT, _WIDTH - _RIGHT)
    for place, label in x.ticks(_TICKS):
        drawing.line(place, _TOP, place, bottom, "grid")
        drawing.text(place, bottom + 20, label, "tick", anchor="middle")
    if any(mark.goes_on for lane in drawn for mark in lane.marks):
        drawing.path([(x.place(now), _TOP - 4), (x.place(now), bottom)], "move")
        drawing.text(x.place(now), _TOP - 8, "now", "tick", anchor="middle")
    for number, lane in enumerate(drawn):
        middle = _TOP + _LANE * number + _LANE / 2
        drawing.text(_LEFT - 10, middle + 4, _short(lane.label), anchor="end", href=lane.href)
        for mark in lane.marks:
            _draw(drawing, mark, x, middle, now)
    return Chart(
        name,
        title,
        description,
        drawing.render(name, title, description),
        ("What", "From", "To", "For"),
        [_row(lane, mark, now) for lane in drawn for mark in lane.marks],
        legend,
    )


def _end(mark: Mark, now: datetime) -> datetime | None:
    """Where its bar ends, None for a moment."""
    end = now if mark.goes_on else mark.end
    return end if end and end >= mark.begin else None


def _draw(drawing: Drawing, mark: Mark, x: TimeScale, middle: float, now: datetime) -> None:
    end = _end(mark, now)
    kind = f"mark-{mark.colour}{' planned' if mark.is_planned else ''}"
    begin = x.place(mark.begin)
    if end is None:
        drawing.dot(begin, middle, _DOT, f"dot {kind}", tip=_tip(mark, now), href=mark.href)
        return
    width = max(x.place(end) - begin, _LEAST)
    top = middle - _BAR / 2
    drawing.bar(begin, top, width, _BAR, f"bar {kind}", tip=_tip(mark, now), href=mark.href)
    if mark.goes_on:
        right = begin + width
        drawing.path([(right, top - 3), (right + _POINT, middle), (right, top + _BAR + 3)], f"open {kind}")


def _short(label: str) -> str:
    line = " ".join(label.split())
    return line if len(line) <= _LABEL else line[: _LABEL - 1].rstrip() + "…"


def _times(mark: Mark, now: datetime) -> tuple[str, str, str]:
    """From, to, and for how long, in words."""
    begin, end = wording.net(mark.begin, mark.precision), _end(mark, now)
    if end is None:
        return begin, "", ""
    lasted = span((end - mark.begin).total_seconds() // 60 * 60)
    return begin, "now" if mark.goes_on else wording.minute(end), lasted


def _tip(mark: Mark, now: datetime) -> str:
    begin, end, lasted = _times(mark, now)
    return f"{mark.name}: {begin} to {end}, {lasted}" if end else f"{mark.name}: {begin}"


def _row(lane: Lane, mark: Mark, now: datetime) -> list[Cell]:
    begin, end, lasted = _times(mark, now)
    what = mark.name if mark.name == lane.label else f"{lane.label}: {mark.name}"
    return [linked_to(mark.href or lane.href, what), begin, end, lasted]
