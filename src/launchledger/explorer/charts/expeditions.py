"""The expeditions of a station over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from launchledger.explorer.charts.chart import Cell, Chart
from launchledger.explorer.charts.lanes import Bar, Lane, draw_lanes
from launchledger.explorer.html import linked_to
from launchledger.history import wording

_USUAL = "Expedition "  # the first word of most names, which would not fit into their bars


@dataclass(frozen=True, slots=True)
class Stint:
    """An expedition from its begin to its end, None where that is unknown. `goes_on` says that one without an end goes on."""

    name: str
    start: datetime
    end: datetime | None
    goes_on: bool
    href: str

    @property
    def written_end(self) -> str:
        if self.end:
            return wording.minute(self.end)
        return "now" if self.goes_on else "no end known"


def expedition_chart(stints: Sequence[Stint], own: Stint, station: str, now: datetime) -> Chart:
    """The chart of these expeditions, of which `own` is marked. One whose end is unknown has a dot, not a bar."""
    ordered = sorted(stints, key=lambda stint: stint.start)
    times = [at for stint in ordered for at in (stint.start, stint.end, now if stint.goes_on else None) if at]
    title = f"Expeditions at {station}" if station else "Expeditions around it"
    description = (
        f"Time on the horizontal axis: {len(ordered)} expedition{'s' if len(ordered) != 1 else ''}, from {ordered[0].name} to "
        f"{ordered[-1].name}. A dot is an expedition without a known end."
    )
    begin, end = min(times), max(times)
    lanes = [Lane("", [_bar(stint, own, now) for stint in ordered])]
    svg = draw_lanes(lanes, begin, end, now if begin <= now <= end else None, "expeditions", title, description)
    rows = [_row(stint, own) for stint in reversed(ordered)]
    return Chart("expeditions", title, description, svg, ("Expedition", "Begin", "End"), rows)


def _bar(stint: Stint, own: Stint, now: datetime) -> Bar:
    tip = f"{stint.name}: {wording.minute(stint.start)} to {stint.written_end}"
    end = stint.end or (now if stint.goes_on else None)
    name = stint.name.removeprefix(_USUAL) or stint.name
    if stint is own:
        return Bar(name, stint.start, end, "stay mark-2", tip)
    return Bar(name, stint.start, end, "stay mark-1", tip, stint.href)


def _row(stint: Stint, own: Stint) -> list[Cell]:
    return [linked_to(stint.href if stint is not own else "", stint.name), wording.minute(stint.start), stint.written_end]
