"""A plot with the table behind it, as templates show them (`parts/chart.html`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

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


def linked_cell(href: str, value: object) -> SafeString | str:
    """A cell that leads to an address; without one only the value.

    Django's `format_html` takes several times as long, and a table may have hundreds.
    """
    return mark_safe(f'<a href="{escape(href)}">{escape(str(value))}</a>') if href else str(value)  # noqa: S308  (escaped)


def _row(cells: Sequence[Cell]) -> str:
    first, *others = [cell if isinstance(cell, SafeString) else escape(str(cell)) for cell in cells]
    return f'<tr><th scope="row">{first}</th>{"".join([f"<td>{cell}</td>" for cell in others])}</tr>'
