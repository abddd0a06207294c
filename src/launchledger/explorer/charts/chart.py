"""A plot with the table behind it, as templates show them (`parts/chart.html`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from launchledger.explorer.html import escaped

Cell = str | int | float | SafeString


@dataclass(frozen=True, slots=True)
class Legend:
    """What a colour means. `mark` is the number of the colour, from 1."""

    mark: int
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, which says what it shows in `title` and `description`, and the same values as a table.

    `name` is its identifier on the page, in ASCII letters. `headers` name the columns of the table; the first names its row.
    """

    name: str
    title: str
    description: str
    svg: SafeString
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    legend: Sequence[Legend] = ()

    @property
    def body(self) -> SafeString:
        """The rows of the table as HTML: a template takes four times as long, and there may be hundreds."""
        return mark_safe("".join(map(_row, self.rows)))  # noqa: S308  (every cell was escaped)


def _row(cells: Sequence[Cell]) -> str:
    first, *others = map(escaped, cells)
    return f'<tr><th scope="row">{first}</th>{"".join([f"<td>{cell}</td>" for cell in others])}</tr>'
