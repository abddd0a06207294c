"""A plot of the statistics: its chart, and in words what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from launchledger.explorer.charts.chart import Chart


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table beside the plot, each cell a text or a link."""

    cells: Sequence[str | SafeString]


@dataclass(frozen=True, slots=True)
class Table:
    """A table beside the plot. The first cell of a row names it; `more` says what it leaves out."""

    caption: str
    headers: Sequence[str]
    rows: Sequence[Row]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """`chart` is None if nothing was counted. `notes` are sentences."""

    chart: Chart | None
    notes: Sequence[str]
    table: Table | None = None
