"""The slip chart of a launch: its net against the time at which it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from launchledger.explorer.charts.axes import around
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.svg import Drawing
from launchledger.formats.spans import span
from launchledger.history import wording

_WIDTH, _HEIGHT = 720, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 16, 16, 34
_TIMES_ON_X, _TIMES_ON_Y = 6, 6


@dataclass(frozen=True, slots=True)
class SaidNet:
    """A net, from the first to the last time at which it was said, with its precision and status then ("" if unknown)."""

    net: datetime
    precision: str
    status: str
    first: datetime
    last: datetime
    source: str


def slip_chart(said: Sequence[SaidNet]) -> Chart:
    """The chart of the nets of one launch, the oldest first; at least one. A line that rises is a slip."""
    drawing = Drawing(_WIDTH, _HEIGHT)
    x = around([at for each in said for at in (each.first, each.last)], _LEFT, _WIDTH - _RIGHT)
    y = around([each.net for each in said], _HEIGHT - _BOTTOM, _TOP)
    for place, label in x.ticks(_TIMES_ON_X):
        drawing.line(place, _TOP, place, _HEIGHT - _BOTTOM, "grid")
        drawing.text(place, _HEIGHT - 12, label, "tick", anchor="middle")
    for place, label in y.ticks(_TIMES_ON_Y):
        drawing.line(_LEFT, place, _WIDTH - _RIGHT, place, "grid")
        drawing.text(_LEFT - 8, place + 4, label, "tick", anchor="end")
    for before, now in pairwise(said):
        drawing.path([(x.place(before.last), y.place(before.net)), (x.place(now.first), y.place(now.net))], "move")
    for each in said:
        height = y.place(each.net)
        drawing.path([(x.place(each.first), height), (x.place(each.last), height)], "line mark-1")
        drawing.dot(x.place(each.first), height, 4, "dot mark-1", tip=_tip(each))
    title = "How its net moved"
    description = (
        f"Net on the vertical axis, the time at which it was said on the horizontal one: {len(said)} "
        f"net{'s' if len(said) != 1 else ''}, from {_net(said[0])} to {_net(said[-1])}."
    )
    return Chart(
        "slips",
        title,
        description,
        drawing.render("slips", title, description),
        ("Said from", "until", "Net", "Moved", "Status", "Source"),
        [_row(each, before) for before, each in zip((None, *said[:-1]), said, strict=True)],
    )


def _tip(said: SaidNet) -> str:
    return f"{wording.minute(said.first)}: net {_net(said)}" + (f", {said.status}" if said.status else "")


def _net(said: SaidNet) -> str:
    return wording.net(said.net, said.precision)


def _row(said: SaidNet, before: SaidNet | None) -> list[str]:
    moved = (said.net - before.net).total_seconds() if before else 0
    by = f"{'+' if moved > 0 else '-'}{span(abs(moved))}" if moved else ""
    return [wording.minute(said.first), wording.minute(said.last), _net(said), by, said.status, wording.source(said.source)]
